"""The published OpenAPI description of the pages is the code's, is one, and misses no page and no form.

Must not call a page: tests/integration/test_pages_fuzzed.py does, with what it draws from the description.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
import schemathesis

from app import app
from chalicelib.domain.contact_form import MOST, REQUIRED
from chalicelib.entrypoints.http import ACCESS, FORM_TOKEN, Access
from chalicelib.schemas.form_fields import ALSO, FIELDS, FormField
from infra import openapi

ROUTES = {f"{method} {path}" for path, methods in app.routes.items() for method in methods}
DESCRIPTION = openapi.description(app.routes, ACCESS, FIELDS)


def test_what_is_published_has_not_drifted(capsys):
    assert openapi.main(["--check"]) == 0, capsys.readouterr().err


def test_a_drift_is_told_and_written_away(tmp_path, capsys):
    file = tmp_path / "contract" / openapi.FILE.name
    assert openapi.main(["--check"], file) == 1
    assert openapi.FILE.name in capsys.readouterr().err
    assert openapi.main(["--write"], file) == 0
    assert openapi.main(["--check"], file) == 0
    file.write_text("{}")
    assert openapi.main(["--check"], file) == 1


def test_it_is_an_openapi_description_of_every_page():
    described = schemathesis.openapi.from_dict(DESCRIPTION)
    described.validate()
    assert {operation.ok().label for operation in described.get_all_operations()} == ROUTES


def test_every_page_that_is_posted_to_declares_its_fields():
    assert {route for route in ROUTES if route.startswith("POST ")} <= set(FIELDS)


def test_no_fields_are_declared_of_what_is_no_page():
    assert set(FIELDS) | set(ALSO) <= ROUTES


@pytest.mark.parametrize("route", sorted(FIELDS))
def test_a_field_is_declared_once_and_has_an_end(route):
    names = [field.name for field in FIELDS[route]]
    assert len(set(names)) == len(names)
    assert FORM_TOKEN not in names, "every form has it"
    assert all(field.most is None or field.most > 0 for field in FIELDS[route])
    assert all(len(choice) <= (field.most or len(choice)) for field in FIELDS[route] for choice in field.choices)


def test_every_page_says_in_one_sentence_what_it_is():
    said = [operation["summary"] for operations in DESCRIPTION["paths"].values() for operation in operations.values()]
    assert all(summary.endswith(".") for summary in said)


def test_the_sizes_are_those_of_the_domain():
    body = DESCRIPTION["paths"]["/contact-officer"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    assert {name: one["maxLength"] for name, one in body["properties"].items() if "maxLength" in one} == MOST
    assert set(body["required"]) == REQUIRED


def described(method: str, access: Access, field: FormField) -> Mapping[str, Any]:
    """What is said of a page that there is not."""
    routes = {"/a/{token}": {method: SimpleNamespace(view_function=_made_up)}}
    document = openapi.description(routes, {"/a/{token}": access}, {f"{method} /a/{{token}}": (field,)})
    found: Mapping[str, Any] = document["paths"]["/a/{token}"][method.lower()]
    return found


def _made_up() -> None:
    """Asks a question.

    And what else.
    """


TOKEN_IN_PATH = {"name": "token", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def test_a_form_behind_a_gate_says_its_choices_and_wants_its_token():
    found = described("POST", Access.OFFICER_LINK, FormField("covers", choices=("update", "referral"), many=True))
    assert found["summary"] == "Asks a question."
    assert found["x-access"] == "officer_link"
    assert found["parameters"] == [TOKEN_IN_PATH]
    assert found["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"] == {
        "type": "object",
        "properties": {
            "covers": {"type": "array", "items": {"type": "string", "enum": ["update", "referral"]}},
            "form_token": {"type": "string"},
        },
        "required": ["form_token"],
    }
    assert {"200", "303", "403", "413", "422"} <= set(found["responses"])


def test_what_a_page_reads_of_its_query_is_a_parameter():
    found = described("GET", Access.SIGNED_IN, FormField("state", most=200, required=True))
    query = {"name": "state", "in": "query", "required": True, "schema": {"type": "string", "maxLength": 200}}
    assert found["parameters"] == [TOKEN_IN_PATH, query]
    assert "requestBody" not in found
    assert {"200", "303"} <= set(found["responses"])
    assert "413" not in found["responses"]


def test_a_page_may_have_an_answer_of_its_own():
    also = {"GET /safety": frozenset({303})}
    assert "303" in openapi.description(app.routes, ACCESS, FIELDS, also)["paths"]["/safety"]["get"]["responses"]
    assert "303" not in DESCRIPTION["paths"]["/safety"]["get"]["responses"]


def test_a_path_that_is_nobodys_and_a_form_without_fields_are_told():
    with pytest.raises(KeyError):
        openapi.description(app.routes, {}, FIELDS)
    with pytest.raises(KeyError):
        openapi.description(app.routes, ACCESS, {})
