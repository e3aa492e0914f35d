"""The environment as settings: what is needed, what is refused, and that no refusal repeats a value."""

import dataclasses
import re
from pathlib import Path

import pytest

from chalicelib.settings import Settings, SettingsError, settings_from

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
        region="eu-west-2",
        endpoint_url=None,
        table_prefix="kept-informed-",
        records_queue_url="https://sqs.example/records",
        dispatch_queue_url="https://sqs.example/dispatch",
        quarantine_queue_url="https://sqs.example/quarantine",
        letters_bucket="letters",
        quarantine_bucket="bodies",
        archive_bucket="archive",
        out_topic_arn="arn:aws:sns:eu-west-2:123456789012:out",
        public_url="https://victims.example",
        ses_configuration_set="mail",
        sms_configuration_set="text",
        contact_key="k" * 32,
        link_key="l" * 32,
        client_read_timeout=10.0,
    )


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
    ("stage", "production", "offset"),
    [("local", False, True), ("dev", False, False), ("rehearsal", False, True), ("prod", True, False)],
)
def test_a_stage_says_what_it_may(stage: str, production: bool, offset: bool) -> None:
    found = settings(KI_STAGE=stage)
    assert (found.production, found.clock_may_be_offset) == (production, offset)


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


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings().stage = "prod"  # type: ignore[misc]


def test_nothing_else_of_the_product_reads_the_environment() -> None:
    """Packaging imports the app: a variable read elsewhere would be read there too."""
    root = Path(__file__).parents[2]
    readers = [path.name for path in (root / "chalicelib").rglob("*.py") if READS.search(path.read_text())]
    assert readers == ["settings.py"]
    assert not READS.search((root / "app.py").read_text())
