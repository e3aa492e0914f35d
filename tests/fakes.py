"""Fakes of every port, in memory; `World` holds one of each over one set of calls, so that a test can script failures and crashes.

Must not be more lenient than the real adapters: tests/contract runs one suite over both.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.domain.absence import Absence, as_told, says_otherwise
from chalicelib.domain.contact_content import ContactConfirmation, ContactNote
from chalicelib.domain.errors import Contended, RetryLater, StoreUnavailable
from chalicelib.domain.links import CLOCKS_APART, OFFICER, Link, is_alive
from chalicelib.domain.messages import (
    Acknowledgement,
    Digest,
    Email,
    Letter,
    Referral,
    RenderedEmail,
    ServiceNotice,
    Sms,
    Task,
    Template,
)
from chalicelib.domain.model import DirectoryOfficer, Occurrence
from chalicelib.domain.page_codes import DIGITS, LENGTH, TAG, digits_of, signs_of, tag_of, written
from chalicelib.domain.page_content import OneTimeCode
from chalicelib.domain.update_content import SeenLetter
from chalicelib.services.edges import FORM_LIVES, ToVictim
from chalicelib.services.quarantine_ports import QuarantineRow
from tests.fake_calls import Calls, Crash, port_call
from tests.fake_operations import FakeDeadLetters, FakePauses, FakePersonalContent, FakeRetentionDates, FakeSeals
from tests.fake_pages import FakeContactMessages, FakeLimits
from tests.fake_store import FakeCases, FakeContactPoints

__all__ = ["Calls", "Crash", "FakeCases", "FakeClock", "FakeContactPoints", "World"]

NOW = datetime(2026, 11, 20, 10, 31, tzinfo=UTC)


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now

    def advance(self, by: timedelta) -> datetime:
        self._now += by
        return self._now


class FakeCalendar:
    def __init__(self, *days: date) -> None:
        self.days = frozenset(days or {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})

    def bank_holidays(self) -> frozenset[date]:
        return self.days


class FakeArchive:
    """`parse` reads canonical JSON back, as the real one's does."""

    def __init__(self, calls: Calls, clock: FakeClock, parse: Callable[[str], Occurrence]) -> None:
        self.calls = calls
        self._clock = clock
        self._parse = parse
        self.kept: dict[tuple[str, int, str], tuple[datetime, str]] = {}
        self.broken: set[tuple[str, int, str]] = set()
        """Those that the store does not give out."""

    @port_call("archive.put")
    def put(self, reference: str, version: int, content_hash: str, canonical: str) -> None:
        self.kept.setdefault((reference, version, content_hash), (self._clock.now(), canonical))

    @port_call("archive.load")
    def load(self, reference: str, version: int, content_hash: str) -> Occurrence:
        if (reference, version, content_hash) not in self.kept:
            raise StoreUnavailable("the archive does not hold this version")
        return self._parse(self.kept[reference, version, content_hash][1])

    @port_call("archive.records_of")
    def records_of(self, reference: str) -> Iterable[tuple[datetime, str] | None]:
        return [None if key in self.broken else self.kept[key] for key in sorted(self.kept) if key[0] == reference]

    @port_call("archive.records")
    def records(self) -> Iterable[tuple[datetime, str]]:
        return [self.kept[key] for key in sorted(self.kept)]


class FakeQuarantine:
    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self._rows: dict[str, QuarantineRow] = {}
        self._bodies: dict[str, bytes] = {}

    @port_call("quarantine.add")
    def add(self, row: QuarantineRow, body: bytes) -> bool:
        self._bodies[row.quarantine_id] = body
        if row.quarantine_id in self._rows:
            return False
        self._rows[row.quarantine_id] = row
        return True

    @port_call("quarantine.get")
    def get(self, quarantine_id: str) -> QuarantineRow | None:
        return self._rows.get(quarantine_id)

    @port_call("quarantine.body")
    def body(self, quarantine_id: str) -> bytes:
        if quarantine_id not in self._bodies:
            raise StoreUnavailable("the bucket does not hold this body")
        return self._bodies[quarantine_id]

    @port_call("quarantine.rows")
    def rows(self) -> list[QuarantineRow]:
        return sorted(self._rows.values(), key=lambda row: (row.received_at, row.quarantine_id))

    @port_call("quarantine.set_state")
    def set_state(self, quarantine_id: str, state: str) -> None:
        row = self._rows.get(quarantine_id)
        if row is None:
            raise Contended("quarantine row")
        self._rows[quarantine_id] = QuarantineRow(row.quarantine_id, row.received_at, row.reference, row.kind, row.faults, state)

    @port_call("quarantine.waiting")
    def waiting(self) -> int:
        return len([row for row in self._rows.values() if row.state == "quarantined"])


