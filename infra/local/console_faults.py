"""The console's faults: what may be made to go wrong, what is armed, and the repair to watch.

Must not strike by itself: it puts rules in force, and the endpoint strikes the next call that fits.
"""

from dataclasses import dataclass
from typing import Any

from infra.local.console_forms import fields, see_other
from infra.local.faults import FaultRuleError
from infra.local.http_server import Reply, Request
from infra.local.machine import Machine
from infra.local.pages import fragment, page
from infra.local.repair import repair

Rule = dict[str, Any]
BACK = "/local/faulting#armed"
MODE_WORDS = {
    "throttle": "refused as too many calls",
    "error": "refused with an internal error",
    "timeout_before": "never answered, and not done",
    "timeout_after": "done, but never answered",
    "conflict": "refused by a conflict with another write",
    "crash_before": "worker killed before the call is done",
    "crash_after": "worker killed after the call is done",
}
SERVICE_WORDS = {
    "ses": "E-mail (SES)",
    "sms": "Text messages (SMS)",
    "dynamodb": "Tables (DynamoDB)",
    "sqs": "Queues (SQS)",
    "s3": "Buckets (S3)",
    "sns": "Topics (SNS)",
}


@dataclass(frozen=True, slots=True)
class Preset:
    """One fault behind a button: its rule, and what should come of it."""

    name: str
    title: str
    expect: str
    rule: Rule


def _rule(service: str, operation: str, mode: str, times: int) -> Rule:
    return {"service": service, "operation": operation, "mode": mode, "times": times}


PRESETS = (
    Preset(
        "mail-throttled",
        "The mail service refuses the next 3",
        "What was refused waits a minute, then two, then four, and is tried again until it leaves. Nobody is told twice.",
        _rule("ses", "SendEmail", "throttle", 3),
    ),
    Preset(
        "mail-answer-lost",
        "A mail leaves, but its answer is lost",
        "Its outcome is unknown, and it is not sent again. The receipt then says that it was delivered.",
        _rule("ses", "SendEmail", "timeout_after", 1),
    ),
    Preset(
        "killed-before",
        "The worker is killed before a mail leaves",
        "The claim runs out and the outcome is unknown. No receipt comes, so after a quarter of an hour the officer is asked: a victim is "
        "never told twice, nor silently not at all.",
        _rule("ses", "SendEmail", "crash_before", 1),
    ),
    Preset(
        "killed-after",
        "The worker is killed after a mail left",
        "The receipt finds a message that nobody recorded as sent, and records it. It is not sent again.",
        _rule("ses", "SendEmail", "crash_after", 1),
    ),
    Preset(
        "text-answer-lost",
        "A text leaves, but its answer is lost",
        "As with the mail: the receipt tells, and there is no second text.",
        _rule("sms", "SendTextMessage", "timeout_after", 1),
    ),
    Preset(
        "table-conflict",
        "The next 3 decisions meet a conflict",
        "Another write was faster: the case is read again and decided again, from what is there now.",
        _rule("dynamodb", "TransactWriteItems", "conflict", 3),
    ),
    Preset(
        "queue-fails",
        "The dispatch queue fails 3 times",
        "The hint is lost, the row stands. The sweep finds it when it is due.",
        _rule("sqs", "SendMessageBatch", "error", 3),
    ),
    Preset(
        "bucket-fails",
        "The buckets refuse 3 writes",
        "The record or the letter goes back to its queue and is taken up again after a few seconds.",
        _rule("s3", "PutObject", "error", 3),
    ),
)
_BY_NAME = {preset.name: preset for preset in PRESETS}


class FaultsPage:
    """The page; it holds nothing."""

    def show(self, machine: Machine, _request: Request) -> Reply:
        """What may be switched on, what is, and how the repair goes."""
        return self._page(machine)

    def repair(self, machine: Machine, _request: Request) -> Reply:
        """The live part alone."""
        return fragment(machine.clock, "faults_live.html", **_standing(machine))

    def post(self, machine: Machine, request: Request) -> Reply:
        """Switch a fault on, or all of them off."""
        posted = fields(request)
        if posted.get("do") == "clear":
            machine.cloud.faults.replace([])
            return see_other(BACK)
        try:
            machine.cloud.faults.add([_asked(posted)])
        except FaultRuleError as error:
            return self._page(machine, 400, error, posted)
        return see_other(BACK)

    def _page(self, machine: Machine, status: int = 200, error: FaultRuleError | None = None, typed: dict[str, str] | None = None) -> Reply:
        return page(
            machine.clock,
            "faults.html",
            status,
            error=f"{error.path.removeprefix('[0].').removeprefix('[0]').capitalize()}: {error.reason}." if error else "",
            field=error.path.removeprefix("[0].") if error else "",
            typed=typed or {},
            presets=PRESETS,
            services=SERVICE_WORDS,
            modes=MODE_WORDS,
            offset=machine.clock.offset_seconds,
            **_standing(machine),
        )


def _asked(posted: dict[str, str]) -> Rule:
    """The rule of a button, or of the form. Raises `FaultRuleError` for a button that there is not."""
    name = posted.get("preset")
    if name is not None:
        if name not in _BY_NAME:
            raise FaultRuleError("preset", "there is no such fault")
        return _BY_NAME[name].rule
    rule: Rule = {"service": posted.get("service"), "mode": posted.get("mode"), "times": _number(posted.get("times", ""))}
    return rule | ({"operation": posted["operation"]} if posted.get("operation") else {})


def _number(text: str) -> int | str:
    """The number typed; what is none is for the rule's own check to refuse."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _standing(machine: Machine) -> dict[str, Any]:
    depths = machine.status.queues.depths()
    return {
        "armed": machine.cloud.faults.remaining(),
        "repair": repair(machine.cloud.faults.hits()),
        "waiting": {name: depth for name, depth in depths.items() if any(depth.values())},
        "mode_words": MODE_WORDS,
        "service_words": SERVICE_WORDS,
    }
