"""A victim with a mailbox and a browser: opens the link in an e-mail, takes the code out of the outbox, posts forms as they were shown.

Must not import anything of the product: everything here is known from messages and pages alone.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from tests.e2e.customer import Customer, Record

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def link_in(message: Record) -> str:
    """The path of the page that a message links; "" where it links none."""
    found = re.search(r"/case/[\w-]{20,}", message["text"])
    return found[0] if found else ""


def newest_code(customer: Customer, record: Record) -> tuple[str, Record]:
    """The digits of the last code that left about this case, and its message."""
    customer.machine.drain()
    message = [m for m in customer.delivered(record, "victim") if m["message"] == "code"][-1]
    found = re.search(r"Your code is (\d{6})", message["text"])
    assert found
    return found[1], message


@dataclass
class Browser:
    """One browser at one link. `status` and `page` are of the last answer."""

    customer: Customer
    path: str
    cookie: str = ""
    status: int = 0
    page: str = ""
    place: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, more: str = "") -> str:
        return self._ask("GET", more)

    def post(self, more: str = "", shown: str | None = None, **fields: str) -> str:
        """The form of the page `shown` (this one), with these fields."""
        token = re.search(r'name="form_token" value="([^"]+)"', self.get(more if shown is None else shown))
        return self._ask("POST", more, ({"form_token": token[1]} if token else {}) | fields)

    def come_in(self, record: Record) -> None:
        self.post()
        self.post("/code", code=newest_code(self.customer, record)[0])
        assert (self.status, self.place) == (303, f"{self.path}/page")

    @property
    def heading(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.page, re.DOTALL)
        return found[1].strip() if found else ""

    def _ask(self, method: str, more: str, form: dict[str, str] | None = None) -> str:
        web = urlsplit(self.customer.machine.web_url)
        connection = HTTPConnection(web.netloc, timeout=60)
        cookie = {"Cookie": self.cookie} if self.cookie else {}
        try:
            connection.request(
                method,
                web.path + self.path + more,
                urlencode(form) if form is not None else None,
                cookie | (FORM if form is not None else {}),
            )
            answer = connection.getresponse()
            self.status, self.page = answer.status, unescape(answer.read().decode())
            self.headers = {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()
        self.place = self.headers.get("location", "")
        if "set-cookie" in self.headers:
            self.cookie = self.headers["set-cookie"].partition(";")[0]
        return self.page
