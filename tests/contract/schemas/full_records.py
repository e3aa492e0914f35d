"""Records in which every object of the contract is filled. Must not be malformed."""

from tests.builders import (
    change_message,
    contact_message,
    done_message,
    hearing_message,
    letter_message,
    occurrence_record,
    officer_record,
    release_message,
    representative,
    review_message,
    victim,
)

PAPER = {"given_at": "2026-11-20T10:00:00+00:00", "method": "by hand"}
FULL = occurrence_record(victims=[victim(representative=representative(), written_acknowledgement=PAPER)])
EARLIER = "2026-11-18T15:00:00+00:00"
"""Of contacts and changes: any day from here on may be the next."""
EVENTS = {
    "contact_recorded": contact_message(contacted_at=EARLIER, covers_event_ids=["E-1"]),
    "agreement_changed": change_message(at=EARLIER),
    "task_done": done_message(),
    "hold_released": release_message(),
    "letter_returned": letter_message(),
    "investigation_event": hearing_message(
        received_at=EARLIER, reason="Listed.", victim_ids=["V1"], suspect_interviewed=True, all_suspects_and_charges=True,
        charged_other_offence=False, victim_supports=True, decided_by="cps", corrects="E-0",
    ),
    "review": review_message(),
}  # fmt: skip
RECORDS = {"occurrence": FULL, "officer": officer_record(absent_from="2026-12-01", absent_until="2026-12-10"), **EVENTS}
KEYS = {
    "contact_recorded": "contact",
    "agreement_changed": "change",
    "task_done": "done",
    "hold_released": "release",
    "letter_returned": "letter",
    "investigation_event": "event",
    "review": "review",
}
"""Where the content of each kind of event stands."""
