"""Somebody wrote through the page "Contact an officer": keep it once, and have it routed later.

Nobody learns anything by trying: the request reads and writes the same things for every collar number and reference, and no case at all.
Must not read a case, route a message or answer by what is known.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chalicelib.domain.contact_form import ContactForm, ContactMessage
from chalicelib.domain.contact_mails import routing_row
from chalicelib.domain.danger import in_danger
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.profile import ContactForms
from chalicelib.services.page_ports import ContactMessages, Limits
from chalicelib.services.ports import ContactPoints, Queues

SAME_WITHIN = timedelta(days=1)
"""The same words again within this time are the same message: a double click, the back button, a lost connection."""
DANGER_SAME_WITHIN = timedelta(minutes=15)
"""Of words of danger: whoever writes "he is here" again hours later means now, and the control room is told again."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_HOME = 64
"""Bits of an IPv6 address that say whose connection it is; the rest changes by itself."""


@dataclass(frozen=True, slots=True)
class Received:
    """What the page shows, and nothing else: `accepted` False is "too many, please wait"; `danger` adds the 999 banner.

    `danger` follows from the words alone, never from whether anybody was told.
    """

    accepted: bool
    danger: bool


class ContactOfficer:
    """The use case behind the form. Safe to call again with the same form: it is one message."""

    def __init__(self, messages: ContactMessages, limits: Limits, points: ContactPoints, queues: Queues, forms: ContactForms) -> None:
        self._messages = messages
        self._limits = limits
        self._points = points
        self._queues = queues
        self._forms = forms

    def source_key(self, address: str) -> str:
        """Whom a request comes from, as a keyed hash: the address itself is kept nowhere. What is no address is one source."""
        try:
            found = ipaddress.ip_address(address.strip())
        except ValueError:
            return self._points.key("source", "")
        whole = f"{found}/{_ONE_HOME}" if found.version == 6 else f"{found}/32"
        return self._points.key("source", str(ipaddress.ip_network(whole, strict=False)))

    def receive(self, form: ContactForm, source_key: str, now: datetime) -> Received:
        """Take one filled form. StoreUnavailable: nothing is known; the page asks to try again or to call.

        Every accepted request makes the same calls in the same order: two counters, one read, one write, one hint. Only the very same words
        again make one write less, which tells nobody what they did not write themselves. Words of danger have a share of their own beyond
        that of their source, since many people may share an address.
        """
        danger = in_danger(form.texts, local_day(now))
        forms = self._forms
        within = DANGER_SAME_WITHIN if danger else SAME_WITHIN
        if not self._counted("source", source_key, forms.per_source, forms.source_window, now) and not (
            danger and self._counted("danger", source_key, forms.per_source, forms.source_window, now)
        ):
            return Received(False, danger)
        named = self._points.key("reference", form.reference)
        many = not self._counted("reference", named, forms.per_reference, forms.reference_window, now)
        ids = self._ids(form, within, now)
        same = [kept for kept in self._messages.get(ids).values() if abs(now - kept.received_at) <= within]
        message = same[0] if same else ContactMessage(ids[0], now, now + forms.kept, form, danger, many)
        row = routing_row(message.reference, message.message_id, message.received_at)
        if not same:
            self._messages.add(message, row)
        self._queues.dispatch([row.notification_id])  # again too: the first hint may have died with its request
        return Received(True, danger)

    def _counted(self, what: str, key: str, limit: int, window: timedelta, now: datetime) -> bool:
        number = (now - _EPOCH) // window
        return self._limits.take(f"{what}#{key}#{number}", limit, _EPOCH + (number + 1) * window)

    def _ids(self, form: ContactForm, within: timedelta, now: datetime) -> list[str]:
        """The id of these words now, and what it would have been a while before."""
        number = (now - _EPOCH) // within
        return [self._points.key("message", f"{each}\x1f{form.content}")[:32] for each in (number, number - 1)]
