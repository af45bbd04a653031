"""Check a folder of a jurisdiction's rules before it is shipped: what is missing or wrong, with file and line.

Input: a folder like those of `data/rules/`. Output: every fault as a text that names file, line and what was expected,
and remarks on what is allowed but should be known, such as values whose words are not quoted.
"""

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from calc.errors import DataError, InputError
from calc.rates.csv_lines import line_error, lines, read_file
from calc.rates.register.published import parse_published
from calc.rates.ruled.observations import load_series, series_names
from calc.rates.ruled.periods import PUBLISHED_FILE
from calc.rules.cited_file import CitedValue, read_cited
from calc.rules.clause_rules import SCHEMAS, wrong_together
from calc.rules.document import Document, Place
from calc.rules.jurisdictions import JURISDICTION_FILE, parse_jurisdiction
from calc.rules.rate_rule import RATE_RULE_FILE, RateRule, check_complete

NEEDED: Final = (JURISDICTION_FILE, RATE_RULE_FILE, "deposit_interest.toml")
"""Files without which nothing can be computed of deposits."""
PLAN_FILE: Final = "fixed_credit.toml"
"""The file that is enough, beside the head, where a jurisdiction has a percentage-of-income plan alone."""
TEMPLATE: Final = "data/templates/jurisdiction"
"""Folder with every file and field, each explained."""
_CLAUSES: Final = {f"{rule}.toml": schema for rule, schema in SCHEMAS.items()}
_KNOWN: Final = {JURISDICTION_FILE, RATE_RULE_FILE, PUBLISHED_FILE, *_CLAUSES}


class Checked(NamedTuple):
    """What was found in a folder: faults, which have to be put right, and remarks."""

    faults: list[str]
    remarks: list[str]


def check_folder(folder: Path) -> Checked:
    """Check a folder of a jurisdiction's rules.

    Args:
        folder: The folder, such as data/rules/us-ms.

    Returns:
        Everything that is wrong or should be known.

    Raises:
        InputError: There is no such folder, or its rules stand by service, as Colorado's.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; name one like data/rules/us-ms")
    found = Checked([], [])
    present = {path.name for path in folder.iterdir()}
    if "electric" in present:
        raise InputError(f"{folder}: its rules stand by service, in a form of their own; this checks files of clauses")
    of_plan_alone = PLAN_FILE in present and not present & {*NEEDED[1:], PUBLISHED_FILE}
    missing = [name for name in (NEEDED[:1] if of_plan_alone else NEEDED) if name not in present]
    found.faults.extend(f"{folder / name}: missing; copy it from {TEMPLATE}" for name in missing)
    found.faults.extend(
        f"{folder / name}: no such file in a jurisdiction's folder; expected {', '.join(sorted(_KNOWN))}"
        for name in sorted(present - _KNOWN)
    )
    if JURISDICTION_FILE in present:
        _try(found, lambda path, text: parse_jurisdiction(folder.name, path, text, ()), folder / JURISDICTION_FILE)
    rule = _rate_rule(found, folder / RATE_RULE_FILE) if RATE_RULE_FILE in present else None
    for name, schema in _CLAUSES.items():
        if name in present:
            _clauses(found, folder / name, schema)
    if PUBLISHED_FILE in present:
        _published(found, folder / PUBLISHED_FILE, rule)
    elif rule is not None and rule.method == "order":
        found.remarks.append(f"{folder / PUBLISHED_FILE}: missing; rates set by order have to be given with each quote")
    return found


def _try(found: Checked, parse: Any, path: Path) -> Any:  # noqa: ANN401 - a parser and what it makes
    """Parse a file; its first fault is recorded, and None is returned."""
    try:
        return parse(str(path), read_file(path))
    except InputError as error:
        found.faults.append(str(error))
        return None


def _values(found: Checked, path: Path, schema: type[Any]) -> tuple[str, dict[str, tuple[CitedValue, ...]]] | None:
    """Return a file's text and values; None, with its faults recorded, if it has some."""
    text = _try(found, lambda _, content: content, path)
    if text is None:
        return None
    values, faults = read_cited(str(path), text, schema)
    found.faults.extend(map(str, faults))
    cited = [each.citation for dated in values.values() for each in dated]
    unquoted = sum(each.reading == "unquoted" for each in cited)
    if unquoted:
        found.remarks.append(f"{path}: {unquoted} of {len(cited)} values are unquoted")
    return None if faults else (text, values)


def _rate_rule(found: Checked, path: Path) -> RateRule | None:
    """Check every rate rule of a file on the day on which it begins, and return the last."""
    read = _values(found, path, RateRule)
    if read is None:
        return None
    text, values = read
    rule = RateRule(**{name: dated[-1].value for name, dated in values.items()})
    try:
        check_complete(str(path), text, rule)
        if rule.is_observed and rule.series not in series_names():
            expected = f"is {rule.series}; expected one of {', '.join(series_names())}"
            raise Document.parse(str(path), text).error(Place("series", key="value"), expected)
        if rule.series is not None and rule.is_observed:
            by_day = load_series(rule.series).by_day
            if by_day == (rule.method == "mean_of_months"):
                complaint = f"is {rule.method}; the series {rule.series} has figures by {'day' if by_day else 'month'}"
                raise Document.parse(str(path), text).error(Place("method", key="value"), complaint)
    except DataError as error:
        found.faults.append(str(error))
        return None
    return rule


def _clauses(found: Checked, path: Path, schema: type[Any]) -> None:
    read = _values(found, path, schema)
    if read is None:
        return
    text, values = read
    complaint = wrong_together(schema(**{name: dated[-1].value for name, dated in values.items()}))
    if complaint:
        place = Place(next(each.name for each in fields(schema) if each.name in complaint))
        found.faults.append(str(Document.parse(str(path), text).error(place, complaint)))


def _published(found: Checked, path: Path, rule: RateRule | None) -> None:
    """Check published rates, and that each begins with a period of the rule."""
    rows = _try(found, lambda name, text: parse_published(text, name), path)
    if rows is None or rule is None:
        return
    months = range(1, 13, 12 if rule.period == "year" else 3)
    for line, values in lines(read_file(path), str(path), ("effective_from",)):
        day = date.fromisoformat(values["effective_from"])
        if day.day != 1 or day.month not in months:
            complaint = f"effective_from {day} does not begin a {rule.period}"
            found.faults.append(str(line_error(str(path), line, complaint)))
