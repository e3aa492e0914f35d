"""A second force, which does not exist, plays the main stories through the real use cases: only its profile and its own words differ.

Issue 7, section 8. Must not build a profile in code: `tests/forces/northmarch.toml`, and the words beside it, are read
as bootstrap reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.pages import JinjaPages
from chalicelib.adapters.rendering import JinjaRenderer
from chalicelib.bootstrap import build, container, load_profile
from chalicelib.bootstrap_profile import languages_to_victims, own_words
from chalicelib.bootstrap_web import WebContainer
from chalicelib.domain.leaks import find_leaks
from chalicelib.domain.messages import Template
from chalicelib.domain.sms_segments import segments
from chalicelib.services.leak_check import leak_policy
from tests import builders
from tests.domain_builders import PROFILE, codes
from tests.house import House
from tests.unit.services.old_cases import done_by_people, over, wait
from tests.unit.services.stage import DAY, HOUR, MINUTE, NOW, REF, Stage
from tests.unit.test_settings import settings

FORCES = Path(__file__).parents[2] / "forces"
NORTHMARCH = load_profile("northmarch", production=False, folder=FORCES)
OWN = FORCES / "northmarch"
EARLY = {"reported_at": "2026-05-20T12:00:00+00:00", "recorded_at": "2026-05-20T12:00:00+00:00", "occurred_from": None, "occurred_to": None}
HEARD = {"confirmed_at": builders.iso(NOW - timedelta(days=45))}


def stage(force: str = "northmarch", **facts: Any) -> Stage:
    """A record that has just arrived in a force."""
    found = Stage(force=NORTHMARCH if force == "northmarch" else PROFILE)
    assert found.version(**facts) == "recorded"
    found.run()
    return found


def told_after(found: Stage, by: timedelta) -> bool:
    """Whether anybody outside was told once so much time has passed."""
    found.later(by)
    return bool(found.outside)


def house(**person: Any) -> House:
    """A record in Northmarch, with its real words, an hour after its hold window."""
    found = House(NOW, real_words=True, profile=NORTHMARCH, own=OWN)
    assert found.arrive(builders.occurrence_record(reference=REF, version=1, victims=[builders.victim(**person)])) == "recorded"
    found.run()
    found.later(3 * HOUR)
    return found


# ---- composed as it will be


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_DEFAULT_REGION": "eu-west-2"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    yield
    container.cache_clear()


def test_two_variables_of_the_environment_make_it_another_force(composed: None) -> None:
    northmarch = settings(KI_PROFILE="northmarch", KI_FORCES=str(FORCES))
    assert build(northmarch).profile == NORTHMARCH
    assert own_words(northmarch) == OWN
    page = WebContainer(northmarch).pages.render("safety", SAFETY)
    assert "Page from Northmarch Police" in page


def test_a_force_without_words_of_its_own_has_the_products() -> None:
    assert own_words(settings()) is None


def test_nothing_of_the_second_force_is_as_in_the_first() -> None:
    """What a force may choose it chose otherwise, so that no story passes by chance."""
    same = {name for name in ("delivery",) if getattr(NORTHMARCH, name) == getattr(PROFILE, name)}
    chosen = [name for name in PROFILE.__slots__ if getattr(NORTHMARCH, name) == getattr(PROFILE, name)]
    assert set(chosen) <= same


# ---- records: when, how, and by whom a victim is told


@pytest.mark.parametrize(("force", "told"), [("derbyshire", True), ("northmarch", False)])
def test_a_burglary_waits_for_the_hold_window_of_the_force(force: str, told: bool) -> None:
    found = stage(force)
    assert told_after(found, 31 * MINUTE) is told
    assert told_after(found, 90 * MINUTE)
    assert not found.leaks()


@pytest.mark.parametrize(("force", "told"), [("derbyshire", True), ("northmarch", False)])
def test_an_offence_against_a_person_waits_longer(force: str, told: bool) -> None:
    """Theft from the person (39), which both forces tell automatically: a day here, two there."""
    found = stage(force, offences=codes("39"))
    assert told_after(found, 25 * HOUR) is told
    assert told_after(found, 48 * HOUR)


@pytest.mark.parametrize(("force", "told"), [("derbyshire", True), ("northmarch", False)])
def test_quiet_hours_are_the_forces_own(force: str, told: bool) -> None:
    """At ten past eight in the morning one force writes, the other sleeps until nine."""
    found = Stage(datetime(2026, 11, 20, 22, 0, tzinfo=UTC), force=NORTHMARCH if force == "northmarch" else PROFILE)
    now = found.now
    record = builders.occurrence_record(reference=REF, version=1, now=now)
    assert found.put(record) == "recorded"
    found.until(datetime(2026, 11, 21, 8, 10, tzinfo=UTC))
    assert bool(found.outside) is told
    found.until(datetime(2026, 11, 21, 9, 1, tzinfo=UTC))
    assert found.outside


@pytest.mark.parametrize(("reported", "told"), [("2026-05-31T12:00:00+00:00", False), ("2026-06-01T12:00:00+00:00", True)])
def test_whoever_reported_before_the_force_began_is_neither_acknowledged_nor_referred(reported: str, told: bool) -> None:
    """Open cases are loaded at the start: their victims were told in the old way, and were asked before they were referred."""
    at = {"reported_at": reported, "recorded_at": reported, "occurred_from": None, "occurred_to": None}
    found = stage(**at)
    found.later(3 * HOUR)
    assert bool(found.outside) is told
    owed = {str(item.kind) for item in found.owed()}
    assert (owed == {"update"}) is not told
    assert not found.leaks()


def test_key_events_of_a_case_from_before_are_told_like_any_other() -> None:
    found = stage(**EARLY)
    happened = builders.iso(NOW - HOUR)
    found.put(builders.event_message("arrested", reference=REF, happened_at=happened, reason="Evidence linked the suspect to the scene."))
    found.later(4 * HOUR)
    assert [template for template, _ in found.outside] == [Template.EVENT]


def test_a_specialist_case_from_before_is_still_a_persons() -> None:
    found = stage(**EARLY, dash_risk="high")
    found.later(3 * HOUR)
    assert not found.outside
    assert "specialist" in found.tasks()


def test_the_referral_goes_to_the_forces_own_service() -> None:
    found = stage()
    found.later(3 * HOUR)
    assert [to for template, to in found.outside if template == Template.REFERRAL] == ["referrals@lighthouse.example.test"]


@pytest.mark.parametrize("code", sorted(NORTHMARCH.held_classes))
def test_what_this_force_excludes_goes_to_a_person_there_and_is_automatic_elsewhere(code: str) -> None:
    here, elsewhere = stage(offences=codes(code)), stage("derbyshire", offences=codes(code))
    for found in (here, elsewhere):
        found.later(3 * DAY)
    assert elsewhere.outside
    assert not here.outside
    assert here.tasks() == ["by_person"]
    assert here.sent_to("unit", "officer")


def test_the_leak_check_knows_what_the_force_excludes() -> None:
    """The same message is right in one force and a leak in the other."""
    elsewhere = stage("derbyshire", offences=codes("8N"))
    elsewhere.later(2 * DAY)
    assert not elsewhere.leaks()
    row = elsewhere.left[0]
    message = {
        "notification_id": row.notification_id, "reference": REF, "victim_id": "V1", "audience": "victim", "channel": "email", "to": row.to,
        "accepted_at": builders.iso(row.at), "message": "acknowledgement", "language": "en", "subject": None, "text": "", "html": None,
        "attachments": [],
    }  # fmt: skip
    assert not find_leaks(elsewhere.known, [message], policy=leak_policy(PROFILE))
    assert find_leaks(elsewhere.known, [message], policy=leak_policy(NORTHMARCH))


@pytest.mark.parametrize(("force", "told"), [("derbyshire", True), ("northmarch", False)])
def test_a_confirmation_of_safety_is_as_old_as_the_force_lets_it_be(force: str, told: bool) -> None:
    """Confirmed 45 days ago; and what was merely given may not be used in Northmarch at all."""
    found = stage(force, victims=[builders.victim(contact_safety=builders.contact_safety(NOW) | HEARD)])
    assert told_after(found, 3 * HOUR) is told


@pytest.mark.parametrize(
    ("facts", "destinations"),
    [
        ({"dash_risk": "high"}, ("Northmarch IDVA Team",)),
        ({"dash_risk": "medium", "district": "Northport", "consent": True}, ("Lantern Project",)),
        ({"dash_risk": "medium", "district": "Southmarch", "consent": True}, ("Tidewater Refuge",)),
        ({"dash_risk": "medium", "district": "The Vale", "consent": True}, ("Northmarch Women's Aid",)),
        ({"dash_risk": "standard", "district": "Northport", "consent": False}, ("Duty Safeguarding Desk call-back",)),
        ({"offences": codes("19C")}, ("Harbour SARC",)),
    ],
)
def test_specialist_victims_go_to_the_forces_own_units_and_nothing_automatic(facts: dict[str, Any], destinations: tuple[str, ...]) -> None:
    facts = dict(facts)
    place, consent = facts.pop("district", None), facts.pop("consent", None)
    victims = [builders.victim(support_consent=consent)]
    found = stage(location={"text": "Harbour Road", "district": place}, victims=victims, **facts)
    found.until(datetime(2026, 11, 20, 14, 1, tzinfo=UTC))
    domain = {item.to.partition("@")[2] for item in found.left}
    assert domain == {"northmarch.example.test"}
    found.later(3 * DAY)
    assert not found.outside
    assert not found.leaks()
    assert {owed.destinations for owed in found.owed() if owed.purpose == "specialist"} == {destinations}


def test_a_desk_that_reads_lists_gets_its_tasks_together() -> None:
    """Safeguarding in Northmarch reads at eight and at two; Derbyshire's unit has each task at once."""
    here, elsewhere = (stage(force, offences=codes("19C")) for force in ("northmarch", "derbyshire"))
    assert [to for _, to in elsewhere.sent_to("unit")] == ["victim-care-unit@derbyshire-police.test"]
    assert not here.left
    here.until(datetime(2026, 11, 20, 14, 1, tzinfo=UTC))
    assert [item.to for item in here.left] == ["safeguarding@northmarch.example.test"]


