"""What the product writes on standard output and error while a test runs it in this process: log lines and metric documents.

Must not patch the product: the streams are turned, and turned back.
"""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Output:
    """What handlers wrote on standard output and error. `lines` are the log lines, `metrics` the embedded metric documents."""

    text: io.StringIO = field(default_factory=io.StringIO)

    @property
    def documents(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.getvalue().splitlines()]

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [document for document in self.documents if "_aws" not in document]

    @property
    def metrics(self) -> list[dict[str, Any]]:
        return [document for document in self.documents if "_aws" in document]


@contextmanager
def captured() -> Iterator[Output]:
    """Everything that this process writes meanwhile. The logger's stream is turned too, since it was chosen when the logger was made."""
    output = Output()
    with redirect_stdout(output.text), redirect_stderr(output.text):
        _turn(output.text)
        try:
            yield output
        finally:
            _turn(sys.__stdout__)


def _turn(stream: Any) -> None:
    for handler in logging.getLogger("kept-informed").handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(stream)
