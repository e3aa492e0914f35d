"""What a provisioned stack is: where its queues and topics are, and what runs its functions and on what.

Must not reach anything: `provision` fills it in, the host and the drain read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QueueSource:
    """One event source mapping: which queue feeds the function, how many messages at most, and whether its answer is read."""

    queue_arn: str
    batch_size: int
    reports_failures: bool


@dataclass(frozen=True, slots=True)
class TopicSource:
    """One subscription of a function to a topic. `queue_url` stands for the queue inside Lambda in which asynchronous invocations wait;
    `failures` is the bucket of what fails for good."""

    topic_arn: str
    queue_url: str
    failures: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a function is fired: an expression of EventBridge Scheduler, and the time zone by which its hours are meant."""

    expression: str
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Function:
    """One deployed function: its logical name, the import path of its handler, its timeout in seconds, environment and triggers."""

    name: str
    handler: str
    timeout: int
    environment: Mapping[str, str]
    sources: tuple[QueueSource, ...]
    schedules: tuple[Schedule, ...]
    topics: tuple[TopicSource, ...] = ()


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What stands now: queue URLs by queue name, topic ARNs by topic name, bucket names, and the functions by logical name."""

    endpoint_url: str
    queue_urls: Mapping[str, str]
    topic_arns: Mapping[str, str]
    buckets: tuple[str, ...]
    functions: Mapping[str, Function]

    @property
    def env_by_function(self) -> dict[str, dict[str, str]]:
        """The environment that the template gives each function, by logical name."""
        return {name: dict(function.environment) for name, function in self.functions.items()}

    @property
    def environment(self) -> dict[str, str]:
        """Every variable that any function gets; the functions agree on what they share."""
        return {key: value for function in self.functions.values() for key, value in function.environment.items()}
