"""The way in to a victim's page: ask for a one-time code, enter it, or come from a letter with the signs that it bears.

The code is derived from the request's id, goes out as any message does, and stands nowhere. Must not tell whether one could be sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.case import Case
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import ACCEPTED, Notification, State, fact_id
from chalicelib.domain.model import Channel
from chalicelib.domain.page_codes import tag_of
from chalicelib.domain.plan_victim import code_lives, code_row_id, code_way, last_code
from chalicelib.domain.profile import CasePage
from chalicelib.domain.victim_events import CodeAsked
from chalicelib.services.edges import Codes
from chalicelib.services.page_ports import Limits
from chalicelib.services.ports import Cases, ContactPoints
from chalicelib.services.record_event import RecordEvent
from chalicelib.services.victim_case import Opened, VictimCase
from chalicelib.services.victim_pages import VictimPages

ACTOR = "victim"
"""In the log: whoever receives for the victim, behind the code or with the link."""
_LEFT = ACCEPTED | {State.SENDING, State.UNKNOWN}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Entering(StrEnum):
    """What became of a code. WRONG: also too old, used, or never sent; MANY: tries; DEAD: the link."""

    IN = "in"
    WRONG = "wrong"
    MANY = "many"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Entered:
    """`session` is what the browser keeps where it came in."""

    how: Entering
    session: str = ""


class VictimCodes:
    """The use cases before the page. What they raise is RetryLater: nothing is known, and nobody is let in."""

    def __init__(
        self,
        case: VictimCase,
        pages: VictimPages,
        cases: Cases,
        events: RecordEvent,
        limits: Limits,
        points: ContactPoints,
        codes: Codes,
        rules: CasePage,
    ) -> None:
        self._case = case
        self._pages = pages
        self._cases = cases
        self._events = events
        self._limits = limits
        self._points = points
        self._codes = codes
        self._rules = rules

    def ask(self, token: str, nonce: str, now: datetime) -> bool:
        """A code, once for each form that was shown. False where the link opens nothing; else nobody learns whether one was sent."""
        opened = self._case.opened(token, now)
        if opened is None:
            return False
        if code_way(opened.choice) is not None and not self._enough(opened, now):
            reference, victim_id = opened.link.reference, opened.link.reader
            event = CodeAsked(reference, fact_id(reference, victim_id, "code of the page", nonce), victim_id, now)
            self._events.record(event, event.event_id, now, ACTOR, lambda case: self._may(opened, case, now))
        return True

    def _may(self, opened: Opened, case: Case, now: datetime) -> bool:
        still = self._case.of(opened.link, case, now)
        return still is not None and not self._enough(still, now)

    def _enough(self, opened: Opened, now: datetime) -> bool:
        """Somebody with the link floods nobody with codes."""
        mine = [event for event in opened.read.case.events if isinstance(event, CodeAsked) and event.victim_id == opened.link.reader]
        return sum(local_day(event.at) == local_day(now) for event in mine) >= self._rules.codes_a_day

    def enter(self, token: str, typed: str, now: datetime) -> Entered:
        """Let a browser in. A code opens once, and every try counts, also where there is no code that could be right."""
        opened = self._case.opened(token, now)
        if opened is None:
            return Entered(Entering.DEAD)
        request = last_code(opened.situation)
        request = request if request and code_lives(opened.situation, request) else None
        counted = request.event_id if request else self._points.key("code", f"{token}#{local_day(now)}")
        until = now + timedelta(days=1)
        if not self._limits.take(f"code-tries#{counted}", self._rules.tries, until):
            return Entered(Entering.MANY)
        point = self._went_to(opened, request) if request and self._codes.opens(request.event_id, typed) else None
        if point is None or not self._limits.take(f"code-used#{counted}", 1, until):
            return Entered(Entering.WRONG)
        return Entered(Entering.IN, self._pages.session(opened.link, point, now))

    def _went_to(self, opened: Opened, request: CodeAsked) -> str | None:
        """The address that the code went to, where one may go now too."""
        rows = opened.read.around.rows
        for way, point in opened.points.items():
            row = rows.get(code_row_id(request, way))
            if row is not None and row.state in _LEFT and row.point == point:
                return point
        return None

    def from_letter(self, reference: str, typed: str, source: str, now: datetime) -> str | None:
        """The link that is drawn in the letter whose signs were typed; None where there is none, or it opens nothing.

        Signs that we never printed are known without reading a case, so that nobody learns by trying which references there are.
        """
        tag = self._codes.letter_tag(reference, typed)
        if not self._counted(source, now) or tag is None:
            return None
        case = self._cases.load(reference)
        for victim_id, part in sorted(case.parts.items()):
            letters = (row for row in self._cases.notifications(part.rows).values() if _is_letter(row, tag))
            for row in sorted(letters, key=lambda row: row.sent_at or now, reverse=True):
                token = self._token(reference, victim_id, row.sent_at or now, now)
                if token is not None and self._case.opened(token, now) is not None:
                    return token
        return None

    def _token(self, reference: str, victim_id: str, issued_at: datetime, now: datetime) -> str | None:
        try:
            return self._pages.token(reference, victim_id, issued_at, now)
        except ValueError:
            return None

    def _counted(self, source: str, now: datetime) -> bool:
        window = self._rules.source_window
        number = (now - _EPOCH) // window
        return self._limits.take(f"letter-codes#{source}#{number}", self._rules.per_source, _EPOCH + (number + 1) * window)


def _is_letter(row: Notification, tag: str) -> bool:
    return row.for_victim and row.channel is Channel.LETTER and row.state in ACCEPTED and tag_of(row.notification_id) == tag
