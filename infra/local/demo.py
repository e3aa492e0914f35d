"""A short fictional demonstration: two officers, their supervisor and eight of the examples, to show what happens to whom.

Must not make a record of its own: the examples do. They go in by the queue, like any record.
"""

import json
from datetime import datetime

from infra.local.example_records import ASH, BY_NAME, COLE, REED, Casting, Record, envelope

_CAST = (
    ("burglary", Casting("26000712345", 1, "+447700900123")),
    ("domestic-abuse", Casting("26000712346", 2, "+447700900124")),
    ("child", Casting("26000712347", 3, "+447700900321")),
    ("business", Casting("26000712348", 4, "+447700900125")),
    ("text-message", Casting("26000712349", 5, "+447700900555")),
    ("third-party", Casting("26000712350", 6, "+447700900126")),
    ("broken", Casting("26000712351", 7, "+447700900127")),
    ("agreed-update", Casting("26000712352", 8, "+447700900600")),
)


def records(now: datetime) -> list[tuple[str, str]]:
    """What is shown, and the bodies as a records system would send them, dated shortly before `now`."""
    examples = [(BY_NAME[name], casting) for name, casting in _CAST]
    officers = [
        ("an officer, for the directory", _officer(now, ASH, None)),
        ("another officer, who has a mobile for what is due on the day", _officer(now, COLE, "+447700900600")),
        ("their supervisor, who may say at /desk that they are away", _officer(now, REED, None, supervisor=None)),
    ]
    return [*officers, *[(example.shows, example.body(now, who)) for example, who in examples]]


def _officer(now: datetime, officer: Record, mobile: str | None, supervisor: str | None = REED["collar_number"]) -> str:
    directory = officer | {"version": 1, "active": True, "mobile": mobile, "supervisor": supervisor}
    return json.dumps(envelope(now, f"demo-officer-{officer['collar_number']}", "officer") | {"officer": directory})
