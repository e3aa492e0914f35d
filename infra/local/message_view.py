"""Messages as their readers have them: one, with everything that it takes to look at it, and the newest of all.

Must not change anything; a mail's HTML is only ever shown in a sandboxed frame.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.sms_segments import encoding, segments
from infra.local.case_words import message_title, state_means, why_not_yet
from infra.local.due import stamp
from infra.local.live_tables import Item, items, plain, reference_of, text
from infra.local.machine import Machine
from infra.local.outbox_store import Accepted
from infra.local.pdf_view import page_texts
from infra.local.plain_words import CHANNELS, named

PDF = "application/pdf"
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class File:
    """An attached file. `pages` are the texts of a PDF's pages, whose pictures stand at `url` + `/<number>.png`."""

    name: str
    content_type: str
    size: int
    url: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """What a text message costs: `units` are septets or UTF-16 units as the encoding counts them."""

    encoding: str
    segments: int
    characters: int


@dataclass(frozen=True, slots=True)
class MessageView:
    """One accepted message. `row` is its row of the outbox as plain texts, empty where no row of ours asked for it; `about` are the
    occurrences that a reminder's lines name."""

    message_id: str
    channel: str
    title: str
    sender: str
    to: str
    subject: str | None
    at: str
    words: str
    frame: str | None
    files: tuple[File, ...]
    text: Text | None
    headers: Mapping[str, str]
    row: Mapping[str, Any]
    state: str
    meaning: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of messages."""

    message_id: str
    title: str
    channel: str
    to: str
    subject: str
    at: str
    reference: str | None
    audience: str
    state: str


def message_view(machine: Machine, message_id: str) -> MessageView | None:
    """A mail or text by the provider's id, or a letter by its notification id; None where there is none."""
    accepted = machine.cloud.outbox.find(message_id)
    if accepted is not None:
        return _accepted(accepted, _row(accepted.notification_id))
    pdf = machine.letters.pdf(message_id)
    return None if pdf is None else _letter(message_id, pdf, _row(message_id))


def newest(machine: Machine, channel: str, audience: str, page: int) -> tuple[list[Listed], int]:
    """One page of the messages, newest first, and how many there are; `channel` and `audience` narrow where they are not empty."""
    rows = {text(row, "notification_id"): row for row in items("notifications")}
    lines = [_line(message, rows.get(message.notification_id, {})) for message in machine.cloud.outbox.all()]
    lines += [_letter_line(row) for row in rows.values() if text(row, "channel") == "letter" and text(row, "sent_at")]
    wanted = [line for line in lines if channel in ("", line.channel) and audience in ("", line.audience)]
    wanted.sort(key=lambda line: line.at)  # stable: within a second they stay in the order in which they left
    wanted.reverse()
    return wanted[page * PAGE_SIZE : (page + 1) * PAGE_SIZE], len(wanted)


def _row(notification_id: str) -> Item:
    return next((row for row in items("notifications") if text(row, "notification_id") == notification_id), {})


def _title(row: Item, channel: str) -> str:
    if text(row, "message") is None:
        return f"A message by {named(CHANNELS, channel)} that no row of ours asked for"
    return message_title(plain(row))


def _view(row: Item, **values: Any) -> MessageView:
    told = plain(row)
    state = str(told.get("state") or "")
    meaning = " ".join(part for part in (f"{state_means(told)}." if state else "", why_not_yet(told)) if part)
    return MessageView(row=told, state=state, meaning=meaning[:1].upper() + meaning[1:], about=_about(told), **values)


def _about(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reference for reference, _ in row.get("lines") or ()))


def _accepted(message: Accepted, row: Item) -> MessageView:
    address = f"/local/message/{message.provider_message_id}"
    files = [
        File(file.filename, file.content_type, file.size, f"{address}/{index}", _pages(file.content_type, message, index))
        for index, file in enumerate(message.attachments)
    ]
    sms = Text(encoding(message.text), segments(message.text), len(message.text)) if message.channel == "sms" else None
    return _view(
        row,
        message_id=message.provider_message_id,
        channel=message.channel,
        title=_title(row, message.channel),
        sender=message.from_,
        to=message.to,
        subject=message.subject,
        at=stamp(message.accepted_at),
        words=message.text,
        frame=f"{address}/html" if message.html else None,
        files=tuple(files),
        text=sms,
        headers=message.headers,
    )


def _pages(content_type: str, message: Accepted, index: int) -> tuple[str, ...]:
    return page_texts(message.content_of(index)) if content_type == PDF else ()


def _letter(notification_id: str, pdf: bytes, row: Item) -> MessageView:
    pages = page_texts(pdf)
    file = File(f"{notification_id}.pdf", PDF, len(pdf), f"/local/letter/{notification_id}.pdf", pages)
    return _view(
        row,
        message_id=notification_id,
        channel="letter",
        title=_title(row, "letter"),
        sender="",
        to="",
        subject=None,
        at=text(row, "sent_at") or "",
        words="\n\n".join(pages),
        frame=None,
        files=(file,),
        text=None,
        headers={},
    )


def _line(message: Accepted, row: Item) -> Listed:
    return Listed(
        message.provider_message_id,
        _title(row, message.channel),
        message.channel,
        message.to,
        message.subject if message.subject is not None else message.text,
        stamp(message.accepted_at),
        reference_of(row),
        text(row, "audience") or "",
        text(row, "state") or "",
    )


def _letter_line(row: Item) -> Listed:
    key = text(row, "notification_id") or ""
    return Listed(
        key,
        _title(row, "letter"),
        "letter",
        "by post, as the picture shows",
        "",
        text(row, "sent_at") or "",
        reference_of(row),
        text(row, "audience") or "",
        text(row, "state") or "",
    )
