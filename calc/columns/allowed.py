"""Say in words what a column may hold and what a row would need for a reason not to apply.

In: the contract's columns. Out: texts made from the contract alone; they contain no value of any row.
"""

from calc.columns.contract import Column, Dataset, Holds
from calc.columns.datasets.participant_year import ADD_UP, WORDS_OF
from calc.errors import REASON_TEXTS, Reason
from calc.units import FIRST_DATE, LAST_DATE, format_scaled

_COUNTY = "five digits (FIPS), the leading zero among them"
_NUMBERS = {2: "two", 3: "three"}
_DEPENDS_ON = {"participants": "events that are all good"}
"""What a dataset's row rests on, by the dataset's name; deposits, if not named."""
_OF_THE_RULES = {
    Reason.no_rate_in_force: "days of the rate table",
    Reason.no_rule_band: "with service gas, primary heat gas or electric",
    Reason.share_outside_band: "a share within the rule's band",
    Reason.duplicate_key: "each key once in the dataset",
    Reason.bad_line: "as many fields as the header has, in UTF-8",
    Reason.negative_balance: "refunds up to the balance held",
    Reason.bad_transaction: "transactions that are all good",
    Reason.unknown_deposit: "an id that the deposits have",
    Reason.unknown_participant: "an id and service that the participants have",
}


def allowed(column: Column, name: str) -> str:
    """Say what a column may hold.

    Args:
        column: Column of the contract.
        name: Name in the input: the column's own, or that of its decimals, which selects the unit.
    """
    needed = needed_of(column, name)
    return f"{needed}, or nothing" if column.nullable else needed


def needed_of(column: Column, name: str) -> str:
    """Say what a column may hold where it must not be blank; arguments as for `allowed`."""
    return _held(column, in_decimals=name == column.decimal_name)


def allowed_for(dataset: Dataset, reason: Reason, columns: tuple[str, ...], name: str) -> str:
    """Say what would be allowed where a row has a reason.

    Args:
        dataset: Dataset of the row.
        reason: Reason for which the row is refused.
        columns: Columns that the reason is about, by the contract's names.
        name: The first column's name in the input.
    """
    if by_rule := _by_rule(dataset, reason, columns):
        return by_rule
    parts = (part for column in dataset.columns for part in (column, *column.month_columns))
    own = next((part for part in parts if columns and part.name == columns[0]), None)
    if own is None:
        return REASON_TEXTS[reason]
    if own.within and reason is Reason.out_of_range:
        return f"{allowed(own, name)}, and {own.within}"
    return needed_of(own, name) if reason is Reason.missing_value else allowed(own, name)


def _by_rule(dataset: Dataset, reason: Reason, columns: tuple[str, ...]) -> str | None:
    """Say what would be allowed where more than one column decides, or the rules; None where a column alone does."""
    if reason is Reason.date_order and len(columns) > 1:
        return f"no day before {'received_date' if columns[0] != 'received_date' else columns[1]}"
    if reason is Reason.depends_on_quarantined:
        return _DEPENDS_ON.get(dataset.name, "deposits of the account and service that are all good")
    if reason is Reason.duplicate_key and not dataset.key:
        return f"one event of a kind on a day, but for {', '.join(ADD_UP)}"
    if columns == ("word", "kind"):
        return "; ".join(f"for {kind} {', '.join(words)}" for kind, words in WORDS_OF.items())
    return _OF_THE_RULES.get(reason)


def _held(column: Column, *, in_decimals: bool) -> str:
    lowest, highest, unit = column.lowest, column.highest, column.unit
    amount = ""
    if unit and in_decimals:
        least, most = (format_scaled(each, unit.decimals) for each in (lowest, highest))
        amount = f"{unit.whole} with at most {_NUMBERS[unit.decimals]} decimals, {least} through {most}"
    elif unit:
        amount = f"whole {unit.smallest}, {lowest} through {highest}"
    return {
        Holds.TEXT: _COUNTY if column.name == "county_fips" else "text that is not blank",
        Holds.WORD: f"one of {', '.join(column.words)}",
        Holds.MONEY: amount,
        Holds.BILLS: f"a list, oldest first, of {amount} each",
        Holds.COUNT: f"a whole number, {lowest} through {highest}",
        Holds.MOMENT: f"a local date and time written YYYY-MM-DDTHH:MM, {FIRST_DATE} through {LAST_DATE}",
        Holds.DATE: f"a date written YYYY-MM-DD, {FIRST_DATE} through {LAST_DATE}",
        Holds.FLAG: "true or false",
    }[column.holds]
