"""The environment as one frozen, validated value; the only reader of os.environ.

Must not import anything of ours, and must not be read while the app is imported (packaging imports it).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

STAGES = ("local", "dev", "rehearsal", "prod")
SHORTEST_KEY = 32
"""Characters of a key for HMAC."""
SIGN_IN_RULES = ("required", "beside")
KEYLESS: Mapping[str, frozenset[str]] = {
    "KI_CONTACT_KEY": frozenset({"app.retention", "app.seal"}),
    "KI_LINK_KEY": frozenset({"app.ingest", "app.receipts", "app.sweep", "app.leaks", "app.seal", "app.retention"}),
}
"""Handlers that hash no contact point, and those that neither sign nor open a link, form or code: each key is with those alone who use it,
so that whoever gets hold of one function's variables has no other function's keys."""


class SettingsError(Exception):
    """Names the variable that is missing or wrong, never its value."""


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """The force's identity provider (docs/runbook.md, officers' sign-in). `logout_url` None: its own session is left alone."""

    issuer: str
    authorize_url: str
    token_url: str
    logout_url: str | None
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Settings:
    """All that differs between deployments. `endpoint_url` None is AWS itself; times are seconds.

    `forces`: the folder of profiles, None for the product's own.
    """

    stage: str
    profile: str
    forces: str | None
    region: str
    endpoint_url: str | None
    table_prefix: str
    records_queue_url: str
    dispatch_queue_url: str
    quarantine_queue_url: str
    letters_bucket: str
    quarantine_bucket: str
    archive_bucket: str
    seals_bucket: str
    dead_receipts_bucket: str
    ses_configuration_set: str
    sms_configuration_set: str
    out_topic_arn: str
    public_url: str
    contact_key: str | None
    """Hashes contact points. This and the link key are None in a function that has no use for them (`KEYLESS`), the link key also for an
    operator."""
    link_key: str | None
    link_key_previous: str | None
    """Still opens what it signed, and signs nothing any more: docs/runbook.md, the link key."""
    client_read_timeout: float
    guests: frozenset[str] = frozenset()
    """Addresses, domains (`@example.org`), mobiles and postcodes to which a stage that tries things out may write."""
    sign_in: SignInSettings | None = None
    """None: no provider is configured, and nobody can sign in; only the function behind the pages has it."""
    officer_sign_in: str = "required"
    """Whether a link in a reminder opens the officer's page only for who is signed in, or `beside` the sign-in: by itself."""

    @property
    def production(self) -> bool:
        return self.stage == "prod"

    @property
    def clock_may_be_offset(self) -> bool:
        return self.stage in {"local", "rehearsal"}

    @property
    def guests_only(self) -> bool:
        """Messages leave for guests and the providers' simulators alone: docs/adr/0027-guests.md. The local stage has no real provider."""
        return self.stage in {"dev", "rehearsal"}


def settings_from(environment: Mapping[str, str] | None = None, *, signs: bool = True) -> Settings:
    """Settings from `environment` (the process's own by default). Without `signs` the link key may be absent. Raises SettingsError."""
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

    def key_of_who_uses_it(name: str, uses: bool = True) -> str | None:
        return key(name) if (uses or env.get(name)) and env.get("_HANDLER") not in KEYLESS[name] else None

    stage = needed("KI_STAGE")
    if stage not in STAGES:
        raise SettingsError(f"KI_STAGE must be one of {', '.join(STAGES)}")
    rule = env.get("KI_OFFICER_SIGN_IN") or "required"
    if rule not in SIGN_IN_RULES or (stage == "prod" and rule != "required"):
        raise SettingsError(f"KI_OFFICER_SIGN_IN must be one of {', '.join(SIGN_IN_RULES)}; in prod it is required")
    return Settings(
        stage=stage,
        profile=needed("KI_PROFILE"),
        forces=env.get("KI_FORCES") or None,
        region=env.get("AWS_REGION") or needed("AWS_DEFAULT_REGION"),
        endpoint_url=env.get("AWS_ENDPOINT_URL") or None,
        table_prefix=needed("KI_TABLE_PREFIX"),
        records_queue_url=needed("KI_RECORDS_QUEUE_URL"),
        dispatch_queue_url=needed("KI_DISPATCH_QUEUE_URL"),
        quarantine_queue_url=needed("KI_QUARANTINE_QUEUE_URL"),
        letters_bucket=needed("KI_LETTERS_BUCKET"),
        quarantine_bucket=needed("KI_QUARANTINE_BUCKET"),
        archive_bucket=needed("KI_ARCHIVE_BUCKET"),
        seals_bucket=needed("KI_SEALS_BUCKET"),
        dead_receipts_bucket=needed("KI_DEAD_RECEIPTS_BUCKET"),
        out_topic_arn=needed("KI_OUT_TOPIC_ARN"),
        public_url=needed("KI_PUBLIC_URL"),
        ses_configuration_set=needed("KI_SES_CONFIGURATION_SET"),
        sms_configuration_set=needed("KI_SMS_CONFIGURATION_SET"),
        contact_key=key_of_who_uses_it("KI_CONTACT_KEY"),
        link_key=(link_key := key_of_who_uses_it("KI_LINK_KEY", signs)),
        link_key_previous=key("KI_LINK_KEY_PREVIOUS") if link_key and env.get("KI_LINK_KEY_PREVIOUS") else None,
        client_read_timeout=_seconds(env.get("KI_CLIENT_READ_TIMEOUT", "10")),
        guests=frozenset(guest for part in env.get("KI_GUESTS", "").split(",") if (guest := part.strip().lower())),
        sign_in=_sign_in(env, needed) if env.get("KI_SIGN_IN_ISSUER") else None,
        officer_sign_in=rule,
    )


def _sign_in(env: Mapping[str, str], needed: Callable[[str], str]) -> SignInSettings:
    """Complete, and by TLS alone: it stands for the signature of what the provider says."""

    def address(name: str) -> str:
        text = needed(name)
        on_this_machine = text.startswith("http://127.0.0.1") and needed("KI_STAGE") != "prod"
        if not text.startswith("https://") and not on_this_machine:
            raise SettingsError(f"{name} must begin with https://")
        return text

    return SignInSettings(
        issuer=address("KI_SIGN_IN_ISSUER"),
        authorize_url=address("KI_SIGN_IN_AUTHORIZE_URL"),
        token_url=address("KI_SIGN_IN_TOKEN_URL"),
        logout_url=address("KI_SIGN_IN_LOGOUT_URL") if env.get("KI_SIGN_IN_LOGOUT_URL") else None,
        client_id=needed("KI_SIGN_IN_CLIENT_ID"),
        client_secret=needed("KI_SIGN_IN_CLIENT_SECRET"),
    )


def function_name() -> str | None:
    """Which handler this process was started for, as Lambda itself says (`app.ingest`); None where it is no Lambda."""
    return os.environ.get("_HANDLER") or None


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 60:
        raise SettingsError("KI_CLIENT_READ_TIMEOUT must be a number of seconds up to 60")
    return value
