"""The SES stand-in through the real SDK: what it refuses and with which code, what it keeps of a mail, which receipts each mailbox brings.

Must not test faults: those are test_cloud_faults.py.
"""

import time
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.cloud_fixture import RunningCloud
from tests.integration.local.receipts_queue import receipts_queue

HEAD = "From: Force <force@example.test>\r\nTo: alex@example.org\r\nSubject: News\r\n"
TAGS = [{"Name": "notification_id", "Value": "n-1"}]


def raw(source: str | bytes) -> dict[str, Any]:
    return {"Content": {"Raw": {"Data": source.encode() if isinstance(source, str) else source}}}


def send(cloud: RunningCloud, **changes: Any) -> str:
    request = {**raw(HEAD + "\r\nHello\r\n"), "EmailTags": TAGS, "ConfigurationSetName": "kept-informed", **changes}
    wanted = {key: value for key, value in request.items() if value is not None}
    return str(cloud.client("sesv2").send_email(**wanted)["MessageId"])


def to(*addresses: str) -> dict[str, Any]:
    return {"Destination": {"ToAddresses": list(addresses)}}


BAD = "BadRequestException"
MULTIPART = HEAD + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed"


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"ConfigurationSetName": "other"}, "NotFoundException", "Configuration set <other> does not exist"),
        ({"FromEmailAddress": "who@elsewhere.test"}, "MessageRejected", "not verified"),
        (raw(HEAD.replace("example.test", "notexample.test") + "\r\nx"), "MessageRejected", "region EU-WEST-2: force@notexample.test"),
        (to("reject@example.org"), "MessageRejected", "content was not accepted"),
        (to("nobody"), BAD, "Missing final '@domain'"),
        (to("a b@example.org"), BAD, "Local address contains control or whitespace"),
        (to("a..b@example.org"), BAD, "Local address"),
        (to("é@example.org"), BAD, "Local address"),
        (to("a@exa_mple.org"), BAD, "Domain contains illegal character"),
        (to("a@localhost"), BAD, "Domain contains illegal character"),
        (to(*[f"a{number}@example.org" for number in range(51)]), BAD, "Recipient count exceeds 50"),
        (raw("From: force@example.test\r\nSubject: News\r\n\r\nx"), BAD, "Missing required destination"),
        ({"EmailTags": None}, BAD, "exactly one message tag"),
        ({"EmailTags": [*TAGS, {"Name": "name", "Value": "Alex"}]}, BAD, "exactly one message tag"),
        ({"EmailTags": [{"Name": "id", "Value": "n-1"}]}, BAD, "exactly one message tag"),
        ({"EmailTags": [{"Name": "notification_id", "Value": "n 1"}]}, BAD, "Invalid tag value"),
        ({"EmailTags": [{"Name": "notification_id", "Value": "n" * 257}]}, BAD, "Invalid tag value"),
        ({"Content": {}}, BAD, "exactly one of Raw, Simple, Template"),
        ({"Content": {"Template": {"TemplateName": "t"}}}, BAD, "no templates"),
        (raw(b""), BAD, "is empty"),
        (raw("To: alex@example.org\r\n\r\nx"), BAD, "Missing required header 'From'"),
        (raw("Subject: a\r\n" + HEAD + "\r\nx"), BAD, "Duplicate header 'Subject'"),
        (raw("From: b@example.test\r\n" + HEAD + "\r\nx"), BAD, "Duplicate header 'From'"),
        (raw("From: a@example.test, b@example.test\r\nTo: alex@example.org\r\n\r\nx"), BAD, "exactly one address in 'From'"),
        (raw(HEAD + "X-Note: é\r\n\r\nx"), BAD, "7-bit ASCII"),
        (raw(HEAD + "\r\n\0"), BAD, "NUL"),
        (raw(HEAD + "\r\n" + "x" * 999), BAD, "Line length exceeds 998"),
        (raw(HEAD + "no colon in this line\r\n\r\nx"), BAD, "MissingHeaderBodySeparator"),
        (raw(MULTIPART + "\r\n\r\nx"), BAD, "NoBoundaryInMultipart"),
        (raw(MULTIPART + "; boundary=b\r\n\r\nx"), BAD, "StartBoundaryNotFound"),
        (raw(MULTIPART + "; boundary=b\r\n\r\n--b\r\n\r\nx"), BAD, "CloseBoundaryNotFound"),
        (raw("From: a:b:;;\r\nTo: alex@example.org\r\n\r\nx"), BAD, ""),
        (raw(HEAD + "Content-Transfer-Encoding: base64\r\n\r\nabcde"), BAD, "InvalidBase64"),
        (
            raw(MULTIPART + '; boundary=b\r\n\r\n--b\r\nContent-Disposition: attachment; filename="a.exe"\r\n\r\nx\r\n--b--\r\n'),
            BAD,
            "Illegal filename extension 'exe'",
        ),
    ],
)
def test_it_refuses_what_ses_refuses(cloud: RunningCloud, changes: dict[str, Any], code: str, words: str) -> None:
    with pytest.raises(ClientError) as refused:
        send(cloud, **changes)
    assert refused.value.response["Error"]["Code"] == code
    assert words in refused.value.response["Error"]["Message"]
    assert cloud.cloud.accepted == []
    assert cloud.cloud.receipts_owed() == 0


