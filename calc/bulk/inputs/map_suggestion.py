"""Proposes a map for an extract, from its column names and a sample of its values.

Comes in: a CSV, Parquet or Excel file. Goes out: TOML that `calc.bulk.inputs.map_file` reads, with a comment wherever
a person has to look: columns that are left out or were not found, dates whose order the sample leaves open.
"""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from calc.bulk.inputs.date_format import YEARS_FROM
from calc.bulk.inputs.extract_sample import Extract, read_extract
from calc.bulk.inputs.format_suggestion import PLAIN, Suggestion, date_format_of, money_style_of
from calc.bulk.inputs.map_file import MAPPED
from calc.bulk.inputs.map_proposal import Proposal, as_toml, has_two_digit_year
from calc.bulk.inputs.map_vocabulary import FLAGS, SAME, WORDS
from calc.bulk.inputs.mapping import is_whole_number
from calc.bulk.inputs.xlsx_file import split_sheet
from calc.columns.contract import Column, Dataset, Holds
from calc.errors import InputError

_ALIKE: Final = 0.75


def suggest_map(named: str | Path, dataset: str | None = None) -> str:
    """TOML of a map for a file; the dataset is by default the one whose columns are found best.

    InputError where the file cannot be read or no column of any dataset is found.
    """
    name, sheet = split_sheet(str(named))
    path = Path(name)
    extract = read_extract(path, sheet)
    among = [MAPPED[dataset]] if dataset else list(MAPPED.values())
    matches = {each.name: _matches(each, extract.samples) for each in among}
    best = max(among, key=lambda each: (_share_found(each, matches[each.name]), len(matches[each.name])))
    if not matches[best.name]:
        raise InputError(f"{path}: no column is like one of {best.name}; it has {', '.join(extract.samples)}")
    proposal = Proposal(matches=matches[best.name])
    _propose(best, extract, proposal)
    return as_toml(path, best, extract, proposal)


def _plain(name: str) -> str:
    """A name in lower case, its words apart: "DepAmt" and "DEP_AMT" are "dep amt"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.sub(r"[^a-z0-9]+", " ", apart.lower()).strip()


def _matches(dataset: Dataset, samples: Mapping[str, list[str]]) -> dict[str, str]:
    """Contract's column -> the extract's that is most like it; each is taken once, the likest first."""
    scores = sorted(
        ((_likeness(column, name) + _fit(column, samples[name]), -place, column.name, name)
         for place, column in enumerate(dataset.columns) for name in samples),
        reverse=True,
    )  # fmt: skip
    found: dict[str, str] = {}
    for score, _, column, name in scores:
        if score >= _ALIKE and column not in found and name not in found.values():
            found[column] = name
    return found


def _likeness(column: Column, name: str) -> float:
    known = [_plain(column.name), *(SAME.get(column.name, ()))]
    if column.decimal_name:
        known.append(_plain(column.decimal_name))
    given = _plain(name)
    if name in {column.name, column.decimal_name}:
        return 2.0
    return max(SequenceMatcher(None, given, each).ratio() for each in known)


def _fit(column: Column, texts: list[str]) -> float:
    """How well sampled texts go with a column of words: more than nothing where all do, too little where none does."""
    if column.holds is not Holds.WORD or not texts:
        return 0.0
    known = {_plain(word) for each in column.words for word in (each, *WORDS.get(column.name, {}).get(each, ()))}
    words = {_plain(text) for text in texts}
    return 0.25 if words <= known else -1.0 if words.isdisjoint(known) else 0.0


def _share_found(dataset: Dataset, found: Mapping[str, str]) -> float:
    required = [column.name for column in dataset.columns if not column.optional and not column.nullable]
    return sum(name in found for name in required) / len(required)


def _propose(dataset: Dataset, extract: Extract, proposal: Proposal) -> None:
    for column in dataset.columns:
        given = proposal.matches.get(column.name)
        if given is None:
            if not column.optional:
                blank = f' ({column.name} = "" if it is always blank)' if column.nullable else ""
                if column.nullable:
                    proposal.blank.append(column.name)
                proposal.comments.append(
                    f"{column.name}, which is required, was not found: add it to names, or to constants{blank}"
                )
            continue
        texts = extract.samples[given]
        to = _target(column, given)
        if to != given:
            proposal.names[given] = to
        if column.holds is Holds.DATE:
            if given not in extract.temporal:
                _propose_dates(column.name, texts, proposal)
        elif column.holds in {Holds.WORD, Holds.FLAG}:
            _propose_words(column, texts, proposal)
    _propose_dates_of_blanks(dataset, extract, proposal)
    _propose_money(dataset, extract, proposal)
    _propose_whole_numbers(dataset, extract, proposal)
    _comment_on_layout(extract, proposal)


def _target(column: Column, given: str) -> str:
    """The contract's name for a column; amounts are decimals unless their name says cents or thousandths."""
    named = {"cents", "thousandths"} & set(_plain(given).split())
    return column.name if column.decimal_name is None or named else column.decimal_name


def _propose_dates(name: str, texts: list[str], proposal: Proposal) -> None:
    found = date_format_of(texts)
    if not texts:
        return
    _comment_on_misfits(name, found, "dates", proposal)
    if found.text == "YYYY-MM-DD":
        return
    if found.text is None:
        proposal.comments.append(
            f"{name}: no known format fits all sampled dates; say in date_formats how they are written, with "
            "YYYY or YY, MM, M, MON or MONTH, DD or D, and other letters in single quotes"
        )
        return
    proposal.dates[name] = found.text
    if found.others:
        proposal.comments.append(
            f"{name}: the sampled dates also fit {', '.join(found.others)}; make sure that {found.text} is right"
        )


