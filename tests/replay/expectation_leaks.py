"""The product's independent leak check over what a replay through fakes sent: whether anything went to somebody whom it may not go to.

Words are not looked at, since fakes write none: tests/e2e/test_replay.py does, over a machine.
"""

from __future__ import annotations

from typing import Any

from chalicelib.domain.leaks import Leak
from chalicelib.services.leak_check import LeakCheck
from tests import builders
from tests.replay.expectation_house import Replayed


def leaks(played: Replayed) -> list[Leak]:
    """Every leak among the e-mails, texts and letters that left. A letter of a fake holds its content, and so the lines of its address."""
    world = played.world
    sent = [(mail.notification_id, mail.to) for mail in world.email.sent] + [(text.notification_id, text.to) for text in world.sms.sent]
    sent += [(key, letter.pdf.decode()) for key, letter in world.letters.letters.items()]
    return LeakCheck(world.cases, world.archive, played.house.profile).run(_entry(played, *one) for one in sent)


def _entry(played: Replayed, notification_id: str, to: str) -> dict[str, Any]:
    """As /local/outbox.json has it: a message about many cases names none."""
    row = played.world.cases.rows[notification_id]
    return {
        "notification_id": notification_id,
        "reference": row.reference if row.victim_id else None,
        "audience": str(row.audience),
        "channel": str(row.channel),
        "to": to,
        "accepted_at": builders.iso(row.sent_at or row.created_at),
        "message": str(row.template),
        "language": row.language,
        "subject": None,
        "text": "",
        "html": None,
        "attachments": [],
    }
