"""The MIME of a mail as its reader's program takes it apart, and that no text can start a header.

Must not send.
"""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.email import mime
from chalicelib.domain.messages import Attachment, Email

SENDER = "Derbyshire Constabulary <keeping-you-informed@example.test>"
HEADERS = ["From", "To", "Reply-To", "Subject", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type"]
PDF = Attachment("referral.pdf", "application/pdf", bytes(range(256)) * 9)


def parsed(email: Email) -> EmailMessage:
    raw = mime(email, "alex@example.org", sender=SENDER, reply_to="victims@example.test").as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    return cast(EmailMessage, message_from_bytes(raw, policy=policy.default))


def mail(subject="Your report", text="Dear Alex", html: str | None = "<p>Dear Alex</p>", *attachments: Attachment) -> Email:
    return Email("n1", "alex@example.org", subject, text, html, attachments)


def body(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return found.get_content()


def test_the_headers_are_these_and_no_others():
    message = parsed(mail())
    assert message.keys() == HEADERS
    assert message["From"] == SENDER
    assert message["To"] == "alex@example.org"
    assert message["Reply-To"] == "victims@example.test"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"


def test_text_and_html_are_alternatives_and_attachments_come_beside():
    message = parsed(mail("Your report", "text", "<p>html</p>", PDF))
    assert message.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in message.walk()][1:] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "referral.pdf"
    assert attached.get_content() == PDF.content


def test_a_mail_without_html_is_plain():
    message = parsed(mail(html=None))
    assert message.get_content_type() == "text/plain"


@pytest.mark.parametrize(
    "text",
    ["", "Dear Ŵyn 🦊,\n\nهذا\n", "x" * 5000, "a\r\nb\rc\n", ".\n.\nFrom here\n", "{{ 7 * 7 }} £5 <script>"],
)
def test_a_text_comes_back(text):
    lines = text.replace("\r\n", "\n").replace("\r", "\n").splitlines() or [""]
    message = parsed(mail(text=text, html=f"<p>{text}</p>"))
    assert body(message, "plain").splitlines() == lines


@pytest.mark.parametrize(
    ("subject", "read"),
    [
        ("Your report", "Your report"),
        ("Ŵyn 🦊 " + "é" * 200, "Ŵyn 🦊 " + "é" * 200),
        ("a\r\nBcc: eve@example.org", "a Bcc: eve@example.org"),
        ("a\nb\rc\x00d\u2028e\u0085f", "a b c d e f"),
        ("=?utf-8?q?=0D=0ABcc:_eve@example.org?=", "= ?utf-8?q?=0D=0ABcc:_eve@example.org?="),
        ("", ""),
    ],
)
def test_no_subject_starts_a_header(subject, read):
    message = parsed(mail(subject=subject))
    assert message.keys() == HEADERS
    assert message["Subject"] == read


TRICKY = st.lists(
    st.sampled_from(["=?", "?=", "utf-8?q?", "=0A", "=?utf-8?b?DQpCY2M6IGV2ZQ==?=", "\r\n", ":", "a", " ", "\u202e", "é"]), max_size=12
).map("".join)


@settings(deadline=None)
@given(TRICKY)
def test_no_encoded_word_whatever_adds_a_header(subject):
    assert parsed(mail(subject=subject)).keys() == HEADERS


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_text_whatever_adds_a_header_or_a_part(subject, filename):
    message = parsed(mail(subject, "text", None, Attachment(filename, "application/pdf", b"%PDF-1.7")))
    assert sorted(message.keys()) == sorted(HEADERS)
    assert len(list(message.iter_attachments())) == 1
