"""The environment as settings: what is needed, what is refused, and that no refusal repeats a value."""

import dataclasses
import re
from pathlib import Path

import pytest

from chalicelib.settings import Settings, SettingsError, SignInSettings, function_name, settings_from

READS = re.compile(r"\b(environb?|getenvb?)\b")
ENVIRONMENT = {
    "KI_STAGE": "dev",
    "KI_PROFILE": "derbyshire",
    "KI_TABLE_PREFIX": "kept-informed-",
    "KI_RECORDS_QUEUE_URL": "https://sqs.example/records",
    "KI_DISPATCH_QUEUE_URL": "https://sqs.example/dispatch",
    "KI_QUARANTINE_QUEUE_URL": "https://sqs.example/quarantine",
    "KI_LETTERS_BUCKET": "letters",
    "KI_QUARANTINE_BUCKET": "bodies",
    "KI_ARCHIVE_BUCKET": "archive",
    "KI_SEALS_BUCKET": "seals",
    "KI_DEAD_RECEIPTS_BUCKET": "dead-receipts",
    "KI_OUT_TOPIC_ARN": "arn:aws:sns:eu-west-2:123456789012:out",
    "KI_PUBLIC_URL": "https://victims.example",
    "KI_SES_CONFIGURATION_SET": "mail",
    "KI_SMS_CONFIGURATION_SET": "text",
    "KI_CONTACT_KEY": "k" * 32,
    "KI_LINK_KEY": "l" * 32,
    "AWS_DEFAULT_REGION": "eu-west-2",
}


def settings(**changes: str | None) -> Settings:
    return settings_from({name: value for name, value in (ENVIRONMENT | changes).items() if value is not None})


def test_everything_is_read() -> None:
    assert settings() == Settings(
        stage="dev",
        profile="derbyshire",
        forces=None,
        region="eu-west-2",
        endpoint_url=None,
        table_prefix="kept-informed-",
        records_queue_url="https://sqs.example/records",
        dispatch_queue_url="https://sqs.example/dispatch",
        quarantine_queue_url="https://sqs.example/quarantine",
        letters_bucket="letters",
        quarantine_bucket="bodies",
        archive_bucket="archive",
        seals_bucket="seals",
        dead_receipts_bucket="dead-receipts",
        out_topic_arn="arn:aws:sns:eu-west-2:123456789012:out",
        public_url="https://victims.example",
        ses_configuration_set="mail",
        sms_configuration_set="text",
        contact_key="k" * 32,
        link_key="l" * 32,
        link_key_previous=None,
        client_read_timeout=10.0,
    )


def test_a_process_that_makes_no_link_needs_no_key_for_it_and_takes_one_where_it_is() -> None:
    without = {name: value for name, value in ENVIRONMENT.items() if name != "KI_LINK_KEY"}
    assert settings_from(without, signs=False).link_key is None
    assert settings_from(ENVIRONMENT, signs=False).link_key == "l" * 32
    with pytest.raises(SettingsError, match="at least 32"):
        settings_from(ENVIRONMENT | {"KI_LINK_KEY": "short"}, signs=False)


