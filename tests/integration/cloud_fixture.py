"""A running local AWS endpoint for tests: in a thread of this process, on a free loopback port.

Must not run twice at once in one process, since ministack's state is the process's: suites take `shared_cloud()` and `reset()` it.
"""

import asyncio
import atexit
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.request import Request, urlopen

import boto3
from botocore.config import Config

from infra.local.cloud import Cloud, CloudSettings, bind, serve
from infra.local.standins_ses import SesSettings
from infra.local.standins_sms import SmsSettings

REGION = "eu-west-2"
SETTINGS = CloudSettings(
    ses=SesSettings(identities=frozenset({"example.test"}), configuration_sets=frozenset({"kept-informed"})),
    sms=SmsSettings(sender_ids=frozenset({"KeptInform"}), configuration_sets=frozenset({"kept-informed"})),
)


@dataclass
class MovedClock:
    """The stand-ins' clock: real time, moved by `offset` as a test moves the handlers' own, so that receipts are of the same day."""

    offset: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset


@dataclass
class RunningCloud:
    """A started endpoint. `client(service)` makes a boto3 client for it, `cloud` is the endpoint's own object."""

    endpoint_url: str
    cloud: Cloud
    stop: Callable[[], None]
    clock: MovedClock

    def client(self, service: str, *, app_id: str | None = None, read_timeout: float = 10, attempts: int = 1) -> Any:
        """A boto3 client; `app_id` is what a worker calls itself (`ki-worker-<pid>`), `attempts` 1 means no retries."""
        config = Config(
            user_agent_appid=app_id,
            read_timeout=read_timeout,
            retries={"total_max_attempts": attempts, "mode": "standard"},
            s3={"addressing_style": "path"},
        )
        return boto3.client(
            service,
            endpoint_url=self.endpoint_url,
            region_name=REGION,
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=config,
        )

    def reset(self) -> None:
        """An empty cloud at the real time: every resource, message, rule and late receipt gone."""
        self.clock.offset = timedelta()
        self.cloud.clear()
        with urlopen(Request(f"{self.endpoint_url}/_ministack/reset", method="POST")) as response:
            response.read()


_started = threading.Lock()


@cache
def shared_cloud() -> RunningCloud:
    """The one endpoint of this test process, started at the first call and stopped at exit."""
    context = running_cloud()
    running = context.__enter__()
    atexit.register(context.__exit__, None, None, None)
    return running


@contextmanager
def running_cloud(port: int = 0, settings: CloudSettings = SETTINGS) -> Iterator[RunningCloud]:
    """Start an endpoint (port 0: any free one), and stop it at the end. RuntimeError where one is running: use `shared_cloud`."""
    if not _started.acquire(blocking=False):
        raise RuntimeError("an endpoint is running in this process already: use shared_cloud()")
    clock = MovedClock()
    cloud = Cloud(settings, clock)
    listener = bind("127.0.0.1", port)
    bound = listener.getsockname()[1]
    loop = asyncio.new_event_loop()
    shutdown = asyncio.Event()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve(cloud, "127.0.0.1", bound, shutdown, listener))

    thread = threading.Thread(target=run, name="local-aws", daemon=True)
    thread.start()

    def stop() -> None:
        if thread.is_alive():
            loop.call_soon_threadsafe(shutdown.set)
            thread.join()

    try:
        yield RunningCloud(f"http://127.0.0.1:{bound}", cloud, stop, clock)
    finally:
        stop()
        _started.release()
