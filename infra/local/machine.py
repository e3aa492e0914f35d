"""The whole local machine behind its endpoint: provisions the stack, runs the functions, keeps the clock.

Must not serve anything: `web` shows it, `main` runs it.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local import announced
from infra.local.clock import SimulatedClock
from infra.local.cloud import Cloud, CloudSettings
from infra.local.drain import Drain, Queues
from infra.local.due import DueRows
from infra.local.gateway import Gateway
from infra.local.host import Host
from infra.local.inbox import waiting_in_ministack
from infra.local.letters import Letters
from infra.local.moves import Mover
from infra.local.outbox_list import OutboxList
from infra.local.page_workers import PageWorkers
from infra.local.provision import provision
from infra.local.stack import Provisioned
from infra.local.standins_ses import SesSettings
from infra.local.standins_sms import SmsSettings
from infra.local.status import Status
from infra.local.table_reader import TableReader
from infra.local.template import ROOT, deployable
from infra.local.ticks import Ticker

PAGES = "APIHandler"
"""What Chalice calls the function behind every page."""
PAGE_WORKERS = 2
LETTERS_BUCKET = "kept-informed-letters"


def force_profile(template: dict[str, Any]) -> dict[str, Any]:
    """The profile that the template deploys by default, as its file has it."""
    name = template["Parameters"]["Profile"]["Default"]
    with (ROOT / "chalicelib" / "profiles" / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def provider_settings(template: dict[str, Any], profile: dict[str, Any]) -> CloudSettings:
    """What the providers have on file for this force: its sender's domain, its sender id, the template's configuration sets."""
    resources = template["Resources"].values()
    mail = {r["Properties"]["Name"] for r in resources if r["Type"] == "AWS::SES::ConfigurationSet"}
    text = {r["Properties"]["ConfigurationSetName"] for r in resources if r["Type"] == "AWS::SMSVOICE::ConfigurationSet"}
    domain = profile["email_from"].rstrip(">").rpartition("@")[2]
    return CloudSettings(
        ses=SesSettings(identities=frozenset({domain}), configuration_sets=frozenset(mail)),
        sms=SmsSettings(sender_ids=frozenset({profile["sms_sender"]}), configuration_sets=frozenset(text)),
    )


@dataclass(frozen=True, slots=True)
class Machine:
    """A running machine, part by part; `stop` ends its functions."""

    cloud: Cloud
    stack: Provisioned
    clock: SimulatedClock
    host: Host
    pages: PageWorkers
    gateway: Gateway
    ticker: Ticker
    mover: Mover
    tables: TableReader
    letters: Letters
    outbox: OutboxList
    status: Status

    def stop(self) -> None:
        """End everything that `start_machine` started."""
        self.pages.stop()
        self.ticker.stop()
        self.host.stop()


def start_machine(cloud: Cloud, clock: SimulatedClock, endpoint_url: str, web_url: str, log_folder: Path, workers: int) -> Machine:
    """Provision the deployable template at `endpoint_url`, which `cloud` serves already, and start its functions."""
    stack = provision(endpoint_url, public_url=web_url)
    clock.bind(endpoint_url)
    announced.listen(endpoint_url)
    host = Host(stack, log_folder, workers=workers, waiting=waiting_in_ministack, costs=cloud.costs)
    host.start()
    pages = PageWorkers(stack.functions[PAGES], endpoint_url, log_folder, workers=max(PAGE_WORKERS, workers), costs=cloud.costs)
    pages.start()
    ticker = Ticker(clock, DueRows(endpoint_url), host)
    ticker.start()
    queues, tables = Queues(stack), TableReader(endpoint_url)
    letters = Letters(endpoint_url, LETTERS_BUCKET, tuple(force_profile(deployable())["force"]["postal_address"]))
    return Machine(
        cloud=cloud,
        stack=stack,
        clock=clock,
        host=host,
        pages=pages,
        gateway=Gateway(deployable(), pages.invoke),
        ticker=ticker,
        mover=Mover(clock, ticker, Drain(queues, host, ticker, cloud.receipts_owed)),
        tables=tables,
        letters=letters,
        outbox=OutboxList(cloud, letters, tables, web_url),
        status=Status(clock, queues, host),
    )
