"""What an erasure leaves of a victim, and what a case still needs their content for.

Must not test what is deleted where: tests/unit/services/test_erase_person.py does.
"""

from dataclasses import replace

from chalicelib.domain.case import Case, Head, Marker, Part
from chalicelib.domain.erasure import erased, erased_head, is_erased, why_live
from chalicelib.domain.model import Status, Victim, VictimKind
from tests.builders import NOW
from tests.stored_cases import FACTS


def test_a_case_that_is_over_needs_nothing():
    closed = Head("26000712345", facts=replace(FACTS, status=Status.CLOSED))
    assert why_live(Case(closed), [], []) == []
    assert why_live(Case(Head("26000712345")), [], []) == []
    assert why_live(Case(replace(closed, marker=Marker(2, "hash"))), [], []) == ["a version is in progress or in quarantine"]
    assert why_live(Case(replace(closed, facts=FACTS)), [], []) == ["the occurrence is open"]


def test_an_id_and_a_kind_are_left_and_nobody_may_write():
    part = Part(Victim("V1", VictimKind.PERSON, given_name="Alex", address=("1 Wood Street",), referral_opt_out=True), 1, NOW)
    left = erased(part)
    assert not is_erased(part)
    assert is_erased(left)
    assert (left.victim.given_name, left.victim.address, left.victim.referral_opt_out) == (None, (), True)
    assert left.victim.contact_safety is not None
    assert left.victim.contact_safety.do_not_contact


def test_where_it_happened_goes_with_the_only_victim():
    head = Head("26000712345", revision=3, facts=FACTS)
    assert (erased_head(head, "V1", alone=True).facts or FACTS).location_text is None
    assert erased_head(head, "V1", alone=False).facts == FACTS
    assert erased_head(Head("26000712345"), "V1", alone=True).revision == 1