@pytest.mark.parametrize(("force", "days"), [("derbyshire", 10), ("northmarch", 14)])
def test_updates_come_as_often_as_the_force_proposes(force: str, days: int) -> None:
    found = stage(force, victims=[builders.victim(update_agreement=None)])
    (owed,) = [owed for owed in found.owed() if owed.kind == "update"]
    assert (owed.due_at - NOW) // DAY in (days, days + 1)


# ---- words


def test_a_language_is_the_forces_once_everything_to_victims_is_written_in_it() -> None:
    assert languages_to_victims(JinjaRenderer(own=OWN)) == {"en", "cy"}
    assert languages_to_victims(JinjaRenderer()) == {"en"}


def test_half_a_language_is_none(tmp_path: Path) -> None:
    (tmp_path / "acknowledgement" / "cy").mkdir(parents=True)
    (tmp_path / "acknowledgement" / "cy" / "sms.txt").write_text("Heddlu\n", encoding="utf-8")
    assert JinjaRenderer(own=tmp_path).languages(Template.ACKNOWLEDGEMENT) == {"en"}


def test_a_victim_who_reads_welsh_is_written_to_in_welsh_and_english() -> None:
    (mail, referral) = house(language="cy").emails
    assert mail.subject == (
        "Neges gan Heddlu Northmarch am gyfeirnod 26000712345 / Message from Northmarch Police about reference 26000712345"
    )
    assert "Mae Heddlu Northmarch yn ysgrifennu atoch am gyfeirnod 26000712345." in mail.text
    assert mail.text.index("Mae'n ddrwg gennym") < mail.text.index("We are sorry about what happened to you.")
    assert "Crime: Burglary of a home" in mail.text
    assert "Lighthouse Northmarch" in mail.text
    assert "Welsh" in str(referral) or referral.to == "referrals@lighthouse.example.test"


