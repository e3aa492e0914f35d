"""The environment as one frozen, validated value; the only reader of os.environ.

Must not import anything of ours, and must not be read while the app is imported (packaging imports it).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

STAGES = ("local", "dev", "rehearsal", "prod")
SHORTEST_KEY = 32
"""Characters of a key for HMAC."""


class SettingsError(Exception):
    """Names the variable that is missing or wrong, never its value."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that differs between deployments. `endpoint_url` None is AWS itself; times are seconds."""

    stage: str
    profile: str
    region: str
    endpoint_url: str | None
    table_prefix: str
    records_queue_url: str
    dispatch_queue_url: str
    quarantine_queue_url: str
    letters_bucket: str
    quarantine_bucket: str
    archive_bucket: str
    ses_configuration_set: str
    sms_configuration_set: str
    out_topic_arn: str
    public_url: str
    contact_key: str
    link_key: str
    client_read_timeout: float

    @property
    def production(self) -> bool:
        return self.stage == "prod"

    @property
    def clock_may_be_offset(self) -> bool:
        return self.stage in {"local", "rehearsal"}


def settings_from(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environment` (the process's own by default). Raises SettingsError."""
    env = os.environ if environment is None else environment

    def needed(name: str) -> str:
        value = env.get(name, "")
        if not value:
            raise SettingsError(f"{name} is not set")
        return value

    def key(name: str) -> str:
        if len(value := needed(name)) < SHORTEST_KEY:
            raise SettingsError(f"{name} must have at least {SHORTEST_KEY} characters")
        return value

    stage = needed("KI_STAGE")
    if stage not in STAGES:
        raise SettingsError(f"KI_STAGE must be one of {', '.join(STAGES)}")
    return Settings(
        stage=stage,
        profile=needed("KI_PROFILE"),
        region=env.get("AWS_REGION") or needed("AWS_DEFAULT_REGION"),
        endpoint_url=env.get("AWS_ENDPOINT_URL") or None,
        table_prefix=needed("KI_TABLE_PREFIX"),
        records_queue_url=needed("KI_RECORDS_QUEUE_URL"),
        dispatch_queue_url=needed("KI_DISPATCH_QUEUE_URL"),
        quarantine_queue_url=needed("KI_QUARANTINE_QUEUE_URL"),
        letters_bucket=needed("KI_LETTERS_BUCKET"),
        quarantine_bucket=needed("KI_QUARANTINE_BUCKET"),
        archive_bucket=needed("KI_ARCHIVE_BUCKET"),
        out_topic_arn=needed("KI_OUT_TOPIC_ARN"),
        public_url=needed("KI_PUBLIC_URL"),
        ses_configuration_set=needed("KI_SES_CONFIGURATION_SET"),
        sms_configuration_set=needed("KI_SMS_CONFIGURATION_SET"),
        contact_key=key("KI_CONTACT_KEY"),
        link_key=key("KI_LINK_KEY"),
        client_read_timeout=_seconds(env.get("KI_CLIENT_READ_TIMEOUT", "10")),
    )


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 60:
        raise SettingsError("KI_CLIENT_READ_TIMEOUT must be a number of seconds up to 60")
    return value
