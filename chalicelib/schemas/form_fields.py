"""The fields of every form, declared once by the page that takes it: what docs/contract/pages-openapi.json and its tests are made from.

To add a page that is posted to, add its line to FIELDS. Must not read or judge what was posted: each form's own reader does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.contact_form import MOST, REQUIRED, Field
from chalicelib.domain.model import Channel
from chalicelib.schemas.contact_form import HONEYPOT
from chalicelib.schemas.desk_forms import ABSENCE, MOST_TYPED
from chalicelib.schemas.officer_forms import CONTACT_FIELDS, UPDATE_FIELDS


@dataclass(frozen=True, slots=True)
class FormField:
    """`most`: the characters that are taken, None for no limit but the body's own. `choices`: the only values that a page offers.

    `many`: check boxes of one name, so that it may come more than once. `example`: with those of all required fields the form is taken
    by whoever may send it; none where that takes more than a form.
    """

    name: str
    most: int | None = None
    choices: tuple[str, ...] = ()
    required: bool = False
    many: bool = False
    example: str | None = None


Fields = tuple[FormField, ...]

_MESSAGE = {
    Field.COLLAR_NUMBER: "2345",
    Field.REFERENCE: "26*712345",
    Field.NAME: "Kim Field",
    Field.EMAIL: "kim.field@example.org",
    Field.PHONE: "07700 900123",
    Field.SAFE_TO_REPLY: "Before three o’clock",
    Field.MESSAGE: "When will somebody call me?",
}

_CONTACT = (*map(FormField, CONTACT_FIELDS), FormField("covers", many=True))
_UPDATE = tuple(map(FormField, UPDATE_FIELDS))
_TO = (FormField("to", MOST_TYPED, required=True),)

FIELDS: Mapping[str, Fields] = {
    "POST /officer/{token}/spoken": _CONTACT,
    "POST /officer/{token}/tried": _CONTACT,
    "POST /officer/{token}/update": _UPDATE,
    "POST /officer/{token}/update/preview": _UPDATE,
    "POST /officer/{token}/update/send": _UPDATE,
    "POST /officer/{token}/answered": (FormField("task", required=True),),
    "GET /sign-in/callback": (FormField("state"), FormField("code")),
    "POST /sign-out": (),
    "POST /desk/absence": tuple(FormField(name, MOST_TYPED) for name in ABSENCE),
    "POST /desk/back": (FormField("officer", MOST_TYPED),),
    "POST /desk/case": (FormField("reference", MOST_TYPED, required=True),),
    "POST /desk/case/{reference}/hand-over": _TO,
    "POST /desk/case/{reference}/message/{message}": _TO,
    "POST /case": (FormField("reference", 100, required=True), FormField("letter_code", 100, required=True)),
    "POST /case/{token}": (),
    "POST /case/{token}/code": (FormField("code", required=True),),
    "POST /case/{token}/change/{act}": (FormField("every"), FormField("method", choices=tuple(Channel))),
    "POST /case/{token}/leave": (),
    "POST /contact-officer": (
        *(FormField(field, MOST[field], required=field in REQUIRED, example=_MESSAGE[field]) for field in Field),
        FormField(HONEYPOT),
    ),
}
"""Method and path, as they stand in ACCESS, to fields: of the form for a POST, of the query for a GET. The token that a form carries is not
among them: every form has it. A test demands a line for every POST, () where nothing else is read; a GET that reads no query has none."""

ALSO: Mapping[str, frozenset[int]] = {
    "GET /": frozenset({303}),
    "GET /sign-in": frozenset({303}),
    "GET /sign-in/callback": frozenset({303, 400, 403}),
}
"""Method and path to statuses that a page answers with beside those that pages of its kind have (infra/openapi.py). A public page that
leads on by a GET has 303 here, and may then set a cookie."""