@pytest.mark.parametrize("name", ENVIRONMENT)
@pytest.mark.parametrize("value", [None, ""])
def test_what_is_missing_or_empty_is_named(name: str, value: str | None) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is not set$"):
        settings(**{name: value})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("KI_STAGE", "production", "KI_STAGE must be one of local, dev, rehearsal, prod"),
        ("KI_STAGE", "PROD", "KI_STAGE must be one of local, dev, rehearsal, prod"),
        ("KI_STAGE", " prod", "KI_STAGE must be one of local, dev, rehearsal, prod"),
        ("KI_CONTACT_KEY", "k" * 31, "KI_CONTACT_KEY must have at least 32 characters"),
        ("KI_LINK_KEY", "l" * 31, "KI_LINK_KEY must have at least 32 characters"),
        ("KI_LINK_KEY_PREVIOUS", "l" * 31, "KI_LINK_KEY_PREVIOUS must have at least 32 characters"),
        ("KI_CLIENT_READ_TIMEOUT", "soon", "KI_CLIENT_READ_TIMEOUT must be a number of seconds up to 60"),
        ("KI_CLIENT_READ_TIMEOUT", "", "KI_CLIENT_READ_TIMEOUT must be a number of seconds up to 60"),
        ("KI_CLIENT_READ_TIMEOUT", "0", "KI_CLIENT_READ_TIMEOUT must be a number of seconds up to 60"),
        ("KI_CLIENT_READ_TIMEOUT", "-1", "KI_CLIENT_READ_TIMEOUT must be a number of seconds up to 60"),
        ("KI_CLIENT_READ_TIMEOUT", "60.5", "KI_CLIENT_READ_TIMEOUT must be a number of seconds up to 60"),
        ("KI_CLIENT_READ_TIMEOUT", "nan", "KI_CLIENT_READ_TIMEOUT must be a number of seconds up to 60"),
        ("KI_CLIENT_READ_TIMEOUT", "inf", "KI_CLIENT_READ_TIMEOUT must be a number of seconds up to 60"),
    ],
)
def test_what_is_wrong_is_named_and_its_value_is_not_repeated(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings(**{name: value})
    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("stage", "production", "offset", "guests_only"),
    [("local", False, True, False), ("dev", False, False, True), ("rehearsal", False, True, True), ("prod", True, False, False)],
)
def test_a_stage_says_what_it_may(stage: str, production: bool, offset: bool, guests_only: bool) -> None:
    found = settings(KI_STAGE=stage)
    assert (found.production, found.clock_may_be_offset, found.guests_only) == (production, offset, guests_only)


@pytest.mark.parametrize(
    ("given", "guests"),
    [
        ("", set()),
        (" , ,", set()),
        ("Alex@Example.org, @example.test,+447700900123", {"alex@example.org", "@example.test", "+447700900123"}),
    ],
)
def test_guests_are_read_in_lower_case(given: str, guests: set[str]) -> None:
    assert settings(KI_GUESTS=given).guests == guests


@pytest.mark.parametrize(
    ("changes", "region", "endpoint"),
    [
        ({"AWS_REGION": "eu-west-1"}, "eu-west-1", None),
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": None}, "eu-west-1", None),
        ({"AWS_REGION": ""}, "eu-west-2", None),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}, "eu-west-2", "http://127.0.0.1:4566"),
        ({"AWS_ENDPOINT_URL": ""}, "eu-west-2", None),
    ],
)
def test_where_aws_is(changes: dict[str, str | None], region: str, endpoint: str | None) -> None:
    found = settings(**changes)
    assert (found.region, found.endpoint_url) == (region, endpoint)


def test_the_processs_own_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_REGION", "AWS_ENDPOINT_URL", "KI_CLIENT_READ_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)
    assert settings_from() == settings()


SIGN_IN: dict[str, str | None] = {
    "KI_SIGN_IN_ISSUER": "https://identity.example/pool",
    "KI_SIGN_IN_AUTHORIZE_URL": "https://identity.example/authorize",
    "KI_SIGN_IN_TOKEN_URL": "https://identity.example/token",
    "KI_SIGN_IN_CLIENT_ID": "client-1",
    "KI_SIGN_IN_CLIENT_SECRET": "a secret of this test",
}


def test_without_a_provider_nobody_can_sign_in_and_links_want_it_all_the_same() -> None:
    assert (settings().sign_in, settings().officer_sign_in) == (None, "required")


def test_a_provider_is_read_whole() -> None:
    found = settings(**SIGN_IN, KI_SIGN_IN_LOGOUT_URL="https://identity.example/logout").sign_in
    assert found == SignInSettings(
        issuer="https://identity.example/pool",
        authorize_url="https://identity.example/authorize",
        token_url="https://identity.example/token",
        logout_url="https://identity.example/logout",
        client_id="client-1",
        client_secret="a secret of this test",
    )
    assert settings(**SIGN_IN).sign_in == dataclasses.replace(found, logout_url=None)


