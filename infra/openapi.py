"""Publishes the web pages as an OpenAPI description, generated from the app's routes, who may see them, their fields and their headers.

Must not describe a page by hand: what it does not find in the code it does not say.

    python -m infra.openapi --write    writes docs/contract/pages-openapi.json
    python -m infra.openapi --check    exits 1 when the published file differs
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib.entrypoints.answers import SECURITY_HEADERS
from chalicelib.entrypoints.http import ACCESS, FORM_TOKEN, Access
from chalicelib.schemas.form_body import MEDIA_TYPE, MOST_BYTES
from chalicelib.schemas.form_fields import ALSO, FIELDS, Fields, FormField
from chalicelib.schemas.json_schema import publish

FILE = Path(__file__).parents[1] / "docs" / "contract" / "pages-openapi.json"
HTML = "text/html"
FILES: Mapping[str, tuple[str, ...]] = {"/assets/{name}": ("text/css", "text/javascript", "image/svg+xml")}
"""Paths that serve files, and of which kinds."""

_WORDS: Mapping[int, str] = {
    200: "The page.",
    303: "Taken: the browser gets the next page by a GET.",
    400: "Not a form, not UTF-8, or a field that comes more than once.",
    403: "Sent by another site, or without the token of the form where the page is not public.",
    404: "There is no such page, or not for this reader.",
    409: "The form cannot be taken any more, since the case went on: the page says how it stands.",
    410: "The link does not open, or not any more.",
    413: f"The body is longer than {MOST_BYTES} bytes.",
    415: "The request has a content type that no page takes.",
    422: "The form was read and cannot be taken as it is: the page says what is wrong, field by field, and keeps what was typed.",
    429: "Too many requests from one source: wait. What was typed is kept on the page.",
    500: "Something is wrong here; the page says how to reach the force.",
    503: "It could not be done now. What was typed is kept on the page; it may be sent again.",
}
_ALWAYS = {404, 415, 429, 500, 503}
_OF_A_FORM = {303, 400, 403, 413, 422}
_BEHIND_A_GATE = {200, 303, 403, 409, 410}

Document = dict[str, Any]


def description(
    routes: Mapping[str, Mapping[str, Any]],
    access: Mapping[str, Access],
    fields: Mapping[str, Fields],
    also: Mapping[str, frozenset[int]] = ALSO,
) -> Document:
    """The pages of `routes` (path to method to Chalice's route). KeyError where a path is nobody's or a POST has no fields."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kept Informed: the web pages",
            "version": "1",
            "description": (
                "Every page that people open in a browser. They take forms and answer with HTML; nothing here is meant for programs. "
                "Lengths are characters after control characters are gone; longer ones are read, and answered with 422."
            ),
        },
        "paths": {
            path: {method.lower(): _operation(path, method, route, access[path], fields, also) for method, route in sorted(methods.items())}
            for path, methods in sorted(routes.items())
        },
        "components": {
            "headers": {name: {"required": True, "schema": {"const": value}} for name, value in SECURITY_HEADERS.items()},
            "responses": {str(status): _answer(status, (HTML,)) for status in sorted(_WORDS)},
        },
    }


def _operation(
    path: str, method: str, route: Any, access: Access, fields: Mapping[str, Fields], also: Mapping[str, frozenset[int]]
) -> Document:
    posted, shown = method == "POST", f"{'GET' if method == 'HEAD' else method} {path}"  # HEAD is the same, without a body
    statuses = _statuses(posted, access) | also.get(shown, set())
    taken = fields[shown] if posted else fields.get(shown, ())
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"\{(\w+)\}", path)
    ]
    if not posted:
        parameters += [{"name": one.name, "in": "query", "required": one.required, "schema": _schema(one)} for one in taken]
    return {
        "operationId": "_".join(re.findall(r"\w+", f"{method.lower()} {path}")),
        "summary": " ".join(str(route.view_function.__doc__ or "").strip().split("\n\n")[0].split()),
        "x-access": str(access),
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": _body(taken, access)} if posted else {}),
        "responses": {str(status): _found(path, status) for status in sorted(statuses)},
    }


def _statuses(posted: bool, access: Access) -> set[int]:
    """A public form is answered with the next page or with itself; whoever came through a gate may be shown a page, or sent to sign in."""
    own = _OF_A_FORM if posted else {200}
    return _ALWAYS | own | (set() if access is Access.PUBLIC else _BEHIND_A_GATE)


def _schema(field: FormField) -> Document:
    one: Document = {"type": "string"}
    one |= {"maxLength": field.most} if field.most is not None else {}
    one |= {"enum": list(field.choices)} if field.choices else {}
    one |= {"examples": [field.example]} if field.example else {}
    return {"type": "array", "items": one} if field.many else one


def _body(fields: Fields, access: Access) -> Document:
    """Every form carries a token; only a public one is taken without."""
    all_fields = (*fields, FormField(FORM_TOKEN, required=access is not Access.PUBLIC))
    schema = {
        "type": "object",
        "properties": {field.name: _schema(field) for field in all_fields},
        "required": [field.name for field in all_fields if field.required],
    }
    return {"required": True, "content": {MEDIA_TYPE: {"schema": schema}}}


def _found(path: str, status: int) -> Document:
    """An answer that every page has, or the file itself."""
    return _answer(status, FILES[path]) if status == 200 and path in FILES else {"$ref": f"#/components/responses/{status}"}


def _answer(status: int, kinds: tuple[str, ...]) -> Document:
    ours = [name for name in SECURITY_HEADERS if HTML in kinds or name != "Cache-Control"]  # a file may be kept, and says how long
    headers: Document = {name: {"$ref": f"#/components/headers/{name}"} for name in ours}
    if status == 303:
        headers["Location"] = {"required": True, "schema": {"type": "string", "pattern": "^(/|https?://)[^/\\\\]"}}
    return {"description": _WORDS[status], "headers": headers, "content": {kind: {"schema": {"type": "string"}} for kind in kinds}}


def published() -> str:
    """The text of docs/contract/pages-openapi.json."""
    from app import app

    return json.dumps(description(app.routes, ACCESS, FIELDS), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str], file: Path = FILE) -> int:
    """Write the published file, or compare it with the code; the exit code is 1 when it differs."""
    what, where = "The web pages, as an OpenAPI description.", "docs/contract/pages-openapi.json"
    return publish(arguments, {file: published()}, what, "infra.openapi", where)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
