"""A real browser and one machine for all tests of this folder: Chromium as Debian ships it, driven by Playwright.

Where there is no Chromium the tests skip with one reason; in CI (`CI` set) or with KI_BROWSER=required a skip is a failure.
`KI_SCREENSHOTS` names a folder to keep pictures of every page in.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.visit import PATIENCE_MS, Visit
from tests.e2e.local_machine import Running, local_machine

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A busy machine is no failure; whatever is wrong stays wrong for so long.
expect.set_options(timeout=20_000)
MISSING = "no Chromium here: apt-get install chromium, or name one in KI_CHROMIUM"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker takes them all, so that one machine and one browser serve them.

    A browser on a busy machine drops a key or looks before a style sheet is there, so each test may be tried twice; the report says which
    were ("R"). A fault of ours fails both times.
    """
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker(pytest.mark.flaky(reruns=1))


def required() -> bool:
    return os.environ.get("KI_BROWSER") == "required" or os.environ.get("CI", "").lower() not in ("", "0", "false")


def chromium() -> str | None:
    named = os.environ.get("KI_CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def executable() -> str:
    path = chromium()
    if path is None and required():
        pytest.fail(MISSING)
    if path is None:
        pytest.skip(MISSING)
    return path


# For one file each: as long as Playwright is open an event loop runs in this thread, and no other file's tests could run their own.
@pytest.fixture(scope="module")
def browser(executable: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Its own sandbox needs what root in a container has not; only our own pages are opened.
        running = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield running
        running.close()


@pytest.fixture(scope="session")
def machine(executable: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with local_machine(tmp_path_factory.mktemp("console")) as running:
        yield running


@pytest.fixture
def visit(browser: Browser, machine: Running) -> Iterator[Callable[..., Visit]]:
    """Opens a window of its own; afterwards no window may have had any trouble: an error, a refused policy, an answer of 500."""
    opened: list[Visit] = []

    def open_window(**options: Any) -> Visit:
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"} | options))
        context.set_default_timeout(PATIENCE_MS)
        opened.append(Visit(context.new_page(), machine))
        return opened[-1]

    yield open_window
    trouble = [line for window in opened for line in window.trouble]
    for window in opened:
        window.page.context.close()
    assert trouble == []


@pytest.fixture(scope="module")
def visit_once(browser: Browser, machine: Running) -> Iterator[Visit]:
    """A window for what a whole file's tests need to be there."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield Visit(page, machine)
    page.close()


@pytest.fixture
def window(visit: Callable[..., Visit]) -> Visit:
    """A desktop window with nothing special."""
    return visit()


@pytest.fixture
def page(window: Visit) -> Page:
    return window.page
