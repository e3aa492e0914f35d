"""What one version of a record changed against the one before it."""

import pytest

from infra.local.received import MOST_CHANGES, changes


def record(*victims, **occurrence):
    return {"message_id": str(len(occurrence)), "sent_at": "x", "occurrence": {"status": "open", "victims": list(victims)} | occurrence}


ALEX = {"id": "V1", "email": "alex@example.org", "address": ["1 Wood Street", "Heanor"], "contact_safety": {"safe_channels": ["email"]}}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (record(ALEX), record(ALEX), ()),
        (record(version=1, recorded_at="a"), record(version=2, recorded_at="b"), ()),
        (record(), record(status="closed"), ("status: open → closed",)),
        (record(flags={"domestic_abuse": None}), record(flags={"domestic_abuse": True}), ("flags.domestic_abuse: nothing → yes",)),
        (record(restricted=False), record(), ("restricted: no → nothing",)),
        (record(markers=[]), record(markers=["fgm", "x"]), ("markers: none → fgm, x",)),
        (
            record(offences=[{"code": "28E"}]),
            record(offences=[{"code": "28F"}, {"code": "8N"}]),
            ("offences[0].code: 28E → 28F", "offences[1].code: nothing → 8N"),
        ),
        (record(ALEX), record(), ("victim V1 is not named any more",)),
        (record(), record(ALEX), ("victim V1 is new",)),
        (record({"id": "V2"}, ALEX), record(ALEX | {"email": ""}, {"id": "V2"}), ("victim V1, email: alex@example.org → nothing",)),
        (
            record(ALEX),
            record(ALEX | {"contact_safety": {"safe_channels": ["email", "sms"]}}),
            ("victim V1, contact_safety.safe_channels: email → email, sms",),
        ),
    ],
)
def test_what_changed(before, after, told):
    assert changes(before, after) == told


def test_not_more_than_can_be_read():
    told = changes(record(), record(**{f"field{number}": number for number in range(30)}))
    assert len(told) == MOST_CHANGES + 1
    assert told[-1] == "and 18 more"
