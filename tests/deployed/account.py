"""An emulated account with the package deployed in it: its functions are ministack's own Lambda workers, started from the zip.

Must not call a handler itself: queues, the topic, the API and an invocation by name do. One a process, since ministack's state is the
process's.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.request import Request

from botocore.exceptions import WaiterError

from infra.local import aws
from infra.local.clock import SimulatedClock
from infra.local.cloud import bind, serve
from infra.local.drain import Drain, Queues
from infra.local.due import DueRows
from infra.local.host import scheduled_event
from infra.local.letters import Letters
from infra.local.machine import force_profile, provider_settings
from infra.local.moves import Mover
from infra.local.outbox_list import OutboxList
from infra.local.stack import Function, Provisioned, QueueSource, Schedule
from infra.local.table_reader import TableReader
from infra.local.template import translated
from infra.local.ticks import Ticker
from tests.deployed import bundle
from tests.deployed.front import Front

STACK = "kept-informed"
PATIENCE = 300.0


class Functions:
    """The deployed functions as the clock sees them: fired by schedule, busy or not. `names` are their deployed names by logical name."""

    def __init__(self, lambdas: Any, names: Mapping[str, str], schedules: Mapping[str, tuple[Schedule, ...]], front: Front) -> None:
        self._lambda, self._front, self.names = lambdas, front, names
        self._schedules = schedules

    def invoke(self, name: str, event: Any) -> Any:
        """What the function of this logical name answers. RuntimeError where it raised."""
        answer = self._lambda.invoke(FunctionName=self.names[name], Payload=json.dumps(event))
        content = json.loads(answer["Payload"].read() or b"null")
        if "FunctionError" in answer:
            raise RuntimeError(content)
        return content

    def scheduled_functions(self) -> list[Function]:
        return [Function(name, "", 0, {}, (), expressions) for name, expressions in self._schedules.items() if expressions]

    def fire(self, function: str, at: str) -> bool:
        with suppress(RuntimeError):
            self.invoke(function, scheduled_event(function, at))
            return True
        return False

    @property
    def busy(self) -> int:
        from ministack.core.lambda_runtime import workers_in_use

        return int(workers_in_use())

    @property
    def invocations(self) -> int:
        """What any function asked for so far: it grows while they work."""
        return self._front.calls


@dataclass
class Account:
    """Talked to as the local machine is (tests/e2e/local_machine.py), so that the same customer can be told things here."""

    url: str
    web_url: str
    front: Front
    functions: Functions
    policies: dict[str, list[dict[str, Any]]]
    clock: SimulatedClock
    mover: Mover
    listed: OutboxList
    depths: Queues

    def client(self, service: str) -> Any:
        return aws.client(service, self.url)

    def call(self, path: str, document: Any = None) -> tuple[int, Any, dict[str, str]]:
        """The three paths that a customer of the tests uses."""
        if path == "/local/clock" and document is not None:
            remaining = self.mover.move(datetime.fromisoformat(document["set"]), PATIENCE)
            return (503 if remaining else 200), remaining, {}
        if path == "/local/clock":
            return 200, {"clock": self.clock.now().isoformat()}, {}
        remaining = self.mover.drain(PATIENCE)
        return (503 if remaining else 200), remaining or {"quiet": True}, {}

    def drain(self) -> None:
        remaining = self.mover.drain(PATIENCE)
        assert remaining is None, remaining

    def outbox(self) -> list[dict[str, Any]]:
        return self.listed.messages(self.clock.offset_seconds)

    def queues(self) -> dict[str, dict[str, int]]:
        """How deep each queue is: visible and in flight."""
        return self.depths.depths()

    def workers(self, name: str) -> list[int]:
        """Running workers of a function: children of this process in its folder of the emulator."""
        mark = f"ministack-lambda-{self.functions.names[name]}-".encode()
        return [pid for pid in _children() if mark in _read(f"/proc/{pid}/cmdline")]

    def kill(self, name: str) -> list[int]:
        """kill -9 to every worker of a function: those that ran and do not any more. AssertionError where one does not die."""
        pids = self.workers(name)
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until(lambda: not set(pids) & set(self.workers(name)), 10)
        return pids

    def page(self, path: str, form: bytes | None = None) -> tuple[int, str, dict[str, str]]:
        """Through the deployed API; no redirection is followed."""
        import urllib.error

        request = Request(self.web_url + path, data=form, headers={"Accept": "text/html"})
        try:
            with _opener().open(request, timeout=60) as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(), dict(error.headers)


def _opener() -> Any:
    import urllib.request

    class Stays(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    return urllib.request.build_opener(Stays)


def _children() -> Iterator[int]:
    own = str(os.getpid()).encode()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and _read(f"/proc/{folder.name}/stat").rpartition(b")")[2].split()[1:2] == [own]:
            yield int(folder.name)


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


@contextmanager
def deployed(folder: Path) -> Iterator[Account]:
    """The package under dist/ in an emulated account of its own, as a cloud team deploys it: zip to a bucket, then the template.

    Workers run on a Python without site directories (`folder` holds it). Changes this process's environment for good.
    """
    code, sam = bundle.code(), bundle.template()
    whole = translated(sam, bundle.PARAMETERS)
    for name in [name for name in os.environ if name.startswith(("KI_", "AWS_", "PYTHON"))]:
        del os.environ[name]
    settings = replaced(provider_settings(whole, force_profile(whole)), enforced=True)
    clock = SimulatedClock()
    front = Front(settings, clock.now)
    own, sys.executable = sys.executable, str(bundle.bare_python(folder))
    before, tempfile.tempdir = tempfile.tempdir, str(folder)  # where each worker unpacks its own hundred megabytes
    with _serving(front) as url:
        account = _deploy(front, clock, url, code, sam, whole)
        try:
            yield account
        finally:
            sys.executable, tempfile.tempdir = own, before
            for name in account.functions.names:
                account.kill(name)
            for unpacked in folder.glob("ministack-lambda-*"):
                shutil.rmtree(unpacked, ignore_errors=True)


def _deploy(front: Front, clock: SimulatedClock, url: str, code: bytes, sam: Any, whole: Any) -> Account:
    client = cache(lambda service: aws.client(service, url))
    s3, formation = client("s3"), client("cloudformation")
    s3.create_bucket(Bucket=bundle.BUCKET, CreateBucketConfiguration={"LocationConstraint": aws.REGION})
    s3.put_object(Bucket=bundle.BUCKET, Key=bundle.KEY, Body=code)
    s3.put_object(Bucket=bundle.BUCKET, Key="sam.json", Body=json.dumps(bundle.taken(sam)).encode())
    formation.create_stack(
        StackName=STACK,
        TemplateURL=f"{url}/{bundle.BUCKET}/sam.json",
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in bundle.PARAMETERS.items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    _wait_until_made(formation)
    names = {
        found["LogicalResourceId"]: found["PhysicalResourceId"]
        for page in formation.get_paginator("list_stack_resources").paginate(StackName=STACK)
        for found in page["StackResourceSummaries"]
    }
    resources = whole["Resources"]
    functions = {name: names[name] for name, r in resources.items() if r["Type"] == "AWS::Lambda::Function"}
    configured = {name: client("lambda").get_function_configuration(FunctionName=own) for name, own in functions.items()}
    account_functions = Functions(client("lambda"), functions, _schedules(resources, functions), front)
    clock.bind(url)
    tables = TableReader(url)
    stack = _stack(url, resources, functions, client("sqs"))
    depths = Queues(stack)
    ticker = Ticker(clock, DueRows(url), account_functions)
    api = client("apigateway").get_rest_apis()["items"][0]["id"]
    stage = client("apigateway").get_stages(restApiId=api)["item"][0]["stageName"]
    account = Account(
        url,
        f"{url}/restapis/{api}/{stage}/_user_request_",
        front,
        account_functions,
        {name: _policies(client("iam"), found["Role"].rsplit("/", 1)[-1]) for name, found in configured.items()},
        clock,
        Mover(clock, ticker, Drain(depths, account_functions, ticker, front.receipts_owed)),
        OutboxList(front, Letters(url, names["LettersBucket"], tuple(force_profile(whole)["force"]["postal_address"])), tables, url),
        depths,
    )
    front.prepare({_key(found): name for name, found in configured.items()}, account.kill)
    return account


def _wait_until_made(formation: Any) -> None:
    """AssertionError with what CloudFormation says of each resource that could not be made."""
    try:
        formation.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    except WaiterError:
        events = formation.describe_stack_events(StackName=STACK)["StackEvents"]
        raise AssertionError(
            [(e["LogicalResourceId"], e["ResourceStatusReason"]) for e in events if e.get("ResourceStatusReason")]
        ) from None


def _key(configuration: Mapping[str, Any]) -> str:
    """The access key of the role's session that the emulator starts a function's workers with."""
    from ministack.core.lambda_runtime import execution_credentials

    return execution_credentials(dict(configuration))["AWS_ACCESS_KEY_ID"]


def _policies(iam: Any, role: str) -> list[dict[str, Any]]:
    """The statements of a deployed role, its references resolved."""
    found = []
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        found += iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]["Statement"]
    return found


def _schedules(resources: Any, functions: Mapping[str, str]) -> dict[str, tuple[Schedule, ...]]:
    found = [r["Properties"] for r in resources.values() if r["Type"] == "AWS::Scheduler::Schedule"]
    return {
        name: tuple(
            Schedule(each["ScheduleExpression"], each["ScheduleExpressionTimezone"])
            for each in found
            if each["Target"]["Arn"] == {"Fn::GetAtt": [name, "Arn"]}
        )
        for name in functions
    }


def _stack(url: str, resources: Any, functions: Mapping[str, str], sqs: Any) -> Provisioned:
    """What the drain asks of a stack: its queues, and which of them functions consume."""
    urls = {found.rsplit("/", 1)[-1]: found for found in sqs.list_queues()["QueueUrls"]}
    names = {name: r["Properties"]["QueueName"] for name, r in resources.items() if r["Type"] == "AWS::SQS::Queue"}
    consumed: dict[str, list[QueueSource]] = {name: [] for name in functions}
    for mapping in (r["Properties"] for r in resources.values() if r["Type"] == "AWS::Lambda::EventSourceMapping"):
        queue = names[mapping["EventSourceArn"]["Fn::GetAtt"][0] if "Fn::GetAtt" in mapping["EventSourceArn"] else _of_sub(mapping)]
        consumed[mapping["FunctionName"]["Ref"]].append(QueueSource(f"arn:aws:sqs:{aws.REGION}:000000000000:{queue}", 10, True))
    return Provisioned(url, urls, {}, (), {name: Function(name, "", 0, {}, tuple(found), ()) for name, found in consumed.items()})


def _of_sub(mapping: Any) -> str:
    return mapping["EventSourceArn"]["Fn::Sub"].removeprefix("${").removesuffix(".Arn}")


@contextmanager
def _serving(front: Front) -> Iterator[str]:
    listener = bind("127.0.0.1", 0)
    port = listener.getsockname()[1]
    loop, shutdown = asyncio.new_event_loop(), asyncio.Event()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve(front, "127.0.0.1", port, shutdown, listener))

    thread = threading.Thread(target=run, name="emulated-account", daemon=True)
    thread.start()
    assert front.ready.wait(60)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(shutdown.set)
        thread.join()


def until(condition: Any, seconds: float = PATIENCE) -> Any:
    """What `condition()` gives once it is true. AssertionError after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.1)
    return found
