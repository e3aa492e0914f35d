"""What the providers ask for one unit, with where each price was read and when: the only place to change one.

Must not compute. Prices are US dollars before tax, without free allowances and discounts. `[GK]` is general knowledge that no page
read here confirms; where London's own price could not be read, the nearest that could is named.
"""

from __future__ import annotations

from dataclasses import dataclass

READ = "29 November 2026"
POUND = 1.30
"""US dollars of a pound [stated]: prices in pence are made dollars by it."""


@dataclass(frozen=True, slots=True)
class Price:
    """One unit of something. `per`: how many of `unit` the figure is for."""

    usd: float
    per: int
    unit: str
    source: str

    @property
    def each(self) -> float:
        return self.usd / self.per


_LONDON = "London [GK]"
_ANYWHERE = "the same in most regions [GK]"

PRICES: dict[str, Price] = {
    "lambda_requests": Price(0.20, 10**6, "invocations", "medium.com/@zackbloom, 2018, and unchanged since; London the same [GK]"),
    "lambda_time": Price(
        0.0000166667, 1, "GB-seconds (x86)", "cloudchipr.com/blog/aws-lambda-pricing, 2024, US East; London the same [GK]"
    ),
    "dynamodb_write": Price(
        0.7423,
        10**6,
        "write units",
        f"{_LONDON}; read: 0.625 in US East, airbyte.com/data-engineering-resources/dynamodb-pricing, July 2025",
    ),
    "dynamodb_read": Price(0.1485, 10**6, "read units", f"{_LONDON}; read: 0.125 in US East, the same page"),
    "dynamodb_storage": Price(0.297 + 0.238, 1, "GB-months with point-in-time recovery", f"{_LONDON}"),
    "sqs": Price(0.40, 10**6, "requests to queues", _ANYWHERE),
    "sns": Price(0.50, 10**6, "publications", _ANYWHERE),
    "s3_put": Price(0.0053, 1000, "objects written, and lists of them", _LONDON),
    "s3_get": Price(0.00042, 1000, "objects read", _LONDON),
    "s3_storage": Price(0.024, 1, "GB-months of objects", _LONDON),
    "logs": Price(0.5985, 1, "GB of logs", f"{_LONDON}; 0.50 in US East [GK]"),
    "email": Price(0.10, 1000, "e-mails", "superuser.com/questions/1399690, a bill of January 2019, and unchanged since [GK]"),
    "email_data": Price(0.12, 1, "GB of attachments", "the same bill"),
    "sms": Price(
        0.04,
        1,
        "segments",
        "AWS's price for the United Kingdom could not be read: [GK]. Nearest: GOV.UK Notify 1.6 pence, alphagov/notifications-admin",
    ),
    "letter": Price(
        0.76 * POUND,
        1,
        "letters of one sheet",
        "no printer is chosen. Nearest: NHS Notify 76 pence from 1 August 2025, NHSDigital/nhs-notify-web-cms",
    ),
    "kms": Price(0.03, 10_000, "requests to keys", _ANYWHERE),
    "kms_key": Price(1.00, 1, "keys a month", _ANYWHERE),
    "secret": Price(0.40, 1, "secrets a month", _ANYWHERE),
    "metric": Price(0.30, 1, "metrics of our own a month", _ANYWHERE),
    "alarm": Price(0.10, 1, "alarms a month", _ANYWHERE),
    "dashboard": Price(3.00, 1, "dashboards a month", _ANYWHERE),
    "firewall": Price(1.00, 1, "firewall rules a month, the firewall itself as five", "c3x.dev/blog/aws-waf-cost-explained"),
    "firewall_requests": Price(
        0.60,
        10**6,
        "requests through the firewall",
        "the same page; alike in all regions: aws.amazon.com/blogs/networking-and-content-delivery, cost-effective ways of AWS WAF",
    ),
    "api": Price(
        3.50, 10**6, "requests to pages", "docs.aws.amazon.com/whitepapers, best practices for private APIs, table 4; London the same [GK]"
    ),
    "sign_in": Price(
        0.015,
        1,
        "officers who sign in, a month",
        "[GK]; read: users by SAML are priced apart, aws.amazon.com/cognito/pricing",
    ),
    "scheduler": Price(1.00, 10**6, "scheduled invocations", _ANYWHERE),
}

READ_UNITS = 2
"""Of a call that reads a table: up to 8 KB, or the rows of one page [stated]."""
_ROWS = {"dynamodb_read": READ_UNITS, "kms": 1 / 1000}
_BY_WEIGHT: dict[str, float] = {}
CHARGED: dict[str, dict[str, float]] = {
    "dynamodb.Query": _ROWS,
    "dynamodb.GetItem": _ROWS,
    "dynamodb.BatchGetItem": _ROWS,
    "dynamodb.TransactWriteItems": _BY_WEIGHT,
    "dynamodb.PutItem": _BY_WEIGHT,
    "dynamodb.UpdateItem": _BY_WEIGHT,
    "dynamodb.DeleteItem": _BY_WEIGHT,
    "s3.PutObject": {"s3_put": 1, "kms": 1},
    "s3.ListObjects": {"s3_put": 1},
    "s3.ListObjectsV2": {"s3_put": 1},
    "s3.GetObject": {"s3_get": 1, "kms": 1},
    "ses.SendEmail": {"email": 1},
    "sqs.SendMessage": {"sqs": 1},
    "sqs.SendMessageBatch": {"sqs": 1},
    "sns.Publish": {"sns": 1},
    "sns.PublishBatch": {"sns": 1},
}
"""What one call is charged as. Keys of tables are cached; what writes to a table is charged by what it weighs."""
