"""The composition root of the web pages: each part is made when a page first needs it, since somebody waits for every cold start.

Must not import an SDK while it is imported itself: a page that shows no case starts without one (docs/adr/0023-web-pages.md says how fast).
"""

from __future__ import annotations

from datetime import datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING

from chalicelib.adapters.asset_files import AssetFiles
from chalicelib.adapters.clock import SystemClock
from chalicelib.bootstrap_profile import contact_key, forces_folder, link_keys, own_words, read_profile
from chalicelib.domain.errors import ConfigurationError
from chalicelib.domain.model import Unit
from chalicelib.domain.profile import Profile
from chalicelib.settings import Settings, settings_from

if TYPE_CHECKING:
    from pynamodb.connection import Connection

    from chalicelib.bootstrap import Container
    from chalicelib.services.contact_officer import ContactOfficer
    from chalicelib.services.edges import Forms, Pages
    from chalicelib.services.officer_pages import OfficerPages
    from chalicelib.services.sign_in import SignIn


class WebContainer:
    """What the pages of one process use. A use case of a page becomes one more `cached_property`, its imports inside."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def profile(self) -> Profile:
        return read_profile(self.settings.profile, folder=forces_folder(self.settings))

    @cached_property
    def assets(self) -> AssetFiles:
        return AssetFiles()

    @cached_property
    def pages(self) -> Pages:
        from chalicelib.adapters.pages import JinjaPages

        profile = self.profile
        named = {"force": profile.force, "web": profile.web, "witness_care": profile.roles[Unit.WITNESS_CARE].name}
        return JinjaPages(named, self.assets.address, own=own_words(self.settings))

    @cached_property
    def forms(self) -> Forms:
        from chalicelib.adapters.form_tokens import SignedForms

        return SignedForms(*link_keys(self.settings))

    @cached_property
    def contact(self) -> ContactOfficer:
        """The use case behind "Contact an officer", and nothing else: it reads no case, so the page needs few tables and one queue."""
        from chalicelib.adapters.clients import Clients
        from chalicelib.adapters.contact_messages import DynamoContactMessages
        from chalicelib.adapters.contact_points import DynamoContactPoints
        from chalicelib.adapters.control import DynamoLimits
        from chalicelib.adapters.queues import SqsQueues
        from chalicelib.services.contact_officer import ContactOfficer

        settings, connection = self.settings, self._bound
        queues = SqsQueues(
            Clients(settings.region, read_timeout=settings.client_read_timeout).sqs,
            dispatch_url=settings.dispatch_queue_url,
            quarantine_url=settings.quarantine_queue_url,
            records_url=settings.records_queue_url,
        )
        points = DynamoContactPoints(connection, contact_key(settings))
        return ContactOfficer(DynamoContactMessages(connection), DynamoLimits(), points, queues, self.profile.contact_forms)

    @cached_property
    def officer_pages(self) -> OfficerPages:
        """What opens the link of a reminder, and nothing else: a dead link waits for no more."""
        from chalicelib.adapters.control import DynamoRevocations
        from chalicelib.adapters.signing import SignedLinks
        from chalicelib.services.officer_pages import OfficerPages

        self.bind_tables()
        links = SignedLinks(*link_keys(self.settings))
        return OfficerPages(links, DynamoRevocations(), self.profile.reminders, self.settings.public_url)

    @cached_property
    def sign_in(self) -> SignIn:
        """Who is signed in: two tables and the provider, so that a page that asks for it alone starts without the queues' SDKs."""
        import secrets

        from chalicelib.adapters.control import DynamoRevocations
        from chalicelib.adapters.identity import OidcProvider
        from chalicelib.adapters.officers import DynamoOfficers
        from chalicelib.adapters.sessions import SignedSessions
        from chalicelib.domain.sign_in import Client
        from chalicelib.services.sign_in import SignIn

        settings, of = self.settings, self.settings.sign_in
        if of is None:
            raise ConfigurationError("KI_SIGN_IN_ISSUER is not set")
        self.bind_tables()
        provider = OidcProvider(
            authorize_url=of.authorize_url,
            token_url=of.token_url,
            logout_url=of.logout_url,
            client_id=of.client_id,
            client_secret=of.client_secret,
            callback=f"{settings.public_url.rstrip('/')}/sign-in/callback",
            read_timeout=settings.client_read_timeout,
        )
        return SignIn(
            provider,
            SignedSessions(*link_keys(settings)),
            DynamoOfficers(),
            DynamoRevocations(),
            Client(of.issuer, of.client_id),
            self.profile.sign_in,
            lambda: secrets.token_urlsafe(32),
        )

    @cached_property
    def use_cases(self) -> Container:
        """Everything that the queues use, with every SDK: seconds of a cold start, for a page that cannot do with less."""
        from chalicelib.bootstrap import container

        return container()

    def tick(self) -> datetime:
        """The time of this request: where the stage lets the clock be moved, its offset is read anew."""
        if not self.settings.clock_may_be_offset:
            return SystemClock().now()
        from chalicelib.adapters.offset_clock import OffsetClock

        self.bind_tables()
        clock = OffsetClock()
        clock.refresh()
        return clock.now()

    def bind_tables(self) -> None:
        """Tell the tables where they are: before the first use of any, once."""
        _ = self._bound

    @cached_property
    def _bound(self) -> Connection:
        from chalicelib.adapters.tables import bind_tables

        settings = self.settings
        return bind_tables(settings.table_prefix, settings.region, host=settings.endpoint_url, read_timeout=settings.client_read_timeout)


@cache
def web_container() -> WebContainer:
    """The process's own container, made at the first request."""
    return WebContainer(settings_from())
