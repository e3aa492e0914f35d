"""Web pages: values are escaped, what is missing is an error of ours, and the Design System's macros still take what is not given."""

from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from chalicelib.adapters.asset_files import AssetFiles, assets_root
from chalicelib.adapters.pages import JinjaPages

NAMES = {"force": {"name": "F"}, "web": {}}


def pages(root: Path, **templates: str) -> JinjaPages:
    (root / "pages" / "en").mkdir(parents=True, exist_ok=True)
    for name, text in templates.items():
        (root / "pages" / "en" / f"{name}.html").write_text(text, encoding="utf-8")
    return JinjaPages(NAMES, lambda name: f"/assets/{name}", root)


def test_a_value_is_never_markup(tmp_path):
    text = pages(tmp_path, a='<p title="{{ value }}">{{ value }}</p>').render("a", {"value": "\"><script>'"})
    assert text == '<p title="&#34;&gt;&lt;script&gt;&#39;">&#34;&gt;&lt;script&gt;&#39;</p>'


def test_a_value_in_a_macro_of_the_design_system_is_none_either(tmp_path):
    template = (
        '{% from "govuk_frontend_jinja/components/input/macro.html" import govukInput %}'
        '{{ govukInput({"id": "n", "name": "n", "label": {"text": value}, "value": value, "errorMessage": {"text": value}}) }}'
    )
    text = pages(tmp_path, a=template).render("a", {"value": '<script>&"'})
    assert "<script>" not in text
    assert text.count("&lt;script&gt;&amp;") == 3


@pytest.mark.parametrize(
    "template",
    ["{{ nothing }}", "{% if nothing %}{% endif %}", "{% for x in nothing %}{% endfor %}", "{{ nothing.at.all }}", "{{ thing.nothing }}"],
)
def test_what_is_missing_is_an_error(tmp_path, template):
    class Thing:
        something = 1

    with pytest.raises(UndefinedError):
        pages(tmp_path, a=template).render("a", {"thing": Thing()})


def test_there_is_no_page_of_another_name(tmp_path):
    made = pages(tmp_path, a="x")
    for name in ("b", "../../fonts/LICENSE", "a.html"):
        with pytest.raises(TemplateNotFound):
            made.render(name, {})


def test_files_are_found_where_they_were_built_and_nothing_else_is_served(tmp_path):
    files = AssetFiles()
    assert files.address("page.css").startswith("/assets/page-")
    for name in ("manifest.json", "../manifest.json", "", "page.css", "..", "/etc/passwd"):
        assert files.read(name) is None
    with pytest.raises(KeyError):
        files.address("nothing.css")
    with pytest.raises(FileNotFoundError):
        assets_root([], tmp_path)


@pytest.mark.parametrize("place", ["vendor/assets", "assets"])
def test_the_folder_of_the_source_tree_and_of_the_bundle(tmp_path, place):
    folder = tmp_path / place
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{"files": {}}')
    assert assets_root([], tmp_path) == folder
    assert AssetFiles(folder).names() == []


def test_a_layer_is_on_the_import_path(tmp_path):
    (tmp_path / "layer" / "assets").mkdir(parents=True)
    (tmp_path / "layer" / "assets" / "manifest.json").write_text("{}")
    assert assets_root(["", str(tmp_path / "layer")], tmp_path / "elsewhere") == tmp_path / "layer" / "assets"