def test_a_text_in_two_languages_has_the_numbers_of_this_force() -> None:
    (text,) = house(language="Welsh", preferred_channel="sms", email=None).texts
    assert text.body.startswith("Heddlu Northmarch cyf 26000712345. Cwestiynau? Ffoniwch 01632 960101. Northmarch Police ref 26000712345.")
    assert "01632 960202" in text.body
    assert segments(text.body) == 2


def test_an_english_victim_of_this_force_reads_nothing_of_another() -> None:
    mail, referral = house().emails
    said = f"{mail.subject} {mail.text} {mail.html} {referral.subject} {referral.text} {referral.html}"
    assert not any(word.lower() in said.lower() for word in ("derbyshire", "core-derbyshire", "0800 612 6505", "Heddlu"))
    assert "https://www.northmarch.example.test/code" in mail.text


def test_an_own_template_stands_before_the_products_and_may_extend_it(tmp_path: Path) -> None:
    (tmp_path / "acknowledgement" / "en").mkdir(parents=True)
    own = tmp_path / "acknowledgement" / "en" / "subject.txt"
    own.write_text('NP: {% include "product/acknowledgement/en/subject.txt" %}\n', encoding="utf-8")
    found = House(NOW, real_words=True, profile=NORTHMARCH, own=tmp_path)
    found.arrive(builders.occurrence_record(reference=REF, version=1))
    found.later(3 * HOUR)
    assert found.emails[0].subject == "NP: Message from Northmarch Police about reference 26000712345"


