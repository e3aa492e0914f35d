"""A message of ours shown inside a page as its reader will see it: which of its styles the browser may apply, and a letter's pictures.

An e-mail carries its styles in itself, which our pages never do. Each is let in by its hash, on that one page. Must not let a script in.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape

from chalicelib.entrypoints.answers import SECURITY_HEADERS

_STYLES = re.compile(r'\sstyle="([^"]*)"|<style>(.*?)</style>', re.DOTALL)


def policy_for(html: str) -> str:
    """The Content-Security-Policy of a page that shows this e-mail in a frame of its own, or a letter's pictures."""
    found = {unescape(attribute) or sheet for attribute, sheet in _STYLES.findall(html)}
    hashes = " ".join(sorted(f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" for style in found))
    styles = f"style-src 'self' 'unsafe-hashes' {hashes}" if hashes else "style-src 'self'"
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    return policy.replace("style-src 'self'", styles).replace("img-src 'self'", "img-src 'self' data:")


def picture(png: bytes) -> str:
    """The address of a picture that comes with the page."""
    return f"data:image/png;base64,{b64encode(png).decode()}"