@pytest.mark.parametrize("name", [name for name in SIGN_IN if name != "KI_SIGN_IN_ISSUER"])
def test_half_a_provider_is_none(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is not set$"):
        settings(**(SIGN_IN | {name: None}))


@pytest.mark.parametrize("name", ["KI_SIGN_IN_ISSUER", "KI_SIGN_IN_AUTHORIZE_URL", "KI_SIGN_IN_TOKEN_URL", "KI_SIGN_IN_LOGOUT_URL"])
def test_a_provider_is_asked_over_tls_alone_but_on_this_machine(name: str) -> None:
    """TLS stands for the signature of what it says."""
    for stage, address in (("dev", "http://identity.example/x"), ("prod", "http://127.0.0.1:8000/x"), ("dev", "ftp://identity.example")):
        with pytest.raises(SettingsError) as refused:
            settings(**(SIGN_IN | {name: address, "KI_STAGE": stage}))
        assert str(refused.value) == f"{name} must begin with https://"
    assert settings(**(SIGN_IN | {name: "http://127.0.0.1:8000/x", "KI_STAGE": "local"})).sign_in


@pytest.mark.parametrize(("stage", "rule", "good"), [
    ("local", "beside", True), ("rehearsal", "beside", True), ("prod", "required", True), ("prod", "beside", False),
    ("dev", "never", False),
])  # fmt: skip
def test_in_prod_a_link_never_opens_by_itself(stage: str, rule: str, good: bool) -> None:
    if good:
        assert settings(KI_STAGE=stage, KI_OFFICER_SIGN_IN=rule).officer_sign_in == rule
        return
    with pytest.raises(SettingsError, match=r"^KI_OFFICER_SIGN_IN must be one of required, beside; in prod it is required$"):
        settings(KI_STAGE=stage, KI_OFFICER_SIGN_IN=rule)


@pytest.mark.parametrize(("given", "read"), [("p" * 32, "p" * 32), ("", None), (None, None)])
def test_the_link_key_before_the_last_rotation_may_be_absent(given: str | None, read: str | None) -> None:
    assert settings(KI_LINK_KEY_PREVIOUS=given).link_key_previous == read


@pytest.mark.parametrize(
    ("handler", "contact", "link"),
    [
        ("app.app", True, True),
        ("app.dispatch", True, True),
        *((f"app.{name}", True, False) for name in ("ingest", "receipts", "sweep", "leaks")),
        ("app.seal", False, False),
        ("app.of_tomorrow", True, True),
        (None, True, True),
    ],
)
def test_a_function_is_asked_for_the_keys_that_it_uses_and_reads_no_other(handler: str | None, contact: bool, link: bool) -> None:
    whole = settings(_HANDLER=handler, KI_LINK_KEY_PREVIOUS="p" * 32)
    assert (whole.contact_key, whole.link_key) == ("k" * 32 if contact else None, "l" * 32 if link else None)
    assert whole.link_key_previous == ("p" * 32 if link else None)
    for name, asked in (("KI_CONTACT_KEY", contact), ("KI_LINK_KEY", link)):
        if asked:
            with pytest.raises(SettingsError, match=f"^{name} is not set$"):
                settings(_HANDLER=handler, **{name: None})
        else:
            assert settings(_HANDLER=handler, **{name: None}).stage == "dev"


@pytest.mark.parametrize(("given", "read"), [("app.ingest", "app.ingest"), ("", None)])
def test_lambda_says_which_function_it_started(monkeypatch: pytest.MonkeyPatch, given: str, read: str | None) -> None:
    monkeypatch.setenv("_HANDLER", given)
    assert function_name() == read


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings().stage = "prod"  # type: ignore[misc]


def test_nothing_else_of_the_product_reads_the_environment() -> None:
    """Packaging imports the app: a variable read elsewhere would be read there too."""
    root = Path(__file__).parents[2]
    readers = [path.name for path in (root / "chalicelib").rglob("*.py") if READS.search(path.read_text())]
    assert readers == ["settings.py"]
    assert not READS.search((root / "app.py").read_text())
