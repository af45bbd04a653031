"""Compute participants' years row by row in Python, with lists of twelve months; no `annual` timing of grants."""

from typing import Any, Final

import numpy as np

from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run
from calc.kernels.arrays import Array
from calc.kernels.participant_events import CAUSES, KINDS, WORDS

PPM: Final = 1_000_000
_EVENTS: Final = ("event_day", "event_kind", "event_amount_cents", "event_word")
_SET: Final = {"move": "basis", "rate_change": "basis", "income": "income"}
_LEAVING: Final = {"exit", "move_out"}
_WHY_NOT: Final = "events act one after the other on what the months before them left: no form by whole columns"


def _python(comparison: Comparison) -> Run:
    columns = comparison.columns
    own = [name for name in columns if name not in {*_EVENTS, "offset"}]
    rows = [
        dict(zip(own, values, strict=True)) for values in zip(*(columns[name].tolist() for name in own), strict=True)
    ]
    offset = columns["offset"] - columns["offset"][0]
    events = list(zip(*(columns[name].tolist() for name in _EVENTS), strict=True))

    def run() -> dict[str, Any]:
        found: dict[str, list[Any]] = {name: [] for name in comparison.results}
        for place, row in enumerate(rows):
            months = _year(row, events[offset[place] : offset[place + 1]], comparison.parameters)
            found["refused"].append(0)
            for name in list(found)[1:]:
                found[name].append([month.get(name, 0) for month in months])
        return found

    return run


