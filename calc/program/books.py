"""Keep one fuel's books of a program year, rules 3412 and 4412 (b)(I), (g), (h), (k): each line with its paragraph.

Input: credits of the year, what was typed in, the rules in force. Output: figures in whole cents, and the steps that
lead to them.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from calc.program.fees import ProposedFee, proposed_fees
from calc.program.program_file import RESIDENTIAL, Fuel
from calc.report.explaining.step import Law, Step, rounded_step, whole_step
from calc.units import PPM
from calc.units import format_cents as money
from calc.units import format_percent as percent


class Books(NamedTuple):
    """Hold the figures of one fuel's program year, in cents, and their steps.

    `set_aside_hundredths_of_cents` is in hundredths of a cent. `net_cents` is recovery less the cost to be recovered.
    """

    usage_credits_cents: int
    arrearage_credits_cents: int
    administrative_cents: int
    administrative_counted_cents: int
    customer_months: int
    set_aside_hundredths_of_cents: int
    set_aside_cents: int
    program_cost_cents: int
    offsets_cents: int
    cost_to_recover_cents: int
    recovery_cents: int
    net_cents: int
    out_of_balance: bool
    residential_fee_cents: int
    highest_residential_fee_cents: int
    filing_due: bool
    projected_cost_cents: int
    to_recover_next_cents: int
    fees: tuple[ProposedFee, ...]
    steps: tuple[Step, ...]


def keep_books(usage_cents: int, arrearage_cents: int, fuel: Fuel, law: Law) -> Books:
    """Keep the books of one fuel.

    Args:
        usage_cents: Credits for usage of the year.
        arrearage_cents: Credits for arrearage of the year.
        fuel: What was typed in.
        law: Rules of the fuel on the last day of the year.
    """
    rule = law.own.program
    granted = usage_cents + arrearage_cents
    tenth = granted * rule.administrative_share_ppm // PPM
    counted = min(fuel.administrative_cents, max(tenth, rule.administrative_least_cents))
    months = sum(each.customer_months for each in fuel.classes)
    hundredths = months * rule.set_aside_hundredths
    set_aside = (hundredths + 50) // 100
    cost = granted + counted + set_aside
    offsets = sum(cents for _, cents in fuel.offsets)
    to_recover = cost + offsets
    by_fees = sum(each.fees_cents for each in fuel.classes)
    recovery = by_fees if fuel.recovery_cents is None else fuel.recovery_cents
    net = recovery - to_recover
    out = abs(net) * PPM > max(0, to_recover) * rule.out_of_balance_ppm
    residential = next(each for each in fuel.classes if each.name == RESIDENTIAL)
    fee, highest = residential.fee_cents[-1], max(0, rule.highest_fee_cents - fuel.other_programs_cents)
    projected = to_recover if fuel.projected_cost_cents is None else fuel.projected_cost_cents
    next_year = max(0, projected - net)
    figures = Books(
        usage_credits_cents=usage_cents,
        arrearage_credits_cents=arrearage_cents,
        administrative_cents=fuel.administrative_cents,
        administrative_counted_cents=counted,
        customer_months=months,
        set_aside_hundredths_of_cents=hundredths,
        set_aside_cents=set_aside,
        program_cost_cents=cost,
        offsets_cents=offsets,
        cost_to_recover_cents=to_recover,
        recovery_cents=recovery,
        net_cents=net,
        out_of_balance=out,
        residential_fee_cents=fee,
        highest_residential_fee_cents=highest,
        filing_due=out and fee < highest,
        projected_cost_cents=projected,
        to_recover_next_cents=next_year,
        fees=tuple(proposed_fees(fuel.classes, next_year, highest)),
        steps=(),
    )
    steps = (*_cost_steps(figures, law), *_balance_steps(figures, fuel, law), *_fee_steps(figures, fuel, law))
    return figures._replace(steps=steps)


def _cost_steps(books: Books, law: Law) -> Sequence[Step]:
    usage, arrearage, counted = (
        books.usage_credits_cents,
        books.arrearage_credits_cents,
        books.administrative_counted_cents,
    )
    granted = usage + arrearage
    rule = law.own.program
    share = percent(rule.administrative_share_ppm)
    cited = "administrative_share_ppm"
    return (
        _given("credits for usage", "usage_credits_cents", usage, law, "(g)(III)(A)"),
        _given("credits for arrearage", "arrearage_credits_cents", arrearage, law, "(g)(III)(B)"),
        Step(
            "administrative cost that counts", {"administrative_counted_cents": counted},
            f"{money(books.administrative_cents)} spent, at most the larger of {share} % of {money(granted)}, rounded "
            f"down, and {money(rule.administrative_least_cents)}",
            parameters=law.parameters(cited, "administrative_least_cents"),
            passages=law.passages(cited, "(g)(III)(C)"),
        ),
        rounded_step(
            "set aside for the evaluation", "set_aside_cents", books.set_aside_cents,
            Fraction(books.set_aside_hundredths_of_cents, 100), "half_up",
            f"{books.customer_months:,} customer-months x {rule.set_aside_hundredths} hundredths of a cent",
            law.parameters("set_aside_hundredths"), law.passages(cited, "(g)(III)(D)"),
        ),
        whole_step(
            "program cost", "program_cost_cents", books.program_cost_cents, granted + counted + books.set_aside_cents,
            f"{money(usage)} + {money(arrearage)} + {money(counted)} + {money(books.set_aside_cents)}",
            passages=law.passages(cited, "(g)(III)"),
        ),
    )  # fmt: skip


def _given(label: str, name: str, cents: int, law: Law, paragraph: str) -> Step:
    passages = law.passages("administrative_share_ppm", paragraph)
    return Step(label, {name: cents}, "as bills of the year carried them", Fraction(cents), passages=passages)


def _balance_steps(books: Books, fuel: Fuel, law: Law) -> Sequence[Step]:
    cited = "out_of_balance_ppm"
    share = percent(law.own.program.out_of_balance_ppm)
    offsets = " ".join(f"{'-' if cents < 0 else '+'} {money(abs(cents))} {name}" for name, cents in fuel.offsets)
    by_class = " + ".join(f"{money(each.fees_cents)} {each.name}" for each in fuel.classes)
    cost, net = books.cost_to_recover_cents, books.net_cents
    verdict = "above" if books.out_of_balance else "not above"
    return (
        whole_step(
            "cost to be recovered", "cost_to_recover_cents", cost, books.program_cost_cents + books.offsets_cents,
            f"{money(books.program_cost_cents)} {offsets or 'and no offsets'}", passages=law.passages(cited, "(g)(IV)"),
        ),
        Step(
            "recovery", {"recovery_cents": books.recovery_cents},
            by_class if fuel.recovery_cents is None else "as given", Fraction(books.recovery_cents),
            passages=law.passages(cited, "(g)(II)(D)"),
        ),
        Step(
            "net of recovery and cost on 31 October", {"net_cents": net},
            f"{money(books.recovery_cents)} - {money(cost)}", Fraction(net),
            passages=law.passages(cited, "(g)(II)(D)(i)"),
        ),
        Step(
            "out of balance", {"out_of_balance": books.out_of_balance},
            f"{money(abs(net))} is {verdict} {share} % of {money(max(0, cost))}",
            parameters=law.parameters(cited),
        ),
        Step(
            "filing due", {"filing_due": books.filing_due},
            f"{'out of' if books.out_of_balance else 'in'} balance; residential fee "
            f"{money(books.residential_fee_cents)}, at most {money(books.highest_residential_fee_cents)}",
            parameters=law.parameters("highest_fee_cents"), passages=law.passages(cited, "(h)(II)"),
        ),
    )  # fmt: skip


def _fee_steps(books: Books, fuel: Fuel, law: Law) -> Sequence[Step]:
    cited = "out_of_balance_ppm"
    weights = " : ".join(money(each.revenue_requirement_cents) for each in fuel.classes)
    found = [
        whole_step(
            "to be recovered in the next twelve months", "to_recover_next_cents", books.to_recover_next_cents,
            max(0, books.projected_cost_cents - books.net_cents),
            f"{money(books.projected_cost_cents)} projected - {money(books.net_cents)} net, at least 0",
            passages=law.passages(cited, "(g)(II)(D)(i)(1)"),
        ),
        Step(
            "by class", {f"{each.name}_allocated_cents": each.allocated_cents for each in books.fees},
            f"{money(books.to_recover_next_cents)} by revenue requirement {weights}, largest remainder to the cent",
            passages=law.passages(cited, "(g)(II)(C)"),
        ),
    ]  # fmt: skip
    for each, of in zip(books.fees, fuel.classes, strict=True):
        residential = each.name == RESIDENTIAL
        cut = f"; {money(each.cut_off_cents)} a year above it are not recovered" if each.cut_off_cents else ""
        most = f", at most {money(books.highest_residential_fee_cents)}{cut}" if residential else ""
        found.append(
            Step(
                f"proposed monthly fee, {each.name}",
                {"fee_cents": each.fee_cents, "cut_off_cents": each.cut_off_cents},
                f"{money(each.allocated_cents)} / {of.customer_months:,} customer-months, rounded "
                f"{'down' if residential else 'half up'}{most}",
                parameters=law.parameters("highest_fee_cents") if residential else (),
                passages=law.passages(cited, "(g)(II)(C)"),
            )
        )
    return found
