"""Write a map as TOML: a table a dataset, with its keys, lists and tables within."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def map_text(content: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a map's TOML.

    Args:
        content: By dataset, what `tomllib` reads of its table; empty tables are left out.

    Returns:
        Text that `tomllib` reads as the same.
    """
    return "\n".join(line for name, table in content.items() for line in _table([name], table))


def with_blank_columns(content: Mapping[str, Any], columns: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Return a map that takes columns, by dataset, as blank throughout."""
    return {
        name: {**table, "constants": {**table.get("constants", {}), **dict.fromkeys(columns.get(name, ()), "")}}
        for name, table in content.items()
    }


def _table(path: list[str], table: Mapping[str, Any]) -> list[str]:
    keys = [f"{_key(key)} = {_value(value)}" for key, value in table.items() if not _is_table(value, path)]
    within = [_table([*path, key], value) for key, value in table.items() if _is_table(value, path) and value]
    return [f"[{'.'.join(map(_key, path))}]", *keys, "", *(line for lines in within for line in lines)]


def _is_table(value: Any, path: list[str]) -> bool:  # noqa: ANN401 - what TOML holds
    """Return whether a value is a table of its own: one within a dataset's; deeper ones stand in a line."""
    return isinstance(value, Mapping) and len(path) == 1


def _value(value: Any) -> str:  # noqa: ANN401 - what TOML holds
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    return str(value) if isinstance(value, int) else _quoted(str(value))


def _key(text: str) -> str:
    return text if _BARE.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    """Return TOML's basic string: as JSON's, save that it escapes one control character more."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
