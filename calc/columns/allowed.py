"""Say in words what a column may hold and what a row would need for a reason not to apply.

In: the contract's columns. Out: texts made from the contract alone; they contain no value of any row.
"""

from calc.columns.contract import Column, Dataset, Holds
from calc.errors import REASON_TEXTS, Reason
from calc.units import FIRST_DATE, LAST_DATE, format_cents

_COUNTY = "five digits (FIPS), the leading zero among them"
_OF_THE_RULES = {
    Reason.no_rate_in_force: "days of the rate table",
    Reason.no_rule_band: "with service gas, primary heat gas or electric",
    Reason.share_outside_band: "a share within the rule's band",
    Reason.duplicate_key: "each key once in the dataset",
    Reason.bad_line: "as many fields as the header has, in UTF-8",
    Reason.negative_balance: "refunds up to the balance held",
    Reason.bad_transaction: "transactions that are all good",
    Reason.unknown_deposit: "an id that the deposits have",
    Reason.depends_on_quarantined: "deposits of the account and service that are all good",
}


def allowed(column: Column, name: str) -> str:
    """Say what a column may hold.

    Args:
        column: Column of the contract.
        name: Name in the input: the column's own, or its name in dollars, which selects the unit.
    """
    held = _held(column, in_dollars=name == column.dollars_name and name != column.name)
    return f"{held}, or nothing" if column.nullable else held


def allowed_for(dataset: Dataset, reason: Reason, columns: tuple[str, ...], name: str) -> str:
    """Say what would be allowed where a row has a reason.

    Args:
        dataset: Dataset of the row.
        reason: Reason for which the row is refused.
        columns: Columns that the reason is about, by the contract's names.
        name: The first column's name in the input.
    """
    if reason is Reason.date_order and len(columns) > 1:
        return f"no day before {'received_date' if columns[0] != 'received_date' else columns[1]}"
    if reason in _OF_THE_RULES:
        return _OF_THE_RULES[reason]
    parts = (part for column in dataset.columns for part in (column, *column.month_columns))
    own = next((part for part in parts if columns and part.name == columns[0]), None)
    if own is None:
        return REASON_TEXTS[reason]
    if own.within and reason is Reason.out_of_range:
        return f"{allowed(own, name)}, and {own.within}"
    return allowed(own, name)


def _held(column: Column, *, in_dollars: bool) -> str:
    lowest, highest = column.lowest, column.highest
    cents = f"whole cents, {lowest} through {highest}"
    dollars = f"dollars with at most two decimals, {format_cents(lowest)} through {format_cents(highest)}"
    return {
        Holds.TEXT: _COUNTY if column.name == "county_fips" else "text that is not blank",
        Holds.WORD: f"one of {', '.join(column.words)}",
        Holds.MONEY: dollars if in_dollars else cents,
        Holds.BILLS: f"a list, oldest first, of {dollars if in_dollars else cents} each",
        Holds.COUNT: f"a whole number, {lowest} through {highest}",
        Holds.MOMENT: f"a local date and time written YYYY-MM-DDTHH:MM, {FIRST_DATE} through {LAST_DATE}",
        Holds.DATE: f"a date written YYYY-MM-DD, {FIRST_DATE} through {LAST_DATE}",
        Holds.FLAG: "true or false",
    }[column.holds]