def _spread(total: int, months: int) -> list[int]:
    return [total // months + (month < total % months) for month in range(months)]


def _bill_days(first: int, month_start: Array) -> list[int]:
    place = int(np.searchsorted(month_start, first, side="right")) - 1
    return [
        int(min(month_start[place + month] + first - month_start[place], month_start[place + month + 1] - 1))
        for month in range(12)
    ]


def _apply(state: dict[str, Any], kind: str, amount: int, word: int, ppm: int) -> tuple[str, bool]:
    """Change the figures by an event; return the cause and whether credits are re-based."""
    basis = state["basis"]
    if kind == "rate_change" and (amount == basis or abs(amount - basis) * PPM < basis * ppm):
        return "not_due", False
    if kind in _SET:
        state[_SET[kind]] = amount
    if kind in {"move", "heating"} and word >= 0:
        state["heating"] = word
    if kind == "regulated_gas":
        state["gas"] = WORDS[word] in {"true", "on"}
    if kind == "budget_billing":
        state["budget"] = WORDS[word] in {"true", "on"}
    return kind, kind in {"move", "heating", "regulated_gas", "income", "rate_change"}


def _rebase(state: dict[str, Any], row: dict[str, Any], month: int, tables: Any) -> None:  # noqa: ANN401 - arrays
    place = tables["account_class"][row["service"], 2 * state["heating"] + state["gas"]]
    tariff, lowest, highest, minimum = tables["of_class"][place].tolist()
    given = row["own_share_ppm"]
    state["share"] = given if lowest <= given <= highest else tariff
    limit = state["income"] * state["share"] // PPM if state["income"] else 12 * minimum
    left = 12 - month
    for name, total in (("gross", max(0, state["basis"] - limit)), ("bills", state["basis"])):
        state[name] = [*state[name][:month], *_spread(total, 12)[:left]]


def _year(row: dict[str, Any], events: list[tuple[int, ...]], tables: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - arrays
    state = _start(row)
    own_change = _apply(dict(state), "rate_change", row["full_annual_bill_cents"], -1, _change_ppm(row, tables))[1]
    changes_in = 12 - row["months_remaining"] if own_change else 12
    waiting = [event for event in events if event[0] <= tables["as_of"]]
    result: list[dict[str, Any]] = []
    for month, bill_day in enumerate(_bill_days(row["first_bill_day"], tables["month_start"])):
        was_left = state["left"]
        causes: list[str] = []
        state["rebased"], state["kinds"] = month == 0, set[str]()
        grant = row["leap_grant_cents"] if month == 0 else 0
        if month == changes_in and not was_left:
            state["basis"], state["rebased"] = row["full_annual_bill_cents"], True
            causes += ["rate_change"] * (month > 0)
        while not state["left"] and waiting and waiting[0][0] < bill_day:
            _, code, amount, word = waiting.pop(0)
            kind = KINDS[code]
            cause, acts = _apply(state, kind, amount, word, _change_ppm(row, tables))
            causes.append(cause)
            state["rebased"] |= acts
            state["kinds"].add(kind)
            grant += amount if kind == "leap_grant" else 0
            state["left"] = kind in _LEAVING
        if state["rebased"]:
            _rebase(state, row, month, tables)
        found: dict[str, Any] = {"bill_date": bill_day, "in_program": not state["left"], "leap_to_account_cents": grant}
        if tables["leap_offset"][row["service"]]:
            _cover(state, found, grant, 0 if was_left else sum(state["gross"][month:]))
        if state["left"]:
            found["due_on_exit_cents"], state["owed"] = state["owed"], 0
        else:
            _pay(state, found, month, conditional=bool(tables["conditional"][row["service"]]))
        found |= {"arrearage_outstanding_cents": state["owed"], "causes": _packed(causes)}
        result.append(found)
    late = [KINDS[code] for _, code, *_ in waiting if KINDS[code] in _LEAVING]
    if late and not state["left"]:
        causes = [*_unpacked(result[-1]["causes"]), late[0]]
        result[-1] |= {
            "due_on_exit_cents": state["owed"], "arrearage_outstanding_cents": 0, "causes": _packed(causes),
        }  # fmt: skip
    return result


def _change_ppm(row: dict[str, Any], tables: Any) -> int:  # noqa: ANN401 - arrays
    return int(tables["recalculation_ppm"][row["service"]])


def _start(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "basis": row["basis_bill_cents"] if row["basis_bill_cents"] >= 0 else row["full_annual_bill_cents"],
        "income": row["household_income_cents"], "heating": row["primary_heating"], "gas": row["regulated_gas"],
        "budget": False, "gross": [], "bills": [], "pool": 0, "carried": 0, "level": 0, "left": False,
        "owed": row["arrearage_cents"], "months_left": row["arrearage_months_left"],
        "copay": row["arrearage_copayments_cents"],
    }  # fmt: skip


def _cover(state: dict[str, Any], found: dict[str, Any], grant: int, total: int) -> None:
    """Apply grants to the gross credits left; what exceeds them, or all on an exit, to arrearage, then account."""
    pool = state["pool"] + grant
    state["pool"] = 0 if state["left"] else min(pool, total)
    over = pool - state["pool"]
    found["leap_to_arrearage_cents"] = min(over, state["owed"])
    found["leap_to_account_cents"] = over - found["leap_to_arrearage_cents"]
    state["owed"] -= found["leap_to_arrearage_cents"]


def _pay(state: dict[str, Any], found: dict[str, Any], month: int, *, conditional: bool) -> None:
    """Fill what a participant's bill carries."""
    bill, gross = state["bills"][month], state["gross"][month]
    program = _spread(sum(state["gross"][month:]) - state["pool"], 12 - month)[0]
    state["pool"] -= gross - program
    state["copay"] = min(state["copay"], state["owed"])
    months_left = max(1, state["months_left"])
    counts = state["months_left"] > 0
    paid = _spread(state["copay"], months_left)[0] * counts
    credit = _spread(state["owed"] - state["copay"], months_left)[0] * counts
    if conditional and "missed_payment" in state["kinds"] and months_left > 1:
        credit = 0
    state["copay"] -= paid
    state["owed"] -= paid + credit
    state["months_left"] -= 1
    state["carried"] += bill - gross
    if state["budget"] and (state["rebased"] or "budget_billing" in state["kinds"]):
        to_come = sum(state["bills"][month + 1 :]) - sum(state["gross"][month + 1 :])
        state["level"] = (to_come + state["carried"]) // (12 - month)
    payment = state["level"] if state["budget"] and month < 11 else state["carried"]
    state["carried"] -= payment
    found |= {
        "basis_cents": state["basis"], "share_ppm": state["share"], "expected_bill_cents": bill,
        "fixed_credit_cents": gross, "leap_to_unaffordable_cents": gross - program, "program_credit_cents": program,
        "arrearage_credit_cents": credit, "copayment_cents": paid, "planned_payment_cents": payment + paid,
    }  # fmt: skip


def _packed(causes: list[str]) -> int:
    once = dict.fromkeys(causes)
    return sum(CAUSES.index(cause) + 1 << 4 * place for place, cause in enumerate(once))


def _unpacked(packed: int) -> list[str]:
    return [CAUSES[(packed >> 4 * place & 15) - 1] for place in range(13) if packed >> 4 * place & 15]


PARTICIPANT_YEAR: Final[Baselines] = {
    "NumPy": _WHY_NOT,
    "Polars": _WHY_NOT,
    "DuckDB": _WHY_NOT,
    "Python": Baseline(_python, per_row=True),
}
