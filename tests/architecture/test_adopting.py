"""Holds docs/adopting.md to the profile: every field has its row, and no row is of a field that is no more.

Must not judge what a force should choose.
"""

import re

from tests.architecture.profile_fields import DOCUMENT, MEANS, fields, tables


def test_every_field_of_a_profile_is_explained_and_nothing_else_is():
    assert list(fields()) == list(dict.fromkeys(fields()))
    assert set(MEANS) == set(fields())


def test_the_page_is_made_from_the_fields_of_today():
    text = DOCUMENT.read_text(encoding="utf-8")
    found = re.search(r"<!-- fields -->\n(.*)\n<!-- end -->", text, re.DOTALL)
    assert found
    assert found[1] == tables(), "python -m tests.architecture.test_adopting"


if __name__ == "__main__":
    page = DOCUMENT.read_text(encoding="utf-8")
    made = re.sub(r"(<!-- fields -->\n).*?(<!-- end -->)", lambda part: part[1] + tables() + "\n" + part[2], page, flags=re.DOTALL)
    DOCUMENT.write_text(made, encoding="utf-8")
