"""How a page of the local console is made: templates, filters, security headers, and the answer.

Must not know what a page shows, and never lets a page run anything but the console's own script.
"""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from infra.local.clock import SimulatedClock
from infra.local.http_server import Reply
from infra.local.plain_words import WORDS, named

FOLDER = Path(__file__).parent / "templates"
LONDON = ZoneInfo("Europe/London")
_END_OF_DAY = " 23:59:59"
HTML = "text/html; charset=utf-8"
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


def london(value: str | datetime | None) -> str:
    """A stored time for a reader in London; what is no time is shown as it stands."""
    if not value:
        return ""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except ValueError:
        return str(value)
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(LONDON).strftime("%a %d %b %Y %H:%M:%S")


def by(value: str | None) -> str:
    """A deadline: the end of a day by its day alone, any other instant as it is."""
    told = london(value)
    return f"the end of {told.removesuffix(_END_OF_DAY)}" if told.endswith(_END_OF_DAY) else told


def day(value: str | datetime | None) -> str:
    """The day in London of a stored time, or a stored day."""
    return " ".join(london(value).split(" ")[:4])


def ahead(seconds: int) -> str:
    """An offset from real time in words, to the minute; empty where there is none."""
    minutes = round(abs(seconds) / 60)
    parts = [(minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute")]
    told = ", ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count)
    return f"{told} {'ahead of' if seconds > 0 else 'behind'}" if told else ""


def words(value: Any) -> str:
    """An enumeration's value as words."""
    return str(value if value is not None else "").replace("_", " ")


def sentence(value: str) -> str:
    """With a capital in front; `capitalize` would make every other letter small."""
    return value[:1].upper() + value[1:]


def number(value: int) -> str:
    """A count with its thousands apart."""
    return f"{value:,}"


def plain(key: Any, kind: str) -> str:
    """An id in plain words: `{{ rule_id|plain("rule") }}`; kinds as in `plain_words.WORDS`."""
    return named(WORDS[kind], key)


def own_links(value: str) -> Markup:
    """The text of a message, with the addresses of this machine's own pages as links: those that an officer follows from a reminder."""
    parts = _OWN_ADDRESS.split(value)
    return Markup("").join(Markup('<a href="{0}">{0}</a>').format(part) if place % 2 else part for place, part in enumerate(parts))


def readable(rows: Any) -> str:
    """Stored rows as JSON for whoever debugs; a number stays one, a set becomes a list."""
    return json.dumps(rows, ensure_ascii=False, indent=2, sort_keys=True, default=_as_json)


def _as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return sorted(value) if isinstance(value, set) else str(value)


_OWN_ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+/[\w/~.-]+)")
_TEMPLATES = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)
_TEMPLATES.filters.update(london=london, by=by, day=day, words=words, sentence=sentence, number=number, plain=plain, readable=readable)
_TEMPLATES.filters.update(own_links=own_links)


def page(clock: SimulatedClock, template: str, status: int = 200, **values: Any) -> Reply:
    """A page of the console from its template; `now` and `ahead` are there for the clock in its head."""
    return Reply(status, _render(clock, template, values), HTML, HEADERS)


def fragment(clock: SimulatedClock, template: str, **values: Any) -> Reply:
    """Part of a page, for the script that puts it in the place of an older one."""
    return Reply(200, _render(clock, template, values), HTML, HEADERS)


def asset(name: str, content_type: str) -> Reply:
    """A style sheet or script that stands beside the templates."""
    return Reply(200, (FOLDER / name).read_bytes(), content_type, {"x-content-type-options": "nosniff"})


def _render(clock: SimulatedClock, template: str, values: dict[str, Any]) -> bytes:
    now = clock.now().isoformat(timespec="seconds")
    return _TEMPLATES.get_template(template).render(now=now, ahead=ahead(clock.offset_seconds), **values).encode()
