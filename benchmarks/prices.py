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
    "s3_put": Price(0.0053, 1000, "objects written", _LONDON),
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
    "firewall": Price(1.00, 1, "firewall rules a month, the firewall itself as five", _ANYWHERE),
    "scheduler": Price(1.00, 10**6, "scheduled invocations", _ANYWHERE),
}
