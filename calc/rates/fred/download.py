"""Download series from the Federal Reserve Bank of St. Louis (FRED) through fredapi.

Input: a series' name; the key in FRED_API_KEY, another address in PUCCALC_FRED_URL. Output: an `Answer`, the response
as received, its observations as text. fredapi builds the request's address and parses the response through floats, so
its values are only compared with the text. This module sends the request itself, with a timeout, retries and a pause.
No message and no exception holds an address, because the key is part of it. `.review` checks the values.
"""

import os
import re
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from email.message import Message
from http.client import HTTPException, HTTPResponse
from math import isnan
from typing import IO, Final, NamedTuple

from calc.errors import RatesMissingError, UsageError
from calc.extras import require
from calc.rates.fred.series import NO_VALUE

_DEFAULT_ADDRESS: Final = "https://api.stlouisfed.org/fred"
_ATTEMPTS: Final = 4
_PAUSE_SECONDS: Final = 0.5
"""Least time between the starts of two requests: FRED allows two a second."""
_BYTES_MAX: Final = 32 * 2**20
_KEY: Final = re.compile(r"[0-9a-z]{32}", re.ASCII)
_ADDRESS: Final = re.compile(
    r"(https://[a-z0-9.-]+|http://(127\.0\.0\.1|\[::1\]|localhost))(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?", re.ASCII
)
"""The address carries the key, so plain HTTP is allowed to this machine only."""
_VALUE: Final = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,2})?", re.ASCII)


class Observation(NamedTuple):
    """Hold a date and its value as FRED wrote it, with at most two decimals; NO_VALUE if it has none."""

    day: date
    value: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold one response: vintage (the date as of which FRED gave it), observations by ascending date, raw bytes."""

    series: str
    vintage: date
    observations: tuple[Observation, ...]
    raw: bytes


class _AgainError(Exception):
    """Signal a request that failed in a way that may pass, so that it is sent again."""


class FredSource:
    """Download series from FRED as it answers now."""

    def __init__(self, report: Callable[[str], None], *, timeout_seconds: float = 20.0) -> None:
        """Read the settings.

        Args:
            report: Gets one line for each failed attempt that is repeated.
            timeout_seconds: Limit for one attempt.

        Raises:
            ExtraMissingError: The packages of the extra `refresh` are not installed.
            RatesMissingError: FRED_API_KEY holds no usable key.
            UsageError: PUCCALC_FRED_URL is not a safe address.
        """
        require("refresh", "A refresh from FRED")
        self._key = _key()
        self._address = _address()
        self._timeout_seconds = timeout_seconds
        self._report = report
        self._next_start = 0.0

    def series(self, name: str) -> Answer:
        """Download all observations of a series; raise RatesMissingError if FRED fails or its answer cannot be used."""
        from fredapi import Fred  # noqa: PLC0415 - loads pandas

        answers: list[Answer] = []

        def fetch(url: str) -> ET.Element:
            raw = self._request(f"{url}&api_key={self._key}")
            root = _parse(raw)
            answers.append(_answer(name, root, raw))
            return root

        client = Fred.__new__(Fred)  # its own start would read the key and may install a global opener
        client.root_url = self._address
        client._Fred__fetch_data = fetch  # noqa: SLF001 - the one place where fredapi touches the network
        read = client.get_series(name)
        (answer,) = answers
        values = [None if isnan(value) else f"{value:.2f}" for value in read.tolist()]
        texts = [None if value == NO_VALUE else _two_decimals(value) for _, value in answer.observations]
        if values != texts or [day.date() for day in read.index] != [day for day, _ in answer.observations]:
            raise _unusable(name, "fredapi reads other figures out of it than its text has")
        return answer

    def _request(self, url: str) -> bytes:
        import stamina  # noqa: PLC0415 - only a refresh needs it

        def told(details: stamina.instrumentation.RetryDetails) -> None:
            self._report(f"FRED {details.caused_by}; attempt {details.retry_num + 1} of {_ATTEMPTS}")

        stamina.instrumentation.set_on_retry_hooks((told,))  # instead of a log, which would reach a command's output
        problem = ""
        try:
            for attempt in stamina.retry_context(
                on=_AgainError, attempts=_ATTEMPTS, timeout=None, wait_initial=1.0, wait_max=10.0, wait_jitter=1.0
            ):
                with attempt:
                    time.sleep(max(0.0, self._next_start - time.monotonic()))
                    self._next_start = time.monotonic() + _PAUSE_SECONDS
                    return self._send(url)
        except _AgainError as error:
            problem = str(error)
        raise RatesMissingError(f"FRED {problem}, in {_ATTEMPTS} attempts; try again later")

    def _send(self, url: str) -> bytes:
        """Send one request; raise _AgainError for what may pass, RatesMissingError for what will not.

        They are raised outside the handlers, so that no exception that holds the address is chained to them.
        """
        opener = urllib.request.build_opener(_NoRedirect)
        status, problem = 0, ""
        try:
            with opener.open(url, timeout=self._timeout_seconds) as response:
                body = _read(response, time.monotonic() + self._timeout_seconds)
        except urllib.error.HTTPError as error:
            status = error.code
            error.close()
        except (OSError, HTTPException) as error:
            problem = self._problem(error)
        if status in {408, 429} or status >= 500:
            problem = f"answered with status {status}"
        if problem:
            raise _AgainError(problem)
        if status:
            wrong = "FRED_API_KEY" if status == 400 else "PUCCALC_FRED_URL"
            raise RatesMissingError(f"FRED answered with status {status}; check {wrong}")
        if self._key.encode() in body:
            raise RatesMissingError("FRED's answer repeats the key, so it cannot be kept; check PUCCALC_FRED_URL")
        return body

    def _problem(self, error: OSError | HTTPException) -> str:
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(cause, TimeoutError):
            return f"has not answered within {self._timeout_seconds:g} seconds"
        if cause is not error:
            return f"cannot be reached ({getattr(cause, 'strerror', None) or type(cause).__name__})"
        return f"broke off its answer ({type(error).__name__})"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follow no redirect: it would send the key elsewhere."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Return nothing to follow."""


