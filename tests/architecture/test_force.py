"""No word of the force stands outside its profile: another force changes a profile and its own words, no code.

The words are read from the profile that is shipped, so that a new one is looked for as well. Must not judge tests, documents or the
demonstration data of one machine (`infra/local`, `infra/replay`), which are of that force on purpose.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROFILE = "chalicelib/profiles/derbyshire.toml"
CONTENT: dict[str, Any] = tomllib.loads((ROOT / PROFILE).read_text(encoding="utf-8"))
PLACES = ("app.py", "chalicelib", "templates", "infra/resources.yaml", "infra/policies", "infra/package.py", "infra/assets.py", ".chalice")

NATIONAL = {
    "101": "the police's number in England and Wales: the last resort is shown where no profile can be read",
    "18001 101": "the same by Relay UK",
    "0808 168 9111": "Victim Support, for the whole country",
}
"""Values of the profile that are every force's in England and Wales, and why they may stand elsewhere too."""

ALLOWED = {
    ("chalicelib/schemas/examples.py", "amber valley"): "an example of the published contract, which says itself that it is one",
    ("chalicelib/domain/danger_words_latin.py", "derbyshire"): "where a list of languages comes from; the list itself is every force's",
    ("chalicelib/domain/danger_words_scripts.py", "derbyshire"): "the same",
    ("chalicelib/domain/free_text_words.py", "idva"): "a kind of adviser that every force works with",
    ("chalicelib/domain/leak_content.py", "refuge"): "an ordinary word for where somebody hides",
    ("chalicelib/domain/free_text_words.py", "refuge"): "the same",
}
"""Where a word stands that is the profile's too, and why it may."""
if "Default: derbyshire\n" in (ROOT / "infra" / "resources.yaml").read_text(encoding="utf-8"):  # a force's fork has its own name there
    ALLOWED["infra/resources.yaml", "derbyshire"] = "the force that a package is made for where nobody names another"


def values(content: Any) -> set[str]:
    if isinstance(content, dict):
        return set().union(*(values(value) for value in content.values()), set())
    if isinstance(content, list):
        return set().union(*(values(value) for value in content), set())
    return {content} if isinstance(content, str) else set()


def words() -> set[str]:
    """Names, addresses and numbers by which a reader would know the force or its services. Names of roles are the house's own units."""
    of_services = {CONTENT["sexual_offence_service"], CONTENT["high_risk_service"], *CONTENT["domestic_abuse_services"].values()}
    contacts = [CONTENT["force"], CONTENT["victim_service"], *CONTENT["other_support"], *CONTENT["roles"].values()]
    said = set().union(*(values({key: value for key, value in part.items() if key != "name"}) for part in contacts))
    said |= {CONTENT["victim_service"]["name"], CONTENT["sms_sender"], CONTENT["web"]["complaints"], *CONTENT["districts"]}
    said |= {*CONTENT["specialist_names"], *of_services, "derbyshire", "ripley", "butterley"}
    said -= {"Butterley Hall", "Ripley", "Derbyshire Constabulary", "Derbyshire Police"}  # their words are looked for by themselves
    return {word.lower() for word in said if word not in NATIONAL and len(word) > 2}


FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for place in PLACES
    for path in ([ROOT / place] if (ROOT / place).is_file() else (ROOT / place).rglob("*"))
    if path.suffix in {".py", ".txt", ".html", ".typ", ".json", ".yaml", ".js", ".css", ".svg"}
    and not {"assets", "profiles"} & set(path.parts)
)


def found_in(name: str) -> set[str]:
    text = (ROOT / name).read_text(encoding="utf-8").lower()
    return {word for word in words() if re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text)}


def test_there_is_something_to_look_for():
    assert {"derbyshire", "core-derbyshire.com", "sv2", "elm", "amber valley"} - {"core-derbyshire.com"} <= words()
    assert len(words()) > 30
    assert {"app.py", "templates/acknowledgement/en/body.txt", "infra/resources.yaml"} <= set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_no_word_of_the_force_stands_outside_its_profile(name):
    assert not {word for word in found_in(name) if (name, word) not in ALLOWED}


@pytest.mark.parametrize(("name", "word"), ALLOWED)
def test_every_exception_is_still_needed_and_says_why(name, word):
    assert word in found_in(name)
    assert ALLOWED[name, word]


ORDINARY_UNITS = {"operations", "contact_centre"}
"""Roles whose name is the product's own, or an ordinary word in a sentence of its own."""


def test_templates_name_units_and_services_by_the_profile_alone():
    """What a role is called is for the force to say wherever somebody reads it."""
    names = {role["name"].lower() for unit, role in CONTENT["roles"].items() if unit not in ORDINARY_UNITS}
    for path in (ROOT / "templates").rglob("*"):
        if path.suffix in {".txt", ".html", ".typ"}:
            text = path.read_text(encoding="utf-8").lower()
            assert not {name for name in names if name in text}, path.name
