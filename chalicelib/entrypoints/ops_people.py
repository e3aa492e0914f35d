"""Commands about a person: which addresses are closed and may be used again, which cases name them, and erasure on request.

Must not print an address or anything else of a person: addresses are told by the start of their keyed hash.
"""

from __future__ import annotations

import argparse
from typing import Any

from chalicelib.bootstrap import Container
from chalicelib.entrypoints.ops_asking import REFUSED, Say, agreed, commands_of, decides, look_of, looks, reference_of
from chalicelib.services.closed_addresses import ClosedAddress
from chalicelib.services.consultations import consulted
from chalicelib.services.erase_person import Erasure
from chalicelib.services.person_cases import Named


def add(commands: Any) -> None:
    """The commands of this page."""
    closed = commands_of(commands, "closed", "addresses that a provider refused for good")
    for name, text in (("list", "those of one occurrence"), ("show", "the same")):
        shown = closed.add_parser(name, help=f"{text}: whose, what kind, why and since when, without the address")
        shown.add_argument("reference")
        looks(shown)
        shown.set_defaults(run=_closed)
    reopen = closed.add_parser("reopen", help="let one be used again, in every occurrence that names it")
    reopen.add_argument("reference")
    reopen.add_argument("address", help="as the list shows it")
    decides(reopen)
    reopen.set_defaults(run=_reopen)

    person = commands.add_parser("person", help="which other cases name the same person as this victim: for a request of that person")
    person.add_argument("reference")
    person.add_argument("victim")
    looks(person)
    person.set_defaults(run=_person)

    erase = commands.add_parser("erase", help="erase the content of one victim of one occurrence, on request")
    erase.add_argument("reference")
    erase.add_argument("victim")
    erase.add_argument("--although-live", action="store_true", help="although the case still needs it")
    decides(erase)
    erase.set_defaults(run=_erase)


def _closed(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    if (look := look_of(chosen, say)) is None:
        return REFUSED
    reference = reference_of(chosen.reference)
    found = ready.closed.of(reference)
    consulted(ready.cases, [reference] if found else [], look, "closed_addresses", ready.tick())
    for one in found:
        say(_line(one))
    say(f"{len(found)} addresses closed")
    return 0


def _line(one: ClosedAddress) -> str:
    since = f"{one.since:%Y-%m-%d %H:%M}" if one.since else "before it was logged"
    return f"{one.short}  {one.victim_id}  {one.kind}  {one.why}  since {since}"


def _reopen(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    reference = reference_of(chosen.reference)
    found = [one for one in ready.closed.of(reference) if one.short == chosen.address]
    if not found:
        say("No closed address of this occurrence is told by that.")
        return 1
    warning = "It may bounce again, which counts against the sender's reputation; whoever complained must not be written to again."
    if not agreed(chosen, say, *map(_line, found), "This lets it be used again, in every occurrence that names it.", warning):
        return REFUSED
    decided = ready.closed.reopen(reference, found[0], chosen.by, chosen.reason, ready.tick())
    say(f"Open. {len(decided)} occurrences were decided again; what failed stays with its person.")
    return 0


def _person(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    if (look := look_of(chosen, say)) is None:
        return REFUSED
    reference = reference_of(chosen.reference)
    found = ready.person.of(reference, chosen.victim)
    if found is None:
        say("No such victim.")
        return 1
    consulted(ready.cases, [reference, *(one.reference for one in found)], look, "person", ready.tick())
    for one in found:
        say(f"{one.reference}  {one.victim_id or '-'}  {_shares(one)}")
    say(f"{len(found)} others")
    return 0


def _shares(one: Named) -> str:
    if one.victim_id is None:
        return "a record in quarantine, or a case whose content went"
    return "the same person number" if one.same_number else "an address, perhaps somebody else's"


def _erase(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    wanted = ready.erasing.would(reference_of(chosen.reference), chosen.victim)
    if wanted is None or wanted.nothing:
        say("No such victim." if wanted is None else "Nothing of this victim's content is kept.")
        return 1
    if wanted.live and not chosen.although_live:
        say(f"Refused: {'; '.join(wanted.live)}. The force needs it for that; --although-live erases it all the same.")
        return REFUSED
    if not agreed(chosen, say, *_what_goes(wanted)):
        return REFUSED
    ready.erasing.erase(wanted, chosen.by, chosen.reason, ready.tick())
    say("Erased. Send no record of this victim again, or have it erased in the records system first: what comes again is kept again.")
    return 0


def _what_goes(wanted: Erasure) -> list[str]:
    live = (
        [f"WARNING: the case is live: {'; '.join(wanted.live)}. Nobody is told anything by this service any more."] if wanted.live else []
    )
    others = [f"{wanted.others} messages of the contact page that may be somebody else's stay until they expire."] if wanted.others else []
    return [
        *live,
        f"This erases for good, of victim {wanted.victim_id} of {wanted.reference}:",
        f"  name, addresses, date of birth and what was said of them in the case: {'yes' if wanted.part else 'erased already'}",
        f"  their content in {len(wanted.archived)} archived versions",
        f"  {len(wanted.letters)} finished letters",
        f"  {len(wanted.messages)} messages that they wrote through the contact page",
        f"  the words of {len(wanted.events)} events that are about them alone",
        f"  {len(wanted.quarantined)} quarantined bodies of this occurrence, whole",
        *others,
        "States, deadlines, counts, the log and keyed hashes that hold other cases of the person stay. Sent mail is its reader's.",
    ]
