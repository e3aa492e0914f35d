"""Languages as records write them, a tag or a name, and as a person reads them.

A language that is not here keeps its own tag, so that nobody is taken for an English reader by mistake. Must not say which have templates.
"""

from __future__ import annotations

ENGLISH = "en"
_NAMES = {
    "ar": "Arabic",
    "bn": "Bengali",
    "cs": "Czech",
    "cy": "Welsh",
    "en": "English",
    "fa": "Farsi",
    "ku": "Kurdish",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "pa": "Panjabi",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "sk": "Slovak",
    "so": "Somali",
    "ti": "Tigrinya",
    "uk": "Ukrainian",
    "ur": "Urdu",
}
_TAGS = {name.lower(): tag for tag, name in _NAMES.items()}


def tag_of(recorded: str | None) -> str:
    """The primary subtag ("en-GB", "EN" and "English" are "en"), English where none was recorded. Other words stay as they are."""
    written = (recorded or ENGLISH).replace("_", "-").strip().lower()
    primary = written.split("-")[0]
    return primary if primary.isalpha() and len(primary) in (2, 3) else _TAGS.get(written, written)


def name_of(tag: str) -> str:
    """What a person reads; free text of the record is never passed on as a language."""
    return _NAMES.get(tag, "another language")
