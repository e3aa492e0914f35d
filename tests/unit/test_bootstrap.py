"""The composition root: what each stage is given, and what a profile may not be. No service is called.

Profiles with faults are made from the force's own, in a folder of the test.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.adapters.clients import Clients
from chalicelib.adapters.clock import SystemClock
from chalicelib.adapters.email import SesEmailSender
from chalicelib.adapters.guests import GuestEmailSender, GuestLetterBox, GuestSmsSender
from chalicelib.adapters.letters import S3LetterBox
from chalicelib.adapters.offset_clock import OffsetClock
from chalicelib.adapters.sms import EndUserMessagingSender
from chalicelib.bootstrap import PROFILES, build, container, load_profile, senders_of
from chalicelib.domain.errors import ConfigurationError
from chalicelib.settings import SettingsError
from tests.domain_builders import PROFILE
from tests.unit.test_settings import ENVIRONMENT, settings

DERBYSHIRE = (PROFILES / "derbyshire.toml").read_text(encoding="utf-8")
REAL = DERBYSHIRE.replace(".test", ".police.uk")
"""As the force will fill it in."""


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Credentials that nobody has: a call would fail, and none is made."""
    for name, value in {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_DEFAULT_REGION": "eu-west-2"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    container.cache_clear()
    yield
    container.cache_clear()


def written(folder: Path, content: str | bytes) -> Path:
    (folder / "force.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


# ---- profiles


def test_the_force_of_today_is_read() -> None:
    assert load_profile("derbyshire", production=False) == PROFILE


@pytest.mark.parametrize(
    "name", ["nobody", "", "../derbyshire", "derbyshire.toml", "profiles/derbyshire", "..", "derby shire", "derbyshire\x00"]
)
def test_a_name_that_is_no_profile_is_not_looked_for_elsewhere(name: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_profile(name, production=False)
    assert str(refused.value).startswith(f"there is no profile {name!r}; there is: ")


def test_the_profiles_that_there_are_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^there is no profile 'westmor'; there is: none$"):
        load_profile("westmor", production=False, folder=tmp_path)
    for name in ("westmorland", "northmarch"):
        (tmp_path / f"{name}.toml").touch()
    with pytest.raises(ConfigurationError, match=r"^there is no profile 'westmor'; there is: northmarch, westmorland$"):
        load_profile("westmor", production=False, folder=tmp_path)


def test_each_wrong_field_is_named_by_its_path_with_a_plain_reason_and_not_what_was_written(tmp_path: Path) -> None:
    wrong = DERBYSHIRE.replace("most_attempts = 24", "").replace('lease = "PT2M"', 'lease = "kim@example.org"')
    wrong = wrong.replace("[roles.operations]", "[roles.everybody]")
    with pytest.raises(ConfigurationError) as refused:
        load_profile("force", production=False, folder=written(tmp_path, wrong))
    lease, attempts, unit = str(refused.value).removeprefix("force.toml: ").split("; ")
    assert lease.startswith("delivery.lease: Input should be a valid timedelta")
    assert attempts == "delivery.most_attempts is missing"
    assert unit.startswith("roles.everybody: Input should be ")
    assert not [word for word in ("errors.pydantic.dev", "kim@", "input_value", "\n") if word in str(refused.value)]
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("this is not toml", "Expected '='"),
        (b"\xff\xfe", "utf-8"),
        ("", "force is missing"),
        (DERBYSHIRE.replace('lease = "PT2M"', 'lease = "soon"'), "delivery.lease"),
        (DERBYSHIRE.replace('opens = "08:00:00"', 'opens = "25:00:00"'), "quiet.opens"),
        (DERBYSHIRE.replace("most_attempts = 24", ""), "delivery.most_attempts"),
        (DERBYSHIRE.replace("update_every_days = 10", 'update_every_days = "ten"'), "update_every_days"),
        (DERBYSHIRE.replace("[roles.operations]", "[roles.everybody]"), "roles"),
        (DERBYSHIRE.replace('"DerbyPolice"', '"DerbyshirePol"'), "sms_sender has more than 11 characters"),
        (DERBYSHIRE.replace('"*" = "Elm"', ""), 'domestic_abuse_services has no "*"'),
        (DERBYSHIRE.replace("operations@derbyshire-police.test", "operations"), "roles.operations.email is not_an_address"),
        (DERBYSHIRE.replace("victim-information@", "victim information@"), "force.reply_to is not_an_address"),
        (DERBYSHIRE.replace("<keeping-you-informed@derbyshire-police.test>", ""), "email_from is"),
        (DERBYSHIRE.replace('exit_url = "https://', 'exit_url = "http://'), "web.exit_url does not begin with https://"),
        (DERBYSHIRE.replace('no_crime = "P1096D"', 'no_crime = "P499D"'), "retention.cases.no_crime is below 500 days"),
        (DERBYSHIRE.replace('business = "P2557D"', 'business = "P3654D"'), "retention.cases.business is above that of specialist"),
        (DERBYSHIRE.replace('specialist = "P3653D"', 'specialist = "soon"'), "retention.cases.specialist"),
        (DERBYSHIRE.replace('by_a_person = ["specialist"]', 'by_a_person = ["murder"]'), "retention.cases.by_a_person"),
        (DERBYSHIRE.replace('kept = "P400D"', 'kept = "P411D"'), "contact_forms.kept is above 410 days"),
        (DERBYSHIRE.replace("letter_days = 400", "letter_days = 411"), "web.letter_days is above 410 days"),
        (DERBYSHIRE.replace('quarantine = "P400D"', 'quarantine = "P411D"'), "retention.quarantine is above 410 days"),
        (DERBYSHIRE.replace("case_years = 30", "case_years = 29"), "web.case_years is not 20 years above the longest"),
        (DERBYSHIRE.replace("data-protection@", "data protection@"), "web.data_protection_email is not_an_address"),
        (DERBYSHIRE.replace("operations@derbyshire-police.test", ""), "roles.operations.email is not_an_address"),
    ],
)
def test_what_is_wrong_with_a_profile_is_said_with_its_file(tmp_path: Path, content: str | bytes, words: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_profile("force", production=False, folder=written(tmp_path, content))
    assert str(refused.value).startswith("force.toml: ")
    assert words in str(refused.value)


def test_a_unit_without_a_mailbox_is_found_at_the_start(tmp_path: Path) -> None:
    """Otherwise the first task for it would fail."""
    start = DERBYSHIRE.index("[roles.family_liaison]")
    without = DERBYSHIRE[:start] + DERBYSHIRE[DERBYSHIRE.index("[roles.officer]") :]
    with pytest.raises(ConfigurationError, match=r"roles\.family_liaison is missing"):
        load_profile("force", production=False, folder=written(tmp_path, without))


def test_production_refuses_the_profile_that_is_shipped() -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_profile("derbyshire", production=True)
    for name in ("email_from", "force.reply_to", "victim_service.email", "roles.victim_care_unit.email", "roles.operations.email"):
        assert f"{name} is reserved_domain" in str(refused.value)


def test_production_takes_a_profile_that_is_filled_in(tmp_path: Path) -> None:
    assert load_profile("force", production=True, folder=written(tmp_path, REAL)).email_from.endswith("@derbyshire-police.police.uk>")


@pytest.mark.parametrize(
    "domain", ["example.org", "example.com", "example.co.uk", "mail.example", "police.TEST", "Example.Org", "a.example.net"]
)
@pytest.mark.parametrize("mailbox", ["keeping-you-informed", "victim-information", "victim-care-unit", "referrals"])
def test_production_refuses_every_reserved_mailbox(tmp_path: Path, domain: str, mailbox: str) -> None:
    start = REAL.index(f"{mailbox}@") + len(mailbox) + 1
    end = start + len(REAL[start:].split('"')[0].rstrip(">"))
    content = REAL[:start] + domain + REAL[end:]
    with pytest.raises(ConfigurationError, match=r"is reserved_domain$"):
        load_profile("force", production=True, folder=written(tmp_path, content))
    assert load_profile("force", production=False, folder=written(tmp_path, content))


def test_a_force_may_have_no_mailbox_of_its_victim_service(tmp_path: Path) -> None:
    content = REAL.replace('email = "referrals@derbyshire-victim-services.police.uk"\n', "")
    assert load_profile("force", production=True, folder=written(tmp_path, content)).victim_service.email is None


@pytest.mark.parametrize(
    ("recorded", "kept"),
    [
        ("Amber Valley", "Amber Valley"),
        (" derby ", "Derby"),
        ("DERBY", "Derby"),
        ("next to Alex Morgan's", None),
        ("", None),
        (None, None),
    ],
)
def test_a_district_is_one_of_the_forces_own_or_nothing(recorded: str | None, kept: str | None) -> None:
    assert PROFILE.district(recorded) == kept


# ---- composition


@pytest.mark.parametrize(("stage", "clock"), [("local", OffsetClock), ("rehearsal", OffsetClock), ("dev", SystemClock)])
def test_a_stage_has_its_clock(nowhere: None, stage: str, clock: type) -> None:
    assert type(build(settings(KI_STAGE=stage)).clock) is clock


@pytest.mark.parametrize(
    ("stage", "mail", "text", "letter"),
    [
        ("local", SesEmailSender, EndUserMessagingSender, S3LetterBox),
        ("dev", GuestEmailSender, GuestSmsSender, GuestLetterBox),
        ("rehearsal", GuestEmailSender, GuestSmsSender, GuestLetterBox),
        ("prod", SesEmailSender, EndUserMessagingSender, S3LetterBox),
    ],
)
def test_which_stages_have_guests_alone(nowhere: None, stage: str, mail: type, text: type, letter: type) -> None:
    """Whatever list is set: prod has none, and no list opens the others."""
    told = settings(KI_STAGE=stage, KI_GUESTS="@example.org")
    found = senders_of(told, load_profile("derbyshire", production=False), Clients("eu-west-2", read_timeout=1))
    assert (type(found.email), type(found.sms), type(found.letters)) == (mail, text, letter)


def test_production_does_not_start_with_the_profile_that_is_shipped(nowhere: None) -> None:
    with pytest.raises(ConfigurationError, match=r"^derbyshire\.toml: .*reserved_domain"):
        build(settings(KI_STAGE="prod"))


def test_production_has_no_clock_that_can_be_moved() -> None:
    assert not settings(KI_STAGE="prod").clock_may_be_offset


def test_the_time_of_a_stage_with_the_machines_clock_asks_no_store(nowhere: None) -> None:
    ready = build(settings(KI_STAGE="dev"))
    assert ready.tick() <= ready.clock.now()


def test_a_process_has_one_container_made_at_the_first_call(nowhere: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    assert container() is container()
    assert container().settings.stage == "dev"


def test_an_environment_that_is_not_fit_is_no_container_and_may_be_mended(nowhere: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KI_STAGE", "staging")
    with pytest.raises(SettingsError):
        container()
    monkeypatch.setenv("KI_STAGE", "dev")
    assert container()
