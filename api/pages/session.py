"""Sign users in with a cookie that holds a key's id and an expiry; check that a form came from this service's pages.

The browser never stores the key itself. The cookie is `id.end.signature`, HttpOnly, Secure and SameSite=Strict, valid
for a working day (8 hours) and only while the key itself is valid; it opens pages, nothing under /v1. By default the
signing secret is new at each start of the service, so a restart signs everyone out.
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
    """Sign and check session cookies with one secret."""

    def __init__(self, secret: str) -> None:
        """Keep the secret that signs the cookies."""
        self._secret = secret.encode()

    def cookie(self, key_id: str) -> str:
        """Return the Set-Cookie header that signs a key in."""
        end = int(time.time()) + SECONDS
        signed = f"{key_id}.{end}"
        return f"{COOKIE}={signed}.{self._signature(signed)}; Max-Age={SECONDS}; {_ATTRIBUTES}"

    def key_id(self, headers: Mapping[bytes, bytes]) -> str | None:
        """Return the id of the key that a request's cookie signs in, or None without a valid, unexpired cookie."""
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
    """Return the Set-Cookie header that deletes the cookie."""
    return f"{COOKIE}=; Max-Age=0; {_ATTRIBUTES}"


def from_own_page(headers: Mapping[bytes, bytes]) -> bool:
    """Return whether the browser reports that a page of this service sent the form.

    Args:
        headers: Headers by lower-case name.

    Returns:
        True if Sec-Fetch-Site is "same-origin" or, without that header, Origin names this Host; False without either.
    """
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site == b"same-origin"
    host = headers.get(b"host", b"").decode("latin-1")
    return bool(host) and urlsplit(headers.get(b"origin", b"").decode("latin-1")).netloc == host
