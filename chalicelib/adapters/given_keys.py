"""The key that a function was given, at the moment of its use: most functions sign and open nothing, so they hold no key for it.

Must not make up a key: what was signed under one that nobody else has would open nowhere, and nobody would hear of it.
"""

from __future__ import annotations

from chalicelib.domain.errors import ConfigurationError


def given(key: bytes | None) -> bytes:
    """The key. ConfigurationError in a function that has none (`KEYLESS` of settings.py)."""
    if key is None:
        raise ConfigurationError("this function was given no key for what it is asked to do")
    return key