class FakeQueues:
    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.dispatched: list[str] = []
        self.alarms: list[str] = []
        self.replayed: list[bytes] = []
        self._kept: list[str] | None = None

    @port_call("queues.dispatch")
    def dispatch(self, notification_ids: Sequence[str]) -> None:
        (self.dispatched if self._kept is None else self._kept).extend(notification_ids)

    @contextmanager
    def together(self) -> Iterator[None]:
        self._kept = []
        try:
            yield
        finally:
            kept, self._kept = self._kept, None
            self.dispatched.extend(dict.fromkeys(kept))

    @port_call("queues.alarm")
    def alarm(self, quarantine_id: str) -> None:
        self.alarms.append(quarantine_id)

    @port_call("queues.replay")
    def replay(self, body: bytes) -> None:
        self.replayed.append(body)

    def take(self) -> list[str]:
        """The hints so far, which are taken off."""
        taken, self.dispatched = self.dispatched, []
        return taken


class FakeOfficers:
    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self._kept: dict[str, tuple[DirectoryOfficer, str]] = {}
        self._said: dict[str, Absence] = {}

    @port_call("officers.get")
    def get(self, collar_number: str) -> DirectoryOfficer | None:
        return self.listed(collar_number)

    def listed(self, collar_number: str) -> DirectoryOfficer | None:
        """The entry, for whoever reads it with other things."""
        return as_told(self._kept[collar_number][0], self._said.get(collar_number)) if collar_number in self._kept else None

    @port_call("officers.put")
    def put(self, officer: DirectoryOfficer, content_hash: str) -> str:
        stored, stored_hash = self._kept.get(officer.collar_number, (None, ""))
        if stored and stored.version == officer.version and stored_hash != content_hash:
            return "conflict"
        if stored and stored.version >= officer.version:
            return "stale"
        if stored and says_otherwise(stored, officer):
            self._said.pop(officer.collar_number, None)
        self._kept[officer.collar_number] = (officer, content_hash)
        return "recorded"

    @port_call("officers.say")
    def say(self, collar_number: str, absence: Absence) -> bool:
        if collar_number not in self._kept:
            return False
        self._said[collar_number] = absence
        return True


class FakeRenderer:
    """Says the content itself, so that a test can look for a value; `rendered` keeps what was asked."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.known = dict.fromkeys(Template, frozenset({"en"}))
        self.rendered: list[tuple[Template, str, object]] = []

    def languages(self, template: Template) -> frozenset[str]:
        return self.known[template]

    @port_call("renderer.email")
    def email(
        self,
        template: Template,
        language: str,
        content: ToVictim | Task | ServiceNotice | Referral | Digest | ContactNote | ContactConfirmation | OneTimeCode,
    ) -> RenderedEmail:
        self.rendered.append((template, language, content))
        return RenderedEmail(subject="Derbyshire Constabulary", text=f"{template}/{language}: {content!r}", html=f"<p>{template}</p>")

    @port_call("renderer.sms")
    def sms(self, template: Template, language: str, content: ToVictim | Digest | ContactConfirmation | OneTimeCode) -> str:
        self.rendered.append((template, language, content))
        return f"{template}/{language}: {_first_reference(content)}"


def _first_reference(content: ToVictim | Digest | ContactConfirmation | OneTimeCode) -> str:
    if isinstance(content, OneTimeCode):
        return content.code
    if isinstance(content, Acknowledgement):
        return content.references[0]
    return content.lines[0].reference if isinstance(content, Digest) else content.reference


class FakeDocuments:
    def __init__(self, calls: Calls) -> None:
        self.calls = calls

    @port_call("documents.referral")
    def referral(self, content: Referral) -> bytes:
        return b"%PDF-1.7 referral " + repr(content).encode()

    @port_call("documents.letter_seen")
    def letter_seen(self, template: Template, language: str, content: ToVictim) -> SeenLetter:
        return SeenLetter((b"\x89PNG",), repr((template, language, content)))

    @port_call("documents.letter")
    def letter(self, template: Template, language: str, content: ToVictim) -> bytes:
        return b"%PDF-1.7 letter " + repr((template, language, content)).encode()


class FakeLinks:
    """Tokens that say nothing: a link is good where this very fake issued it."""

    def __init__(self) -> None:
        self.issued: dict[str, Link] = {}
        self._tokens: dict[Link, str] = {}

    def issue(self, link: Link, now: datetime) -> str:
        if not is_alive(link, now):
            raise ValueError("a link that does not open must not leave")
        token = self._tokens.setdefault(link, f"link-{len(self.issued) + 1}")
        self.issued[token] = link
        return token

    def read(self, token: str, now: datetime, purpose: str = OFFICER) -> Link | None:
        link = self.issued.get(token)
        return link if link and link.purpose == purpose and is_alive(link, now) else None


class FakeCodes:
    """Codes that anybody can work out: what is told apart is ids, not keys."""

    def one_time(self, request_id: str) -> str:
        return f"{zlib.crc32(request_id.encode()) % 10**DIGITS:0{DIGITS}d}"

    def opens(self, request_id: str, typed: str) -> bool:
        return digits_of(typed) == self.one_time(request_id)

    def of_letter(self, reference: str, notification_id: str) -> str:
        return self._signs(reference, tag_of(notification_id))

    def letter_tag(self, reference: str, typed: str) -> str | None:
        found = signs_of(typed)
        return found[:TAG] if found and found == self._signs(reference, found[:TAG]) else None

    def _signs(self, reference: str, tag: str) -> str:
        return tag + written(zlib.crc32(f"{reference}{tag}".encode()), LENGTH - TAG)


class FakeForms:
    """Tokens that say nothing: a form is good where this very fake showed it."""

    def __init__(self) -> None:
        self.shown: dict[str, tuple[str, datetime]] = {}

    def issue(self, purpose: str, now: datetime) -> str:
        token = f"form-{len(self.shown) + 1}"
        self.shown[token] = (purpose, now.replace(microsecond=0))
        return token

    def read(self, token: str, purpose: str, now: datetime) -> str | None:
        known, shown_at = self.shown.get(token, ("", now))
        fresh = -CLOCKS_APART <= now - shown_at <= FORM_LIVES
        return f"nonce of {token}" if token in self.shown and known == purpose and fresh else None


class FakeRevocations:
    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self._before: dict[str, datetime] = {}

    @port_call("revocations.revoke")
    def revoke(self, reference: str, before: datetime, until: datetime | None = None) -> None:
        second = before.replace(microsecond=0)
        self._before[reference] = max(second, self._before.get(reference, second))

    @port_call("revocations.revoked")
    def revoked(self, reference: str) -> datetime | None:
        return self._before.get(reference)


class FakeTopic:
    """`published` is what was published, oldest first; `calls.fail("topic.publish", error)` takes nothing of one call, which holds ten."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.published: list[dict[str, Any]] = []

    def publish(self, bodies: Mapping[str, str]) -> frozenset[str]:
        gone: set[str] = set()
        keys = sorted(bodies)
        for start in range(0, len(keys), 10):
            batch = keys[start : start + 10]
            with suppress(RetryLater):
                self._publish([bodies[key] for key in batch])
                gone |= set(batch)
        return frozenset(gone)

    @port_call("topic.publish")
    def _publish(self, bodies: Sequence[str]) -> None:
        self.published += [json.loads(body) for body in bodies]


