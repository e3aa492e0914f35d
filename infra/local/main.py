"""`make run`: the whole machine in one process and its workers, on loopback, until it is interrupted.

Must not hold logic: it reads its few settings, starts the parts in order and ends them in the reverse.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from chalicelib.domain.errors import ConfigurationError
from infra.force import OwnWordsError
from infra.local import cloud as aws
from infra.local import demo, http_server, web
from infra.local.aws import client
from infra.local.clock import SimulatedClock
from infra.local.cloud import Cloud
from infra.local.machine import Machine, force_profile, provider_settings, start_machine
from infra.local.status import RECORDS_QUEUE
from infra.local.template import ROOT, deployable

LOOPBACK = "127.0.0.1"


class StartError(Exception):
    """The machine cannot start; the message tells a newcomer what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment may change: ports, the demonstration, workers for each function that a queue feeds."""

    aws_port: int
    web_port: int
    demonstration: bool
    workers: int
    log_folder: Path

    @property
    def aws_url(self) -> str:
        """Where the AWS endpoint is."""
        return f"http://{LOOPBACK}:{self.aws_port}"

    @property
    def web_url(self) -> str:
        """Where the pages are, and what links in messages start with."""
        return f"http://{LOOPBACK}:{self.web_port}"


def settings(environment: Mapping[str, str]) -> Settings:
    """From `KI_AWS_PORT`, `KI_WEB_PORT`, `DEMO` and `KI_WORKERS`. Raises `StartError`."""

    def number(name: str, default: int, most: int) -> int:
        text = environment.get(name) or str(default)
        if not text.isdigit() or not 1 <= int(text) <= most:
            raise StartError(f"{name} is {text!r}, not a number from 1 to {most}.")
        return int(text)

    return Settings(
        aws_port=number("KI_AWS_PORT", 4566, 65535),
        web_port=number("KI_WEB_PORT", 8000, 65535),
        demonstration=environment.get("DEMO", "1") not in ("0", "no", "false"),
        workers=number("KI_WORKERS", 1, 16),
        log_folder=Path(environment.get("KI_LOG_FOLDER") or ROOT / ".local" / "log"),
    )


def listen(port: int, variable: str) -> socket.socket:
    """A loopback listener. Raises `StartError` where something else has the port."""
    try:
        return aws.bind(LOOPBACK, port)
    except OSError as error:
        raise StartError(
            f"Port {port} on {LOOPBACK} cannot be used ({error.strerror}). Is another instance running? "
            f"Stop what has it, or choose another: make run {variable}=<port>"
        ) from error


async def run(chosen: Settings) -> None:
    """Run until interrupted (SIGINT, SIGTERM)."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    aws_listener, web_listener = listen(chosen.aws_port, "KI_AWS_PORT"), listen(chosen.web_port, "KI_WEB_PORT")
    try:
        template = await asyncio.to_thread(deployable)
    except (ConfigurationError, OwnWordsError) as error:
        raise StartError(str(error)) from error
    clock = SimulatedClock()
    cloud = Cloud(provider_settings(template, force_profile(template)), clock.now)
    running: list[Machine] = []
    pages = web.site(lambda: running[0] if running else None)
    ended = asyncio.Event()
    serving = [
        asyncio.create_task(aws.serve(cloud, LOOPBACK, chosen.aws_port, ended, aws_listener)),
        asyncio.create_task(http_server.serve(pages, web_listener, ended)),
    ]
    machine = None
    try:
        await asyncio.to_thread(cloud.ready.wait)
        machine = await asyncio.to_thread(start_machine, cloud, clock, chosen.aws_url, chosen.web_url, chosen.log_folder, chosen.workers)
        shown = await asyncio.to_thread(feed, machine) if chosen.demonstration else []
        running.append(machine)
        print(welcome(chosen, shown), flush=True)
        await stop.wait()
        print("Stopping.", flush=True)
    finally:
        if machine:
            await asyncio.to_thread(machine.stop)
        ended.set()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*serving)


def feed(machine: Machine) -> list[str]:
    """Put the demonstration's records on the queue; what each shows."""
    sqs = client("sqs", machine.stack.endpoint_url)
    shown = demo.records(machine.clock.now())
    for _, body in shown:
        sqs.send_message(QueueUrl=machine.stack.queue_urls[RECORDS_QUEUE], MessageBody=body)
    return [text for text, _ in shown]


def welcome(chosen: Settings, shown: list[str]) -> str:
    """What a newcomer wants to see."""
    lines = [
        "",
        "Kept Informed runs on this machine. Nothing leaves it: mail and text messages go to stand-ins.",
        "",
        f"  Console         {chosen.web_url}/local/",
        f"  Public pages    {chosen.web_url}/contact-officer",
        f"                  {chosen.web_url}/safety, /accessibility, /privacy",
        f"  Officers' desk  {chosen.web_url}/desk   (sign in as anybody of the directory)",
        f"  Messages        {chosen.web_url}/local/outbox.json",
        f"  Counts          {chosen.web_url}/local/status.json",
        f"  AWS endpoint    {chosen.aws_url}   (key and secret: local, region eu-west-2)",
        f"  Records queue   {RECORDS_QUEUE}",
        f"  Logs            {chosen.log_folder}",
        "",
    ]
    if shown:
        lines += ["Sent for the demonstration (make run DEMO=0 starts empty):", *[f"  - {text}" for text in shown], ""]
    lines += [
        "Messages to victims wait for their hold window and for daytime. Let the time pass, then look again:",
        f'  curl -X POST {chosen.web_url}/local/clock -d \'{{"advance": "P2D"}}\'',
        "",
        "Ctrl-C stops everything.",
    ]
    return "\n".join(lines)


def main() -> int:
    """Run; 1 with a plain sentence where that is not possible."""
    try:
        asyncio.run(run(settings(os.environ)))
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
