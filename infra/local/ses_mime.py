"""What makes a mail sound enough for SES: its MIME structure, headers and addresses, and the refusals for one that is not.

Must not know about accounts, identities or receipts.
"""

import re
from email import errors, message_from_bytes, policy
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from infra.local.outbox_store import content_bytes
from infra.local.refusals import RefusedError

_ONCE = ("From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")
_MAX_LINE = 998
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_BROKEN = (
    errors.NoBoundaryInMultipartDefect,
    errors.StartBoundaryNotFoundDefect,
    errors.CloseBoundaryNotFoundDefect,
    errors.MissingHeaderBodySeparatorDefect,
    errors.MultipartInvariantViolationDefect,
    errors.InvalidMultipartContentTransferEncodingDefect,
    errors.FirstHeaderLineIsContinuationDefect,
    errors.InvalidBase64LengthDefect,
    errors.InvalidBase64CharactersDefect,
    errors.InvalidBase64PaddingDefect,
)
# Of the file name endings that SES refuses ("SES unsupported attachment types"), the ones that run.
_REFUSED_FILES = frozenset(
    {"bat", "chm", "cmd", "com", "cpl", "exe", "hta", "jar", "js", "lnk", "msi", "pif", "ps1", "reg", "scr", "vbs", "wsf"}
)


def bad(message: str) -> RefusedError:
    """SES's answer to a request that is wrong in itself."""
    return RefusedError("BadRequestException", message)


def parsed(raw: bytes) -> EmailMessage:
    """The mail as a tree, after the checks on structure and headers; RefusedError where SES would refuse it."""
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    if not raw.strip():
        raise bad("Raw message data is empty.")
    if b"\0" in raw:
        raise bad("Message contains a NUL character.")
    if any(len(line) > _MAX_LINE for line in raw.splitlines()):
        raise bad(f"Line length exceeds {_MAX_LINE} characters.")
    if any(byte > 127 for byte in head):
        raise bad("Header fields must be 7-bit ASCII.")
    try:
        mail = message_from_bytes(raw, policy=policy.default)
        _check_headers(mail)
        for part in mail.walk():
            _check_part(part)
    except (AttributeError, LookupError, TypeError, ValueError):  # what the standard library's parser raises on hostile headers
        raise bad("Malformed MIME: a header cannot be parsed.") from None
    return mail


def _check_headers(mail: EmailMessage) -> None:
    names = [name.lower() for name, _ in mail.items()]  # parses every header
    for name in _ONCE:
        if names.count(name.lower()) > 1:
            raise bad(f"Duplicate header '{name}'.")
    if mail["From"] is None:
        raise bad("Missing required header 'From'.")
    if isinstance(mail["From"], AddressHeader) and len(mail["From"].addresses) != 1:
        raise bad("Expected exactly one address in 'From'.")


def _check_part(part: EmailMessage) -> None:
    if not part.is_multipart():
        part.get_payload(decode=True)  # finds the defects of the transfer encoding
    found = [defect for defect in part.defects if isinstance(defect, _BROKEN)]
    if found:
        raise bad(f"Malformed MIME: {type(found[0]).__name__.removesuffix('Defect')}.")
    ending = (part.get_filename() or "").rpartition(".")[2].lower()
    if ending in _REFUSED_FILES:
        raise bad(f"Illegal filename extension '{ending}'.")


def recipients_of(mail: EmailMessage, destination: Any) -> list[str]:
    """The envelope's recipients: of the request where it names any, else of the mail's To, Cc and Bcc; each once, in order."""
    named = destination if isinstance(destination, dict) else {}
    listed = [entry for kind in ("ToAddresses", "CcAddresses", "BccAddresses") for entry in named.get(kind) or []]
    if listed:
        return list(dict.fromkeys(address_of(str(entry)) for entry in listed))
    found: list[Address] = []
    for header in (mail["To"], mail["Cc"], mail["Bcc"]):
        if isinstance(header, AddressHeader):
            found += header.addresses
    return list(dict.fromkeys(address.addr_spec for address in found))


def body_text(mail: EmailMessage, kind: str) -> str | None:
    """The mail's body of one kind (plain or html) as text, or None; what cannot be decoded is shown as such, never guessed."""
    part = mail.get_body((kind,))
    if not isinstance(part, EmailMessage):
        return None
    try:
        return clean(part.get_content())
    except LookupError:  # a charset that nobody knows
        return content_bytes(part).decode("ascii", "replace")


def clean(value: object) -> str:
    """Text that can be written as UTF-8 whatever an encoded word held."""
    return str(value).encode("utf-8", "replace").decode()


def address_of(mailbox: str) -> str:
    """The bare address of `Name <address>`."""
    return parseaddr(mailbox)[1] or mailbox


def check_address(address: str) -> None:
    """Refuse an address as SES words it."""
    local, at, domain = address.rpartition("@")
    if not at:
        raise bad("Missing final '@domain'")
    if not _LOCAL_PART.fullmatch(local) or len(local) > 64:
        raise bad("Local address contains control or whitespace")
    if not _DOMAIN.fullmatch(domain) or len(domain) > 255:
        raise bad("Domain contains illegal character")


def composed(request: dict[str, Any], simple: Any) -> bytes:
    """The mail that SES would compose of `Simple` content (subject, text, html)."""
    try:
        destination = request.get("Destination") or {}
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = request["FromEmailAddress"]
        for name, key in (("To", "ToAddresses"), ("Cc", "CcAddresses")):
            if destination.get(key):
                mail[name] = ", ".join(destination[key])
        if request.get("ReplyToAddresses"):
            mail["Reply-To"] = ", ".join(request["ReplyToAddresses"])
        mail["Subject"] = simple["Subject"]["Data"]
        _fill(mail, simple["Body"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise bad("Simple content needs FromEmailAddress, Destination, Subject and Body of text.") from None
    return mail.as_bytes()


def _fill(mail: EmailMessage, body: dict[str, Any]) -> None:
    if "Text" in body:
        mail.set_content(body["Text"]["Data"])
        if "Html" in body:
            mail.add_alternative(body["Html"]["Data"], subtype="html")
    else:
        mail.set_content(body["Html"]["Data"], subtype="html")
