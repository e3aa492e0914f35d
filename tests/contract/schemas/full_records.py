"""Records in which every object of the contract is filled. Must not be malformed."""

from tests.builders import occurrence_record, officer_record, representative, victim

PAPER = {"given_at": "2026-11-20T10:00:00+00:00", "method": "by hand"}
FULL = occurrence_record(victims=[victim(representative=representative(), written_acknowledgement=PAPER)])
RECORDS = {"occurrence": FULL, "officer": officer_record(absent_from="2026-12-01", absent_until="2026-12-10")}
