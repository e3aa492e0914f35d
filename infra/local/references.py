"""How a person spells a reference, and which stored ones a spelling could mean.

Must not read anything itself.
"""

import re
import unicodedata
from collections.abc import Iterable

_SHORT = re.compile(r"(\d{2}) *[*/.-] *(\d{1,9})|(\d{2}) (\d{1,9})", re.ASCII)
_LONG = re.compile(r"(\d{2})(\d{9})", re.ASCII)
_WORDS = re.compile(r"^(?:(?:reference|ref|crime|occurrence|occ|incident|number|no|nr)\b[.:# ]*)+", re.IGNORECASE)
MOST_FOUND = 20


def eleven_digits(text: str) -> str | None:
    """A reference in its eleven-digit form, from any spelling of either form (`26*712345`, `26 712 345`, `ref 26000712345`); else None."""
    plain = _plain(text)
    tight = re.sub(r"(?<=\d) +(?=\d)", "", plain[3:])
    for spelled in (plain[:3] + tight, plain.replace(" ", "")):
        found = _SHORT.fullmatch(spelled) or _LONG.fullmatch(spelled)
        if found:
            year, number = (group for group in found.groups() if group)
            return str(year) + str(number).zfill(9)
    return None


def could_mean(text: str, references: Iterable[str]) -> tuple[str, ...]:
    """References in which the typed digits stand in that order, last first; none where no digit was typed. `267123` may be `26*7123…`."""
    runs = re.findall(r"[0-9]+", _plain(text))
    if not runs:
        return ()
    patterns = [".*".join(runs)]
    if len(runs) == 1 and len(runs[0]) > 2:
        patterns.append(f"^{runs[0][:2]}0*{runs[0][2:]}")
    wanted = re.compile("|".join(patterns))
    return tuple([reference for reference in references if wanted.search(reference)][::-1][:MOST_FOUND])


def _plain(text: str) -> str:
    return _WORDS.sub("", " ".join(unicodedata.normalize("NFKC", text).split()))