# ---- retention


@pytest.mark.parametrize(("force", "by_a_person"), [("northmarch", True), ("derbyshire", False)])
def test_who_decides_about_an_ordinary_case_that_is_over_is_the_forces_own_choice(force: str, by_a_person: bool) -> None:
    found = over(stage=Stage(force=NORTHMARCH if force == "northmarch" else PROFILE))
    done_by_people(found)
    period = found.house.profile.retention.cases.ordinary
    assert wait(found, period - timedelta(days=70)).reviews == 0
    came = wait(found, timedelta(days=70))
    assert (came.reviews, came.stripped) == ((1, 0) if by_a_person else (0, 1))


# ---- pages

SAFETY = {"support": (NORTHMARCH.victim_service, *NORTHMARCH.other_support), "session_minutes": 20}
KEPT = {kind.value: f"{period.days} days" for kind, period in NORTHMARCH.retention.cases.every.items()}
PRIVACY = {"message_days": NORTHMARCH.contact_forms.kept.days, "session_minutes": 20, "kept": KEPT}


def test_the_standing_pages_speak_for_this_force() -> None:
    pages = JinjaPages({"force": NORTHMARCH.force, "web": NORTHMARCH.web}, lambda name: f"/assets/{name}")
    shown = {"safety": SAFETY, "accessibility": {}, "privacy": PRIVACY}
    for name, values in shown.items():
        page = pages.render(name, values)
        assert "Northmarch Police" in page
        assert "derbyshire" not in page.lower()
    assert "Northmarch Listening Line" in pages.render("safety", SAFETY)
    assert "This statement was prepared on Tuesday 12 May 2026." in pages.render("accessibility", {})


def test_a_page_of_the_force_stands_before_the_products(tmp_path: Path) -> None:
    (tmp_path / "pages" / "en").mkdir(parents=True)
    own = '{% extends "product/en/privacy.html" %}{% block before %}<p>Own words</p>{% endblock %}'
    (tmp_path / "pages" / "en" / "privacy.html").write_text(own, encoding="utf-8")
    pages = JinjaPages({"force": NORTHMARCH.force, "web": NORTHMARCH.web}, str, own=tmp_path)
    page = pages.render("privacy", PRIVACY)
    assert "<p>Own words</p>" in page
    assert "data@northmarch.example.test" in page


# ---- what goes back out


def test_what_goes_out_is_ids_and_enums_whatever_the_force() -> None:
    found = stage(victims=[builders.victim(language="cy")])
    found.later(3 * HOUR)
    assert found.world.topic.published
    assert not any(word in str(found.world.topic.published) for word in ("Northmarch", "Morgan", "Lighthouse", "cy'"))
