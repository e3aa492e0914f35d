"""One browser window at the console, and what a visitor does there again and again; notes every trouble that the browser reports.

Must not judge what a page should say, nor pass over a trouble that no test has expected.
"""

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Response, expect

from tests.e2e.local_machine import Running

_axe = Axe()
# WCAG 2.2 AA and what axe calls best practice, all of it.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# Moves of days work through everything on the way, and other tests may have the machine's time.
PATIENCE_MS = 120_000


def enter(page: Page, key: str = "Enter") -> None:
    """Press the key that leads to another page, and wait until it is there: what is pressed while pages change, a browser drops."""
    with page.expect_navigation():
        page.keyboard.press(key)


class Visit:
    """A window. `trouble` is what went wrong in it so far."""

    def __init__(self, page: Page, machine: Running) -> None:
        self.page, self.machine = page, machine
        self.trouble: list[str] = []
        self.expected: set[int] = set()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.trouble.append(f"script error: {error}"))
        page.on("response", self._response)

    def go(self, path: str) -> Page:
        """Open a page of the console."""
        self.page.goto(self.machine.web_url + path)
        return self.page

    def send(self, title: str) -> str:
        """Press the button of an example; its reference."""
        self.go("/local/examples")
        self.page.get_by_role("listitem").filter(has=self.page.get_by_role("heading", name=title, exact=True)).get_by_role("button").click()
        return self.reference()

    def reference(self) -> str:
        """The reference of the page that we are led to."""
        self.page.wait_for_url(re.compile(r"/\d{11}$"))
        found = re.search(r"\d{11}", self.page.url)
        assert found, self.page.url
        return found[0]

    def let_pass(self, button: str, path: str = "/local/time") -> None:
        """Press one of the buttons that move the clock, and wait for the answer."""
        self.go(path)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button).click(no_wait_after=True)

    def case(self, reference: str) -> Page:
        """The page of an occurrence."""
        return self.go(f"/local/case/{reference}")

    def accessible(self, what: str) -> None:
        """axe finds nothing, and nothing makes the page scroll sideways."""
        self.page.wait_for_load_state()  # words can be there before the style sheet is
        results = _axe.run(self.page, options=RULES)
        assert results.violations_count == 0, f"{what}: {results.generate_report()}"
        width = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width[0] <= width[1], f"{what} is {width[0]} pixels wide on a screen of {width[1]}"

    def picture(self, name: str) -> None:
        """Kept only where somebody wants to look."""
        folder = os.environ.get("KI_SCREENSHOTS")
        if folder:
            self.page.wait_for_load_state()
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    def says(self, text: str | re.Pattern[str]) -> None:
        """The page's main part shows this text."""
        expect(self.page.locator("main")).to_contain_text(text)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium reports an answer of 4xx as an error of its own; whether that answer is right, the test says by its status.
        if message.type in ("error", "warning") and not any(f"status of {status} " in message.text for status in self.expected):
            self.trouble.append(f"console {message.type}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.trouble.append(f"{response.status} {response.url}")
