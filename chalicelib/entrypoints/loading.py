"""Imports the entrypoint of a queue, topic or schedule when its function starts, and no other function's.

A page must not wait for what only the queues need (their SDKs take most of a cold start), and a queue's function must not import in its
first invocation: Lambda gives a starting function its full CPU for nothing. Must not know what an entrypoint does.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from chalice.app import BaseLambdaEvent

from chalicelib.settings import function_name

EVENTS_IN = frozenset({"ingest", "dispatch", "receipts", "sweep", "leaks", "seal", "retention"})
NEEDED_SOON = {"ingest": ("phonenumbers",), "dispatch": ("chalicelib.adapters.rendering", "typst")}
"""What adapters import at their first use, by the function that is sure to use it; the other functions do without."""


def load_for_this_process() -> None:
    """Where Lambda started this process for one of EVENTS_IN: import it now."""
    module, _, handler = (function_name() or "").partition(".")
    if module == "app" and handler in EVENTS_IN:
        _entrypoint(handler)
        for name in NEEDED_SOON.get(handler, ()):
            import_module(name)


def handle(name: str, event: BaseLambdaEvent) -> Any:
    """What the entrypoint of this name answers to an event of a queue or topic."""
    return invoke(name, event.to_dict(), event.context)


def invoke(name: str, event: Mapping[str, Any], context: Any) -> Any:
    """What the entrypoint of this name answers to an event as Lambda has it."""
    return _entrypoint(name).handle(event, context)


def _entrypoint(name: str) -> Any:
    return import_module(f"chalicelib.entrypoints.{name}")
