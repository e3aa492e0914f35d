"""A victim as a record tells of them: age, who receives, the points by which other records know the same person.

Must not look at more than one victim, nor say what is safe (reaching.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from infra.replay.expectation.fields import LONDON
from infra.replay.expectation.texts import email, landline, mobile

Victim = dict[str, Any]
Point = tuple[str, str]
"""What kind of point (person, email, mobile) and its value; e-mails and persons in lower case."""


def london_day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def child(victim: Victim, reported_at: datetime) -> bool:
    """Under eighteen on the day of the report."""
    born, today = victim.get("date_of_birth"), london_day(reported_at)
    if born is None:
        return False
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return bool(age < 18)


def safety(victim: Victim) -> dict[str, Any]:
    return victim.get("contact_safety") or {}


def silent(victim: Victim) -> bool:
    """Nobody may contact them automatically, as this record says."""
    return safety(victim).get("do_not_contact") is True


def referable(victim: Victim, reported_at: datetime) -> bool:
    """Neither a police officer nor a child is ever referred."""
    return victim["kind"] != "police_officer" and not child(victim, reported_at)


def receiver(victim: Victim) -> dict[str, Any]:
    """Who receives: name, usable email and mobile, address lines."""
    other = victim.get("representative")
    source = other if other is not None else victim
    name: str | None = " ".join(part for part in (source.get("given_name"), source.get("family_name")) if part) or None
    if other is None and victim["kind"] == "business":
        name = victim.get("contact_name")
    elif other is None:
        name = safety(victim).get("safe_name") or name
    return {
        "name": name,
        "email": email(source.get("email")),
        "sms": mobile(source.get("mobile")),
        "letter": source.get("address") or [],
    }


def mail_point(address: str) -> Point:
    return "email", address.lower()


def _points(victim: Victim) -> Iterator[Point | None]:
    person = victim.get("person_ref")
    yield ("person", person.lower()) if person else None
    for holder in (victim, victim.get("representative") or {}):
        address, number = email(holder.get("email")), mobile(holder.get("mobile"))
        yield mail_point(address) if address else None
        yield ("mobile", number) if number else None
    line = landline(victim.get("landline"))
    yield ("mobile", line) if line else None


def points(victim: Victim) -> frozenset[Point]:
    """Every point of the victim and of whoever receives for them."""
    return frozenset(point for point in _points(victim) if point is not None)