def _read(response: HTTPResponse, deadline: float) -> bytes:
    """Read the whole body; raise TimeoutError past the deadline, HTTPException if it is cut short or too long."""
    length = response.length
    body = bytearray()
    while len(body) != length and (part := response.read1(2**16)):
        body += part
        if time.monotonic() > deadline:
            raise TimeoutError
        if len(body) > _BYTES_MAX:
            raise HTTPException
    if length is not None and len(body) < length:
        raise HTTPException
    return bytes(body)


def _key() -> str:
    key = os.environ.get("FRED_API_KEY", "").strip()
    if not key:
        raise RatesMissingError("FRED needs a key: set FRED_API_KEY to the one of your FRED account")
    if not _KEY.fullmatch(key):
        raise RatesMissingError("FRED_API_KEY is no key of FRED's: expected 32 lower-case letters and digits")
    return key


def _address() -> str:
    address = os.environ.get("PUCCALC_FRED_URL", _DEFAULT_ADDRESS).rstrip("/")
    if not _ADDRESS.fullmatch(address):
        raise UsageError("PUCCALC_FRED_URL: expected https://host/path, or http:// where the host is this machine")
    return address


def _parse(raw: bytes) -> ET.Element:
    found = b"" if b"<!DOCTYPE" in raw.upper() else raw  # a page, or entities: FRED's answers have neither
    try:
        root = ET.fromstring(found)  # noqa: S314 - without a document type there are no entities to expand
    except ET.ParseError:
        root = None
    if root is None or root.tag != "observations":
        raise RatesMissingError("FRED's answer is no XML of observations, or is cut short; try again later")
    return root


def _answer(name: str, root: ET.Element, raw: bytes) -> Answer:
    vintage = _day(name, root.get("realtime_end"), "realtime_end")
    if root.get("realtime_start") != root.get("realtime_end"):
        raise _unusable(name, "it mixes several vintages")
    observations: list[Observation] = []
    for child in root:
        day = _day(name, child.get("date"), "date")
        value = child.get("value") or ""
        if child.tag != "observation" or not (value == NO_VALUE or _VALUE.fullmatch(value)):
            raise _unusable(name, f"what it gives for {day} is no plain percent with at most two decimals")
        if observations and day <= observations[-1].day:
            raise _unusable(name, f"{day} stands twice or out of order")
        observations.append(Observation(day, value))
    if not observations or root.get("count", str(len(observations))) != str(len(observations)):
        raise _unusable(name, f"it has {len(observations)} observations, and announces another number")
    return Answer(name, vintage, tuple(observations), raw)


def _day(name: str, text: str | None, what: str) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise _unusable(name, f"expected each {what} to be a day written YYYY-MM-DD") from None


def _two_decimals(value: str) -> str:
    whole, _, part = value.partition(".")
    return f"{whole}.{part.ljust(2, '0')}"


def _unusable(name: str, what: str) -> RatesMissingError:
    return RatesMissingError(f"FRED's answer for {name} cannot be used: {what}")
