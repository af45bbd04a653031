"""Who is signed in: a key's id and an end in a signed cookie; and whether a form came from a page of this service.

The browser never keeps the key itself. The cookie is `id.end.signature`, HttpOnly, Secure and SameSite=Strict, good
for a working day and only as long as the key itself is valid; it opens pages, nothing under /v1. The secret is that of
one start of the service, so a restart signs everyone out.
"""

import hmac
import time
from collections.abc import Mapping
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import urlsplit

COOKIE: Final = "__Host-puccalc"
SECONDS: Final = 8 * 3_600
_ATTRIBUTES: Final = "Path=/; HttpOnly; Secure; SameSite=Strict"


class Sessions:
    """Cookies of one secret."""

    def __init__(self, secret: str) -> None:
        """Keep the secret."""
        self._secret = secret.encode()

    def cookie(self, key_id: str) -> str:
        """The Set-Cookie header that signs a key in."""
        end = int(time.time()) + SECONDS
        signed = f"{key_id}.{end}"
        return f"{COOKIE}={signed}.{self._signature(signed)}; Max-Age={SECONDS}; {_ATTRIBUTES}"

    def key_id(self, headers: Mapping[bytes, bytes]) -> str | None:
        """Id of the key that a request's cookie signs in; None without a good cookie."""
        try:
            found = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE)
        except CookieError:
            return None
        signed, _, signature = (found.value if found else "").rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(signed).encode()):
            return None
        key_id, _, end = signed.partition(".")
        return key_id if time.time() < int(end) else None

    def _signature(self, signed: str) -> str:
        return hmac.new(self._secret, signed.encode(), sha256).hexdigest()


def signed_out() -> str:
    """The Set-Cookie header that takes the cookie away."""
    return f"{COOKIE}=; Max-Age=0; {_ATTRIBUTES}"


def from_own_page(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a browser says that a form was sent by a page of this service; without a word of it, it was not."""
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site == b"same-origin"
    host = headers.get(b"host", b"").decode("latin-1")
    return bool(host) and urlsplit(headers.get(b"origin", b"").decode("latin-1")).netloc == host
