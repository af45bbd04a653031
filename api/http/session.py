"""Sign users in with a cookie of a key's id and the time; check that a form came from this service's pages.

The browser never stores the key itself. The cookie is `id-session.time.signature`, HttpOnly, Secure and
SameSite=Strict, valid for a working day (8 hours) and only while the key itself is valid; it opens pages, nothing under
/v1. By default the signing secret is new at each start of the service, so a restart signs everyone out.
"""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import urlsplit

from itsdangerous import BadSignature, TimestampSigner

COOKIE: Final = "__Host-puccalc"
SECONDS: Final = 8 * 3_600
_ATTRIBUTES: Final = "Path=/; HttpOnly; Secure; SameSite=Strict"


class Sessions:
    """Sign and check session cookies with one secret."""

    def __init__(self, secret: str) -> None:
        """Keep the secret that signs the cookies."""
        self._signer = TimestampSigner(secret, salt=COOKIE, key_derivation="hmac", digest_method=sha256)

    def cookie(self, key_id: str) -> str:
        """Return the Set-Cookie header that signs a key in, in a session of its own."""
        session = f"{key_id}-{secrets.token_hex(8)}"
        return f"{COOKIE}={self._signer.sign(session).decode()}; Max-Age={SECONDS}; {_ATTRIBUTES}"

    def key_id(self, headers: Mapping[bytes, bytes]) -> str | None:
        """Return the id of the key that a request's cookie signs in, or None without a valid, unexpired cookie."""
        session = self.session(headers)
        return session.partition("-")[0] if session else None

    def session(self, headers: Mapping[bytes, bytes]) -> str | None:
        """Return the session of a request's cookie, key and a random part; None without a valid, unexpired cookie."""
        try:
            found = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE)
            return self._signer.unsign(found.value, max_age=SECONDS).decode() if found else None
        except (CookieError, BadSignature):
            return None


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