def test_it_refuses_more_than_forty_megabytes(cloud: RunningCloud) -> None:
    line = b"x" * 998 + b"\r\n"
    with pytest.raises(ClientError) as refused:
        send(cloud, **raw(HEAD.encode() + b"\r\n" + line * (40 * 1024 * 1024 // 1000 + 1)))
    assert "more than 41943040 bytes" in refused.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    ("state", "code"),
    [("suspended", "AccountSuspendedException"), ("paused", "SendingPausedException"), ("over_quota", "LimitExceededException")],
)
def test_an_account_that_may_not_send(cloud: RunningCloud, state: str, code: str) -> None:
    cloud.cloud.ses.set_account(state)
    with pytest.raises(ClientError) as refused:
        send(cloud)
    assert refused.value.response["Error"]["Code"] == code
    cloud.cloud.ses.set_account("active")
    assert send(cloud)


def test_bulk_mail_is_refused_not_lost(cloud: RunningCloud) -> None:
    with pytest.raises(ClientError) as refused:
        cloud.client("sesv2").send_bulk_email(
            DefaultContent={"Template": {"TemplateName": "t", "TemplateData": "{}"}}, BulkEmailEntries=[{"Destination": {}}]
        )
    assert refused.value.response["Error"]["Code"] == BAD


def mail_with_pdf(content: bytes) -> bytes:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = "Heddlu Dŵr <force@news.example.test>"
    mail["To"] = "Alex Morgan <alex.morgan@example.org>"
    mail["Subject"] = "Eich cyfeirnod ŵŷ £ – 26000712345"
    mail["Reply-To"] = "people@example.test"
    mail.set_content("Annwyl Alex, dŵr £5\n")
    mail.add_alternative("<p>Annwyl Alex, dŵr £5</p>\n", subtype="html")
    mail.add_attachment(content, maintype="application", subtype="pdf", filename="cyfeiriad.pdf")
    return mail.as_bytes()


def test_it_keeps_what_the_reader_sees(cloud: RunningCloud) -> None:
    content = bytes(range(256)) * 300
    source = mail_with_pdf(content)
    message_id = send(cloud, **raw(source))
    kept = cloud.cloud.accepted[0]
    assert (kept.channel, kept.to, kept.notification_id) == ("email", "alex.morgan@example.org", "n-1")
    assert kept.from_ == "Heddlu Dŵr <force@news.example.test>"
    assert kept.subject == "Eich cyfeirnod ŵŷ £ – 26000712345"
    assert kept.text.strip() == "Annwyl Alex, dŵr £5"
    assert (kept.html or "").strip() == "<p>Annwyl Alex, dŵr £5</p>"
    assert kept.headers["Reply-To"] == "people@example.test"
    attached = kept.attachments[0]
    assert (len(kept.attachments), attached.filename, attached.content_type, attached.size) == (
        1,
        "cyfeiriad.pdf",
        "application/pdf",
        len(content),
    )
    assert kept.content_of(0) == content
    assert kept.raw == source
    assert cloud.cloud.outbox.find(message_id) is kept


def test_what_it_keeps_can_always_be_written_as_utf8(cloud: RunningCloud) -> None:
    parts = 'Content-Disposition: attachment; filename="=?utf-8?b?/w==?="\r\n\r\nx\r\n--b--\r\n'
    source = MULTIPART.replace("News", "=?utf-8?b?/w==?=") + "; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=none\r\n\r\n"
    send(cloud, **raw(source.encode() + b"\xe9\r\n--b\r\n" + parts.encode()))
    kept = cloud.cloud.accepted[0]
    "".join([kept.subject or "", kept.text, *kept.headers.values(), *(file.filename for file in kept.attachments)]).encode()
    assert (kept.text.strip(), len(kept.attachments)) == ("\ufffd", 1)


def test_simple_content_is_composed(cloud: RunningCloud) -> None:
    body = {"Text": {"Data": "Hello"}, "Html": {"Data": "<p>Hello</p>"}}
    send(
        cloud,
        FromEmailAddress="Force <force@example.test>",
        Content={"Simple": {"Subject": {"Data": "News"}, "Body": body}},
        **to("alex@example.org", "sam@example.org"),
    )
    kept = cloud.cloud.accepted[0]
    assert (kept.to, kept.subject, kept.text.strip()) == ("alex@example.org, sam@example.org", "News", "Hello")


def test_accepted_messages_stay_in_order(cloud: RunningCloud) -> None:
    for number in range(20):
        send(cloud, EmailTags=[{"Name": "notification_id", "Value": f"n-{number}"}])
    assert [message.notification_id for message in cloud.cloud.accepted] == [f"n-{number}" for number in range(20)]


@pytest.mark.parametrize(
    ("local_part", "kinds"),
    [
        ("alex", ["Send", "Delivery"]),
        ("latefa", ["Send", "Delivery"]),
        ("slowinska", ["Send", "Delivery"]),
        ("ooto", ["Send", "Delivery"]),
        ("bounce", ["Send", "Bounce"]),
        ("bounced-42", ["Send", "Bounce"]),
        ("Suppressionlist", ["Send", "Bounce"]),
        ("complaint+1", ["Send", "Delivery", "Complaint"]),
        ("slow.1", ["Send", "DeliveryDelay", "Delivery"]),
        ("silent", []),
    ],
)
def test_each_mailbox_brings_its_receipts(cloud: RunningCloud, local_part: str, kinds: list[str]) -> None:
    queue = receipts_queue(cloud)
    message_id = send(cloud, **to(f"{local_part}@example.org"))
    events = queue.events()
    assert [event["eventType"] for event in events] == kinds
    for event in events:
        assert event["mail"]["messageId"] == message_id
        assert event["mail"]["tags"]["notification_id"] == ["n-1"]
        assert event["mail"]["tags"]["ses:configuration-set"] == ["kept-informed"]


def test_the_receipts_have_the_real_shape(cloud: RunningCloud) -> None:
    queue = receipts_queue(cloud)
    send(cloud, **to("bounce@example.org"))
    envelopes = queue.envelopes()
    assert {"Type", "MessageId", "TopicArn", "Message", "Timestamp"} <= set(envelopes[0])
    send(cloud, **to("suppressionlist@example.org"))
    bounce = queue.events()[1]["bounce"]
    assert (bounce["bounceType"], bounce["bounceSubType"]) == ("Permanent", "OnAccountSuppressionList")
    assert bounce["bouncedRecipients"][0]["emailAddress"] == "suppressionlist@example.org"
    send(cloud, **to("complaint@example.org"))
    complaint = queue.events()[2]["complaint"]
    assert complaint["complainedRecipients"] == [{"emailAddress": "complaint@example.org"}]
    send(cloud)
    delivered = queue.events()[1]
    assert delivered["delivery"]["recipients"] == ["alex@example.org"]
    assert delivered["mail"]["timestamp"].endswith("Z")
    assert delivered["mail"]["commonHeaders"]["subject"] == "News"


def test_a_late_mailboxs_receipts_come_when_asked_for(cloud: RunningCloud) -> None:
    queue = receipts_queue(cloud)
    first = send(cloud, **to("late@example.org"))
    second = send(cloud, **to("late-2@example.org"))
    assert (queue.events(), cloud.cloud.receipts_owed()) == ([], 0)
    assert cloud.cloud.late_receipts() == [first, second]
    assert cloud.cloud.flush_late(second) == 2
    assert [event["mail"]["messageId"] for event in queue.events()] == [second, second]
    assert cloud.cloud.flush_late() == 2
    assert [event["eventType"] for event in queue.events()] == ["Send", "Delivery"]
    assert cloud.cloud.late_receipts() == []


def test_a_reset_forgets_what_is_owed(cloud: RunningCloud) -> None:
    send(cloud, **to("slow@example.org"))
    cloud.reset()
    assert cloud.cloud.receipts_owed() == 0
    queue = receipts_queue(cloud)
    time.sleep(1.1)
    assert (queue.events(), cloud.cloud.receipts_owed()) == ([], 0)


def test_without_a_configuration_set_nobody_hears_more(cloud: RunningCloud) -> None:
    queue = receipts_queue(cloud)
    send(cloud, ConfigurationSetName=None)
    assert (queue.events(), len(cloud.cloud.accepted)) == ([], 1)


def test_receipts_without_a_topic_are_lost_not_owed(cloud: RunningCloud) -> None:
    lost = cloud.cloud.receipts_lost
    send(cloud)
    while cloud.cloud.receipts_owed():
        time.sleep(0.002)
    assert cloud.cloud.receipts_lost == lost + 2
