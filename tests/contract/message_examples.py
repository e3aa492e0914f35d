"""Typed contents of every message for fictional people, and hostile values to put into them.

Must not render or assert.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from chalicelib.domain.contact_content import Claim, ContactConfirmation, ContactNote
from chalicelib.domain.event_news import EventNews, NewsItem
from chalicelib.domain.events import EventType
from chalicelib.domain.links import PageLink
from chalicelib.domain.messages import (
    Acknowledgement,
    ContactWay,
    ForceContact,
    OfficerContact,
    Reader,
    Referral,
    ReferralCrime,
    ServiceContact,
    ServiceNotice,
    Task,
    UpdatePromise,
)
from chalicelib.domain.model import Channel
from chalicelib.domain.page_content import OneTimeCode
from chalicelib.domain.update_content import OfficerUpdate

FORCE = ForceContact(
    name="Derbyshire Constabulary",
    short_name="Derbyshire Police",
    website="www.derbyshire.police.uk",
    non_emergency="101",
    text_relay="18001 101",
    reply_to="victim-information@derbyshire-police.test",
    privacy_notice="www.derbyshire.police.uk/privacy-notice",
    victims_code_leaflet="www.derbyshire.police.uk/victims-code",
    postal_address=("Derbyshire Constabulary", "Butterley Hall", "Ripley", "DE5 3RS"),
)
OFFICER = OfficerContact("PC Sam Ash", "2345", "101", "sam.ash@example.test")
SERVICE = ServiceContact("Derbyshire Victim Services", "0800 612 6505", "www.core-derbyshire.com", "referrals@service.test")

PROMISE = UpdatePromise(every_days=10, method=Channel.EMAIL, next_on=date(2026, 11, 30), proposed=True)

ACKNOWLEDGEMENT = Acknowledgement(
    force=FORCE,
    reader=Reader.VICTIM,
    greeting_name="Alex Morgan",
    references=("26000712345",),
    crimes=("burglary of a home",),
    reported_on=date(2026, 11, 20),
    officer=OFFICER,
    closed=False,
    updates=PROMISE,
    service=SERVICE,
    referred=True,
    passed_on=("your name", "what the crime was", "your email address"),
    other_support=(ServiceContact("Victim Support", "0808 168 9111", "www.victimsupport.org.uk"),),
    restorative_justice=True,
    compensation=True,
    enhanced=False,
    channel_reason=None,
    address=("Alex Morgan", "1 Wood Street", "Heanor", "DE75 7XX"),
    written_on=date(2026, 11, 20),
)
EVENT = EventNews(
    force=FORCE,
    reader=Reader.VICTIM,
    greeting_name="Alex Morgan",
    reference="26000712345",
    items=(
        NewsItem(EventType.ARRESTED, date(2026, 11, 23), "Somebody saw what happened."),
        NewsItem(EventType.RELEASED_ON_BAIL, date(2026, 11, 24), "We need more time to look at what we have."),
    ),
    officer=OFFICER,
    review=None,
    review_until=date(2027, 2, 25),
    service=None,
    updates=ACKNOWLEDGEMENT.updates,
    channel_reason=None,
    address=ACKNOWLEDGEMENT.address,
    written_on=date(2026, 11, 25),
)
UPDATE = OfficerUpdate(
    force=FORCE,
    reader=Reader.VICTIM,
    greeting_name="Alex Morgan",
    reference="26000712345",
    start="still_looking",
    words="We have asked the shop for film from its cameras.",
    next_on=date(2026, 12, 8),
    officer=OFFICER,
    updates=replace(PROMISE, proposed=False),
    channel_reason=None,
    address=ACKNOWLEDGEMENT.address,
    written_on=date(2026, 11, 28),
)
NOTE = ContactNote(
    force=FORCE,
    to="PC Sam Ash",
    reference="26000712345",
    task_id="0" * 32,
    asks="Answer this message. If it needs no answer, record that it is done",
    received_at=datetime(2026, 11, 20, 11, 1, tzinfo=UTC),
    due_at=datetime(2026, 11, 27, 23, 59, 59, tzinfo=UTC),
    danger=False,
    alarmed=False,
    link="http://127.0.0.1:8000/officer/abc",
    claim=Claim("Kim Field", "kim@elsewhere.test", "07700 900999", "After six", ("I found the receipt.", "Please call me.")),
    because="The officer in the case has left.",
)
CONFIRMATION = ContactConfirmation(FORCE, "26000712345")
CODE = OneTimeCode(FORCE, "123456", 10)
PAGE = PageLink(
    "https://kept-informed.test/case/rg5LzBe3OxIeqKxkhpr161sidmljdGltIiwiMjYwMDAwMDAwMDEiLCJWMiIsMTc5NTk1OTk1MiwxODA0NTk5OTUyXQ"
)
ON_PAPER = replace(PAGE, entry="https://kept-informed.test/case", code="7K3M-90QX-2HDV")
TASK = Task(
    force=FORCE,
    to="Victim Care Unit",
    reference="26000712345",
    task_id="4f0c2d",
    owed="Decide who should support the victim",
    due_at=datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC),
    urgent=True,
    destinations=("IDVA",),
    missing=("flags.domestic_abuse", "victims[V1].date_of_birth"),
    because="Held because of another record.",
)
NOTICE = ServiceNotice(force=FORCE, service=SERVICE, reference="26000712345", unit_name="Victim Care Unit", unit_phone="101")
REFERRAL = Referral(
    force=FORCE,
    service=SERVICE,
    crimes=(
        ReferralCrime(
            reference="26000712345",
            offence="Burglary of a home",
            home_office_class="28E",
            reported_on=date(2026, 11, 20),
            occurred_from=datetime(2026, 11, 19, 22, tzinfo=UTC),
            occurred_to=datetime(2026, 11, 20, 7, tzinfo=UTC),
            district="Amber Valley",
        ),
    ),
    victim_name="Alex Morgan",
    safe_name=None,
    reach_through=None,
    contact=(ContactWay("Email", "alex.morgan@example.org"), ContactWay("Text message", "07700 900123")),
    contact_confirmed=True,
    safe_hours="weekdays after 6pm",
    voicemail_ok=None,
    may_say_police=None,
    instructions="Please do not ring the doorbell.",
    requests="Help with new locks.",
    language="English",
    communication_needs=("large print",),
    enhanced=True,
    enhanced_reasons=("persistently_targeted",),
    officer=OFFICER,
    made_on=date(2026, 11, 20),
)

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% include 'x' %}{# y #}",
    "# Heading",
    "* bullet",
    "> inset",
    "~ preview",
    "= label: value",
    "line\r\nSubject: other\n\n## break",
    "one\u2028two\x85three\x0bfour",
    "\u202eevil\u2066x\u2069\u200f",
    "https://evil.example/?a=1",
    '#strong[x] $a$ \\ *b* _c_ @d <e> `f` #panic("x")',
    "x\ue000y\ue001z\ue002",
    "&amp; &lt;b&gt;",
)
NAMES = (
    "Siân Ŵyn Ŷ",
    "Łukasz Żółć-Ståhl",
    "محمد علی",
    "می‌خواهم",
    "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "Zoë 🙂👨‍👩‍👧",
    "王小明",
    "Nguyễn Thị Ánh",
    "O’Neil",
)
