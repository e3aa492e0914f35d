"""Starts the local machine as `make run` does, in a process of its own on free ports, and talks to it as anybody would."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import boto3

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """A machine that answers; `process` is its main process, `log` the folder of its functions' logs."""

    process: subprocess.Popen[str]
    aws_url: str
    web_url: str
    log: Path

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.aws_url,
            region_name="eu-west-2",
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )

    def call(self, path: str, document: Any = None, method: str | None = None) -> tuple[int, Any, dict[str, str]]:
        """Status, body (JSON where it says so, else text) and headers; with a document it is posted."""
        data = None if document is None else document if isinstance(document, bytes) else json.dumps(document).encode()
        request = Request(self.web_url + path, data=data, method=method)
        try:
            with urlopen(request) as answer:
                return _read(answer.status, answer)
        except HTTPError as error:
            with error:
                return _read(error.code, error)

    def send_record(self, body: str) -> None:
        sqs = self.client("sqs")
        sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName="kept-informed-records")["QueueUrl"], MessageBody=body)

    def outbox(self) -> list[dict[str, Any]]:
        return self.call("/local/outbox.json")[1]

    def status(self) -> dict[str, Any]:
        return self.call("/local/status.json")[1]

    def drain(self) -> None:
        status, answer, _ = self.call("/local/drain", {})
        assert (status, answer) == (200, {"quiet": True}), answer

    def advance(self, duration: str) -> None:
        status, answer, _ = self.call("/local/clock", {"advance": duration})
        assert status == 200, answer


def _read(status: int, answer: Any) -> tuple[int, Any, dict[str, str]]:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    content = answer.read()
    kind = headers.get("content-type", "")
    if "json" in kind:
        return status, json.loads(content), headers
    return status, content.decode() if kind.startswith("text/") else content, headers


def environment(aws_port: int, web_port: int, log: Path, **more: str) -> dict[str, str]:
    ours = {"KI_AWS_PORT": str(aws_port), "KI_WEB_PORT": str(web_port), "KI_LOG_FOLDER": str(log), "DEMO": "0"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KI_", "AWS_", "DEMO"))}
    return kept | ours | more


@contextmanager
def local_machine(log: Path, **more: str) -> Iterator[Running]:
    """A running machine, ready; ended at the end."""
    aws_port, web_port = free_port(), free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "infra.local.main"],
        cwd=ROOT,
        env=environment(aws_port, web_port, log, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        running = Running(process, f"http://127.0.0.1:{aws_port}", f"http://127.0.0.1:{web_port}", log)
        try:
            while not _ready(running):
                assert process.poll() is None, process.stdout and process.stdout.read()
                time.sleep(0.05)
            yield running
        finally:
            process.terminate()


def _ready(running: Running) -> bool:
    try:
        return running.call("/local/ready")[0] == 200
    except OSError:
        return False
