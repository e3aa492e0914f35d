"""Run the independent leak check over what was accepted and what was sent.

Reads the archive of accepted records and an outbox; must not use the routing's own decisions, nor send, change or stop anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.case import Release as CaseRelease
from chalicelib.domain.delivery import Notification
from chalicelib.domain.leaks import Leak, LeakPolicy, Release, find_leaks
from chalicelib.domain.profile import Profile
from chalicelib.services.ports import Archive, Cases


class LeakCheck:
    """The use case behind `make ops leaks`."""

    def __init__(self, cases: Cases, archive: Archive, profile: Profile) -> None:
        self._cases = cases
        self._archive = archive
        self._profile = profile

    def run(self, messages: Iterable[Mapping[str, Any]]) -> list[Leak]:
        """Leaks among `messages` (entries of /local/outbox.json): every specialist or doubtful victim who received anything automatic."""
        records = [{"received_at": at.isoformat(), "record": json.loads(text)} for at, text in self._archive.records()]
        return self.judge(records, messages)

    def judge(self, records: list[dict[str, Any]], messages: Iterable[Mapping[str, Any]]) -> list[Leak]:
        """Leaks by these records alone, each as `{"received_at", "record"}`. Who was erased is not judged: what allowed it is gone."""
        gone = {pair for content in records for pair in _erased(content["record"])}
        told = [entry for entry in self._told(list(messages)) if (entry.get("reference"), entry["victim_id"]) not in gone]
        return find_leaks(records, told, policy=leak_policy(self._profile, self._releases(records)))

    def _told(self, messages: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Each message with its victim, and again for every linked crime that it told of: each is judged by its own record."""
        rows = self._rows({str(message.get("notification_id")) for message in messages})
        linked = self._rows({key for row in rows.values() for key in row.speaks_for})
        entries = []
        for message in messages:
            row = rows.get(str(message.get("notification_id")))
            entries.append({**message, "victim_id": row.victim_id if row else None})
            others = [linked[key] for key in row.speaks_for if key in linked] if row else []
            entries += [{**message, "reference": other.reference, "victim_id": other.victim_id} for other in others]
        return entries

    def _rows(self, ids: set[str]) -> dict[str, Notification]:
        return self._cases.notifications(ids) if ids else {}

    def _releases(self, records: list[dict[str, Any]]) -> tuple[Release, ...]:
        """When each hold was lifted. What the records system lifted itself covers what it had sent by then, also where that came later."""
        sent: dict[str, list[tuple[datetime, datetime]]] = {}
        for content in records:
            body = content["record"]
            if body["kind"] == "occurrence":
                times = (datetime.fromisoformat(body["sent_at"]), datetime.fromisoformat(content["received_at"]))
                sent.setdefault(body["occurrence"]["reference"], []).append(times)
        lifted = ((head, release) for head in map(self._cases.head, sorted(sent)) for release in head.releases)
        return tuple(Release(head.reference, release.victim_id, _lifted_at(release, sent[head.reference])) for head, release in lifted)


def _erased(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    occurrence = record.get("occurrence") or {}
    yield from ((occurrence["reference"], victim["id"]) for victim in occurrence.get("victims") or () if victim.get("erased"))


def _lifted_at(release: CaseRelease, sent: list[tuple[datetime, datetime]]) -> datetime:
    """`sent` are the sending and the arrival of each version."""
    if release.event_id is None:
        return release.at
    return max([release.at, *(received_at for sent_at, received_at in sent if sent_at <= release.at)])


def leak_policy(profile: Profile, releases: tuple[Release, ...] = ()) -> LeakPolicy:
    """What the profile decides, as the leak check needs it."""
    contact = profile.contact
    services = {profile.victim_service.name, profile.sexual_offence_service, profile.high_risk_service}
    services |= set(profile.domestic_abuse_services.values())
    return LeakPolicy(
        service_addresses=frozenset({profile.victim_service.email} if profile.victim_service.email else set()),
        internal_addresses=frozenset(role.email for role in profile.roles.values()),
        child_with_representative=contact.child_with_representative,
        unconfirmed_contact="use_given" if contact.use_given_when_unconfirmed else "hold",
        confirmation_limit_days=contact.confirmation_limit.days,
        english_without_template=contact.english_where_no_template,
        releases=releases,
        private_names=frozenset(services | {role.name for role in profile.roles.values()}),
        specialist_names=frozenset(profile.specialist_names),
        force_words=frozenset(name.casefold() for name in profile.own_words.names),
        held_classes=profile.held_classes,
    )
