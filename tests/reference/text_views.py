"""Twin of the text kernels: what they find, over plain Python texts."""

from collections.abc import Sequence


def word_codes(texts: Sequence[str | None], words: Sequence[str]) -> list[int]:
    """Place of each text among the words, -1 for none."""
    return [words.index(text) if text in words else -1 for text in texts]


def blank(texts: Sequence[str | None]) -> list[bool]:
    """Whether a text is missing or nothing but Unicode's White_Space (Python's, less four separators of ASCII)."""
    return [text is None or all(each.isspace() and each not in "\x1c\x1d\x1e\x1f" for each in text) for text in texts]


def may_be_blank(texts: Sequence[str | None]) -> list[bool]:
    """Whether a text does not begin with a printing character of ASCII."""
    return [not text or not "!" <= text[0] <= "~" for text in texts]


def may_have_edge_blanks(texts: Sequence[str | None], seen_bytes: int) -> list[bool]:
    """Whether a text does not begin and end with a printing character of ASCII, or is longer than is seen."""
    return [
        bool(text) and not ("!" <= text[0] <= "~" and "!" <= text[-1] <= "~" and len(text.encode()) <= seen_bytes)
        for text in (each or "" for each in texts)
    ]
