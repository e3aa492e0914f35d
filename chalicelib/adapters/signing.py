"""AWS Signature Version 4 of one small JSON request, made once for each call.

botocore's own signer is general and costs ten times as much; a test holds this one against it, letter by letter. Must not read the
environment, nor know a service. Source: AWS, "Create a signed AWS API request" (Signature Version 4).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Signer:
    """`service` is the name that the service is signed for ("dynamodb", "ses", "sqs", "sms-voice")."""

    region: str
    service: str

    def signed(
        self, headers: Mapping[str, str], *, method: str, path: str, body: bytes, keys: tuple[str, str, str | None], at: datetime
    ) -> dict[str, str]:
        """`headers` (names in lower case, `host` among them, all of which are signed) with date, session token and authorization.

        `keys` are access key, secret key and session token; `path` has nothing to be encoded and no query; `at` is in UTC.
        """
        access, secret, token = keys
        stamp = at.strftime("%Y%m%dT%H%M%SZ")
        whole = {**headers, "x-amz-date": stamp}
        if token:
            whole["x-amz-security-token"] = token
        names = sorted(whole)
        signed_names = ";".join(names)
        lines = "".join(f"{name}:{whole[name]}\n" for name in names)
        request = f"{method}\n{path}\n\n{lines}\n{signed_names}\n{hashlib.sha256(body).hexdigest()}"
        scope = f"{stamp[:8]}/{self.region}/{self.service}/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        signature = hmac.digest(_key(secret, stamp[:8], self.region, self.service), text.encode(), "sha256").hex()
        whole["authorization"] = f"AWS4-HMAC-SHA256 Credential={access}/{scope}, SignedHeaders={signed_names}, Signature={signature}"
        return whole


@lru_cache(maxsize=16)
def _key(secret: str, day: str, region: str, service: str) -> bytes:
    """The signing key, which holds for a day."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
