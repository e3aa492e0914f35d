"""The one exception by which a stand-in refuses a request, as the real service would.

Must not carry anything but what the wire carries: code, status, message and the service's own fields.
"""

from typing import Any


class RefusedError(Exception):
    """A refusal: the service's error code, its HTTP status, its message, and further members of the error document."""

    def __init__(self, code: str, message: str, *, status: int = 400, **members: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status
        self.members = members
