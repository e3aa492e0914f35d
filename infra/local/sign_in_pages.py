"""The pages of the stand-in for the force's sign-in: anybody may be any officer of the directory, with no password. Local only.

Must not decide whether a sign-in is good: sign_in_provider.py does, as a provider would.
"""

import json
from collections.abc import Mapping

from infra.local.console_forms import fields, see_other
from infra.local.http_server import Reply, Request, json_reply
from infra.local.machine import Machine, force_profile
from infra.local.pages import page
from infra.local.sign_in_provider import ASKED, Provider
from infra.local.template import deployable


class SignInPages:
    """The pages of one site: whom to be, and the answers of the protocol."""

    def __init__(self) -> None:
        self._kept: list[tuple[Machine, Provider]] = []
        self._rules = force_profile(deployable())["sign_in"]

    def choose(self, machine: Machine, request: Request) -> Reply:
        """Everybody of the directory, to be signed in as."""
        return self._page(machine, request.query)

    def chosen(self, machine: Machine, request: Request) -> Reply:
        """Back to the pages with a code."""
        posted, provider = fields(request), self._provider(machine)
        if fault := provider.fault(posted):
            return json_reply({"error": fault}, 400)
        if posted.get("collar") not in {row["collar_number"] for row in machine.tables.every("officers")}:
            return self._page(machine, posted)
        groups = [posted["group"]] if posted.get("group") in self._rules["groups"] else []
        return see_other(provider.back(posted, posted["collar"], groups, machine.clock.now()))

    def token(self, machine: Machine, request: Request) -> Reply:
        """For our own function alone: no browser asks here."""
        status, answer = self._provider(machine).token(request.headers.get("authorization", ""), fields(request), machine.clock.now())
        return json_reply(answer, status)

    def out(self, machine: Machine, _request: Request) -> Reply:
        """The end of the provider's session, of which it has none."""
        return page(machine.clock, "sign_in.html", people=None, asked={}, groups=[])

    def _page(self, machine: Machine, asked: Mapping[str, str]) -> Reply:
        if fault := self._provider(machine).fault(asked):
            return json_reply({"error": fault}, 400)
        entries = [json.loads(row["body"]) for row in machine.tables.every("officers")]
        people = sorted((entry for entry in entries if entry["active"]), key=lambda entry: str(entry["collar_number"]))
        kept = {name: asked[name] for name in (*ASKED, "response_type", "code_challenge_method", "scope")}
        return page(machine.clock, "sign_in.html", people=people, asked=kept, groups=list(self._rules["groups"]))

    def _provider(self, machine: Machine) -> Provider:
        if not self._kept or self._kept[0][0] is not machine:
            self._kept[:] = [(machine, Provider(machine.stack.environment["KI_SIGN_IN_ISSUER"], self._claims))]
        return self._kept[0][1]

    def _claims(self, collar: str, groups: list[str]) -> dict[str, object]:
        return {self._rules["collar_claim"]: collar, self._rules["groups_claim"]: f"[{', '.join(groups)}]"}
