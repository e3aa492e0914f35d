"""Who a stage that tries things out writes to: guests and the providers' simulators; anybody else is refused, and the row says so."""

import pytest

from chalicelib.adapters.guests import NOT_A_GUEST, GuestEmailSender, GuestLetterBox, GuestSmsSender
from chalicelib.domain.delivery import State
from chalicelib.domain.errors import PermanentSendError, TransientSendError
from chalicelib.domain.messages import Email, Letter, Sms, Template
from chalicelib.domain.obligations import Purpose
from tests.fakes import World
from tests.unit.services.stage import DAY, due

GUESTS = frozenset({"alex.morgan@example.org", "@derbyshire-police.test", "+447700900123", "nm1 1aa", "zz99 9xx"})


def email(to: str) -> Email:
    return Email("n1", to, "Your report", "Dear Alex\n", None, ())


def texted(to: str) -> Sms:
    return Sms("n1", to, "Derbyshire Police: your report")


@pytest.mark.parametrize(
    "to",
    [
        "alex.morgan@example.org",
        "Alex.Morgan@Example.org",
        "sam.ash@derbyshire-police.test",
        "success@simulator.amazonses.com",
        "bounce@simulator.amazonses.com",
    ],
)
def test_a_guest_gets_mail(to: str) -> None:
    world = World()
    GuestEmailSender(world.email, GUESTS).send(email(to))
    assert [sent.to for sent in world.email.sent] == [to]


@pytest.mark.parametrize(
    "to",
    [
        "sam@example.org",
        "alex.morgan@example.org.test",
        "alex.morgan@example.org@elsewhere.test",
        "@derbyshire-police.test@elsewhere.test",
        "sam@sub.derbyshire-police.test",
        "sam@notderbyshire-police.test",
        "alex.morgan",
        "",
    ],
)
def test_nobody_else_does_and_the_address_stays_open(to: str) -> None:
    world = World()
    with pytest.raises(PermanentSendError) as refused:
        GuestEmailSender(world.email, GUESTS).send(email(to))
    assert (refused.value.code, refused.value.dead_address, world.email.sent) == (NOT_A_GUEST, False, [])
    assert not to or to not in str(refused.value)


@pytest.mark.parametrize("to", ["+447700900123", "+447860019066", "+447860019067"])
def test_a_guest_gets_texts(to: str) -> None:
    world = World()
    GuestSmsSender(world.sms, GUESTS).send(texted(to))
    assert [sent.to for sent in world.sms.sent] == [to]


@pytest.mark.parametrize("to", ["+447700900124", "07700900123", "+4477009001234", ""])
def test_no_other_number_does(to: str) -> None:
    world = World()
    with pytest.raises(PermanentSendError, match=f"^{NOT_A_GUEST}$"):
        GuestSmsSender(world.sms, GUESTS).send(texted(to))
    assert world.sms.sent == []


def posted(*lines: str) -> Letter:
    return Letter("n1", b"%PDF-1.7", lines)


@pytest.mark.parametrize(
    "lines",
    [
        ("Alex Morgan", "1 Harbour Road", "Northport", "NM1 1AA"),
        ("Alex Morgan", "1 Harbour Road", "Northport nm1 1aa "),
        ("Alex Morgan", "NM11AA"),
        ("Alex Morgan", "Safehouse", "ZZ999XX"),
    ],
)
def test_a_guest_gets_letters(lines: tuple[str, ...]) -> None:
    world = World()
    assert GuestLetterBox(world.letters, GUESTS).put(posted(*lines)) == "n1.pdf"
    assert set(world.letters.letters) == {"n1"}


@pytest.mark.parametrize(
    "lines",
    [
        ("Sam Ash", "1 Harbour Road", "Northport", "NM1 1AB"),
        ("Sam Ash", "1 Harbour Road", "NM1 1AA", "Northport"),
        ("Sam Ash", "1 Harbour Road", "ENM1 1AA"),
        ("Sam Ash", "1 Harbour Road", "NM1 1AA, England"),
        ("Sam Ash", "1 Harbour Road", "M1 1AA"),
        ("Sam Ash", "alex.morgan@example.org"),
        ("Sam Ash", ""),
        (),
    ],
)
def test_no_other_address_does_and_nothing_lies_in_the_bucket(lines: tuple[str, ...]) -> None:
    world = World()
    with pytest.raises(PermanentSendError) as refused:
        GuestLetterBox(world.letters, GUESTS).put(posted(*lines))
    assert (refused.value.code, refused.value.dead_address, world.letters.letters) == (NOT_A_GUEST, False, {})


def test_without_a_list_nobody_is_a_guest() -> None:
    with pytest.raises(PermanentSendError):
        GuestEmailSender(World().email, ()).send(email("alex.morgan@example.org"))
    for lines in (("Alex Morgan", "1 Harbour Road", "NM1 1AA"), ("Alex Morgan", "no postcode")):
        with pytest.raises(PermanentSendError):
            GuestLetterBox(World().letters, ("alex.morgan@example.org",)).put(posted(*lines))


def test_what_the_provider_says_to_a_guest_passes_through() -> None:
    world = World()
    world.calls.fail("email.send", TransientSendError("Throttling"))
    with pytest.raises(TransientSendError):
        GuestEmailSender(world.email, GUESTS).send(email("alex.morgan@example.org"))


def test_the_row_is_failed_and_says_why_and_a_person_has_it() -> None:
    stage = due()
    stage.world.calls.fail("email.send", PermanentSendError(NOT_A_GUEST))
    stage.later(DAY)
    row = stage.only(Template.ACKNOWLEDGEMENT)
    assert (row.state, row.reason) == (State.FAILED, NOT_A_GUEST)
    assert (stage.outside, stage.tasks()) == ([], [Purpose.NOT_DELIVERED])
    assert not [point for point in stage.world.cases.points.values() if point.closed]