class FakeEmailSender:
    """`calls.fail("email.send", TransientSendError("x"))` refuses; with `when="after"` the provider accepted and nobody heard."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.sent: list[Email] = []

    @port_call("email.send")
    def send(self, email: Email) -> str:
        self.sent.append(email)
        return f"email-{len(self.sent)}"


class FakeSmsSender:
    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.sent: list[Sms] = []

    @port_call("sms.send")
    def send(self, sms: Sms) -> str:
        self.sent.append(sms)
        return f"sms-{len(self.sent)}"


class FakeLetterBox:
    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.letters: dict[str, Letter] = {}

    @port_call("letters.put")
    def put(self, letter: Letter) -> str:
        self.letters[letter.notification_id] = letter
        return f"{letter.notification_id}.pdf"


def _cannot_parse(canonical: str) -> Occurrence:
    raise AssertionError("this World was not told how to read an archived record: World(parse=...)")


class World:
    """One fake of each port, over one `calls` and one `clock`.

    Every call that would leave the process passes `calls` (names `cases.load`, `points.known`, `email.send`, …); the clock, the calendar,
    `points.key` and `renderer.languages` do not, since nothing can go wrong there.
    """

    def __init__(self, now: datetime = NOW, parse: Callable[[str], Occurrence] = _cannot_parse) -> None:
        self.calls = Calls()
        self.clock = FakeClock(now)
        self.calendar = FakeCalendar()
        self.cases = FakeCases(self.calls)
        self.points = FakeContactPoints(self.calls, self.cases)
        self.archive = FakeArchive(self.calls, self.clock, parse)
        self.quarantine = FakeQuarantine(self.calls)
        self.queues = FakeQueues(self.calls)
        self.officers = FakeOfficers(self.calls)
        self.cases.directory = self.officers.listed
        self.renderer = FakeRenderer(self.calls)
        self.documents = FakeDocuments(self.calls)
        self.topic = FakeTopic(self.calls)
        self.links = FakeLinks()
        self.codes = FakeCodes()
        self.revocations = FakeRevocations(self.calls)
        self.email = FakeEmailSender(self.calls)
        self.sms = FakeSmsSender(self.calls)
        self.letters = FakeLetterBox(self.calls)
        self.messages = FakeContactMessages(self.calls, self.cases)
        self.limits = FakeLimits(self.calls)
        self.pauses = FakePauses(self.calls)
        self.dead = FakeDeadLetters(self.calls)
        self.seals = FakeSeals(self.calls)
        self.content = FakePersonalContent(self.calls, self.archive, self.letters, self.messages, self.quarantine, self.cases)
        self.dates = FakeRetentionDates(self.calls, self.cases)
