"""What the providers ask for one unit, with the page on which the figure was read, or the word that none was: the only place to change one.

Must not compute. Prices are US dollars before tax, without free allowances and discounts. `[GK]` is general knowledge that no page
read here confirms. A page without a date of its own is `undated`.
"""

from __future__ import annotations

from dataclasses import dataclass

LOOKED_UP = "29 November 2026"
POUND = 1.30
"""US dollars of a pound [stated]: prices in pence are made dollars by it."""


@dataclass(frozen=True, slots=True)
class Price:
    """One unit of something. `per`: how many of `unit` the figure is for. `read`: the page that gives this very figure, and its date; empty
    where none was found. `note`: what of it is only known, and the nearest figure that was read."""

    usd: float
    per: int
    unit: str
    read: str = ""
    note: str = ""

    @property
    def each(self) -> float:
        return self.usd / self.per


_US_EAST = "read for US East; London the same [GK]"
_EVERYWHERE = "the page names no region; London the same [GK]"
_LONDON = "London [GK]"
_ANYWHERE = "the same in most regions [GK]"

PRICES: dict[str, Price] = {
    "lambda_requests": Price(
        0.20, 10**6, "invocations", "docs.aws.amazon.com/whitepapers, How AWS Pricing Works, Lambda, undated", _EVERYWHERE
    ),
    "lambda_time": Price(0.0000166667, 1, "GB-seconds (x86)", "wring.co/blog/aws-lambda-pricing-guide, 8 March 2026", _EVERYWHERE),
    "dynamodb_write": Price(
        0.7423,
        10**6,
        "write units",
        note=f"{_LONDON}. Nearest: 0.625 in US East, airbyte.com/data-engineering-resources/dynamodb-pricing, July 2025",
    ),
    "dynamodb_read": Price(0.1485, 10**6, "read units", note=f"{_LONDON}. Nearest: 0.125 in US East, the same page"),
    "dynamodb_storage": Price(0.297 + 0.238, 1, "GB-months with point-in-time recovery", note=_LONDON),
    "sqs": Price(0.40, 10**6, "requests to queues", "cloudburn.io/blog/amazon-sqs-pricing, 14 March 2026", _US_EAST),
    "sns": Price(0.50, 10**6, "publications", "factualminds.com/blog/amazon-sns-pricing-publishes-fanout-protocols, undated", _EVERYWHERE),
    "s3_put": Price(0.0053, 1000, "objects written, and lists of them", note=_LONDON),
    "s3_get": Price(0.00042, 1000, "objects read", note=_LONDON),
    "s3_storage": Price(0.024, 1, "GB-months of objects", note=_LONDON),
    "logs": Price(
        0.5985,
        1,
        "GB of logs",
        note=f"{_LONDON}. Nearest: 0.50, no region named, factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards, "
        "13 June 2026",
    ),
    "email": Price(0.10, 1000, "e-mails", "superuser.com/questions/1399690, a bill of January 2019", "unchanged since [GK]"),
    "email_data": Price(0.12, 1, "GB of attachments", "the same bill of January 2019", "unchanged since [GK]"),
    "sms": Price(0.04, 1, "segments", note="[GK]. Nearest: GOV.UK Notify 1.6 pence, alphagov/notifications-admin"),
    "letter": Price(
        0.76 * POUND,
        1,
        "letters of one sheet",
        note="no printer is chosen. Nearest, and taken: NHS Notify 76 pence from 1 August 2025, NHSDigital/nhs-notify-web-cms",
    ),
    "kms": Price(0.03, 10_000, "requests to keys", "wring.co/blog/aws-kms-pricing-guide, undated", _EVERYWHERE),
    "kms_key": Price(1.00, 1, "keys a month", "aws.amazon.com/kms/pricing, undated", "each yearly rotation adds as much, the same page"),
    "secret": Price(
        0.40,
        1,
        "secrets a month",
        "hivebook.wiki/wiki/aws-secrets-manager-rotated-secrets-dynamic-db-credentials-kms, undated",
        _EVERYWHERE,
    ),
    "metric": Price(0.30, 1, "metrics of our own a month", "signoz.io/guides/cloudwatch-pricing, 15 February 2026", _EVERYWHERE),
    "alarm": Price(0.10, 1, "alarms a month", note=_ANYWHERE),
    "dashboard": Price(
        3.00,
        1,
        "dashboards a month",
        "factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards, 13 June 2026",
        _EVERYWHERE,
    ),
    "trace": Price(5.00, 10**6, "traces recorded", "aws.amazon.com/xray/pricing, undated", _EVERYWHERE),
    "data_event": Price(0.10, 100_000, "data events in CloudTrail", "aws.amazon.com/cloudtrail/pricing, undated", _EVERYWHERE),
    "firewall": Price(
        1.00, 1, "firewall rules a month, the firewall itself as five", "c3x.dev/blog/aws-waf-cost-explained, undated", _EVERYWHERE
    ),
    "firewall_requests": Price(
        0.60,
        10**6,
        "requests through the firewall",
        "the same page, undated",
        "alike in all regions: aws.amazon.com/blogs/networking-and-content-delivery, cost-effective ways of AWS WAF",
    ),
    "api": Price(
        3.50,
        10**6,
        "requests to pages",
        "docs.aws.amazon.com/whitepapers, best practices for private APIs, table 4, undated",
        "London the same [GK]",
    ),
    "sign_in": Price(
        0.015,
        1,
        "officers who sign in, a month",
        note="[GK]. Read: users by SAML are priced apart, of whom fifty are free, aws.amazon.com/cognito/pricing",
    ),
    "scheduler": Price(1.00, 10**6, "scheduled invocations", note=_ANYWHERE),
}

READ_UNITS = 2
"""Of a call that reads a table: up to 8 KB, or the rows of one page [stated]."""
_ROWS = {"dynamodb_read": READ_UNITS, "kms": 1 / 1000, "data_event": 1}
_BY_WEIGHT: dict[str, float] = {"data_event": 1}
CHARGED: dict[str, dict[str, float]] = {
    "dynamodb.Query": _ROWS,
    "dynamodb.GetItem": _ROWS,
    "dynamodb.BatchGetItem": _ROWS,
    "dynamodb.TransactWriteItems": _BY_WEIGHT,
    "dynamodb.PutItem": _BY_WEIGHT,
    "dynamodb.UpdateItem": _BY_WEIGHT,
    "dynamodb.DeleteItem": _BY_WEIGHT,
    "s3.PutObject": {"s3_put": 1, "kms": 1, "data_event": 1},
    "s3.ListObjects": {"s3_put": 1, "data_event": 1},
    "s3.ListObjectsV2": {"s3_put": 1, "data_event": 1},
    "s3.GetObject": {"s3_get": 1, "kms": 1, "data_event": 1},
    "ses.SendEmail": {"email": 1},
    "sqs.SendMessage": {"sqs": 1},
    "sqs.SendMessageBatch": {"sqs": 1},
    "sns.Publish": {"sns": 1},
    "sns.PublishBatch": {"sns": 1},
}
"""What one call is charged as. Keys of tables are cached; what writes to a table is charged by what it weighs. A request to a table or a
bucket is one data event ("Understanding DynamoDB log file entries", DynamoDB developer guide), where CloudTrail keeps them."""