def _comment_on_misfits(names: str, found: Suggestion, what: str, proposal: Proposal) -> None:
    if found.misfits:
        proposal.comments.append(
            f"{names}: {found.misfits} sampled {what} are not written {found.text} and will be refused: correct them"
        )


def _matched(dataset: Dataset, holds: Holds, proposal: Proposal) -> list[str]:
    """Columns of a kind that were found in the extract."""
    return [column.name for column in dataset.columns if column.holds is holds and column.name in proposal.matches]


def _propose_dates_of_blanks(dataset: Dataset, extract: Extract, proposal: Proposal) -> None:
    """Dates of which the sample has none are taken to be written as all the others are."""
    dates = _matched(dataset, Holds.DATE, proposal)
    blank = [name for name in dates if not extract.samples[proposal.matches[name]]]
    formats = {proposal.dates.get(name) for name in dates if name not in blank}
    if blank and len(formats) == 1 and (shared := formats.pop()):
        proposal.dates |= dict.fromkeys(blank, shared)
        proposal.comments.append(f"{', '.join(blank)}: no date was sampled; make sure that {shared} is right")


def _propose_money(dataset: Dataset, extract: Extract, proposal: Proposal) -> None:
    """One style for all amounts, where they are not all plain."""
    names = _matched(dataset, Holds.MONEY, proposal)
    sampled = {name: extract.samples[proposal.matches[name]] for name in names}
    texts = [text for each in sampled.values() for text in each]
    if not texts:
        return
    found = money_style_of(texts)
    _comment_on_misfits(", ".join(names), found, "amounts", proposal)
    if found.text == PLAIN:
        return
    if found.text is None:
        odd = ", ".join(name for name, each in sampled.items() if money_style_of(each).text is None) or ", ".join(names)
        proposal.comments.append(
            f"{odd}: no known style fits all sampled amounts; write them as 1234.56, or as $1,234.56"
        )
        return
    proposal.money_style = found.text
    if found.others:
        proposal.comments.append(
            f"amounts: the sampled ones also fit {' and '.join(found.others)}; make sure that {found.text} is right"
        )


def _propose_whole_numbers(dataset: Dataset, extract: Extract, proposal: Proposal) -> None:
    """What to do where cents, days or counts are written as a spreadsheet's floats are."""
    whole = {
        name: extract.samples[given]
        for name, given in proposal.matches.items()
        if is_whole_number(dataset.column(name)) and _target(dataset.column(name), given) == name
    }
    zeros = [name for name, texts in whole.items() if any(re.fullmatch(r"-?[0-9]+\.0+", text) for text in texts)]
    parts = [
        name for name, texts in whole.items() if any(re.fullmatch(r"-?[0-9]*[.]0*[1-9]\d*", each) for each in texts)
    ]
    if zeros:
        proposal.trailing_zeros = True
        proposal.comments.append(
            f"{', '.join(zeros)}: whole numbers are written with .0, as a spreadsheet's floats are: trailing_zeros "
            "takes it off"
        )
    for name in parts:
        dollars = dataset.column(name).decimal_name
        how = f"; if they are dollars, name the column {dollars} in names" if dollars else ""
        proposal.comments.append(f"{name}: some sampled numbers are not whole and will be refused{how}")


def _comment_on_layout(extract: Extract, proposal: Proposal) -> None:
    """What is proposed of blanks, of lines above the header, of rows of totals and of years, in words."""
    padded = [name for name, given in proposal.matches.items() if given in extract.padded]
    if padded:
        how = "no content in CSV, they are taken off" if extract.is_csv else "trim takes them off"
        proposal.comments.append(f"{', '.join(padded)}: texts have blanks at their edges: {how}")
    if extract.layout.skip_rows:
        proposal.comments.append(f"{extract.layout.skip_rows} lines above the header are skipped")
    if extract.time_zone:
        proposal.comments.append(f"timestamps are midnight in {extract.time_zone}, not in their zone; make sure")
    if extract.totals:
        rows = ", ".join(f"{text} in {name}" for name, texts in extract.totals.items() for text in texts)
        proposal.comments.append(f"rows that look like totals are left out: {rows}")
    if any(has_two_digit_year(text) for text in proposal.dates.values()):
        proposal.comments.append(
            f"years of two digits: {YEARS_FROM} to {YEARS_FROM + 99}; make sure that the first of them is right"
        )


def _propose_words(column: Column, texts: list[str], proposal: Proposal) -> None:
    allowed = column.words or ("true", "false")
    known = {each: (each, *WORDS.get(column.name, {}).get(each, ())) for each in column.words} or {
        each: (each, *others) for each, others in FLAGS.items()
    }
    words: dict[str, str] = {}
    unknown = 0
    for text in sorted(set(texts)):
        if text in allowed or (not column.words and text.lower() in allowed):
            continue
        to = [each for each, others in known.items() if text.lower() in others or _plain(text) == _plain(each)]
        if to:
            words[text] = to[0]
        else:
            unknown += 1
    if words:
        proposal.words[column.name] = words
    if unknown:
        proposal.comments.append(
            f"{column.name}: {unknown} sampled words are none of {', '.join(allowed)}; add what they mean to words"
        )
