from datetime import date

import pytest

from calc.errors import DataError, UsageError
from calc.rules.fields import fields
from calc.rules.resolve import load_rules
from calc.rules.schema import AnnualRate, Arrearage, DepositInterest, DepositLimit, FixedCredit, Unclaimed
from tests.rules.data_folder import DataFolder

ON = date(2026, 10, 31)

# Typed from the rules: 3403(o)(II), (o), (c)-(e) with (j) and (l), (q); 3412 and 4412 (c), (e)(I), (III), (V), (VII).
ANNUAL_RATE = AnnualRate(
    average_decimals=2,
    average_rounding="half_up",
    threshold_bp=25,
    threshold_inclusive=True,
    threshold_stage="rounded",
    published_override=True,
)
DEPOSIT_INTEREST = DepositInterest(
    day_count="actual_actual",
    day_ends="start_included_end_excluded",
    rounding_mode="half_up",
    rounding_point="posting",
)
DEPOSIT_LIMIT = DepositLimit(
    limit_days=90,
    limit_in_advance_days=60,
    estimate="average_daily",
    limit_months=3,
    limit_in_advance_months=2,
    good_payment_window_days=60,
    assistance_window_months=12,
    return_late_payments_max=2,
    return_window="last_12",
    explanation_business_days=3,
)
UNCLAIMED = Unclaimed(
    abandonment_months=24,
    grace_months=4,
    surcharge_ppm=60_000,
    more_than="day_after",
    surcharge_start="day_after_period",
    surcharge_mode="points",
    surcharge_base="principal",
    surcharge_principal="gross",
    efforts_scope="order",
    weekend_extension="none",
    owed_applied="remittance",
)
ARREARAGE = Arrearage(arrearage_months_min=1, arrearage_months_max=24, copayment_max_ppm=10_000)
ELECTRIC_CREDIT = FixedCredit(
    electric_heat_lowest_ppm=30_000,
    electric_heat_highest_ppm=60_000,
    electric_heat_with_gas_lowest_ppm=30_000,
    electric_heat_with_gas_highest_ppm=50_000,
    electric_other_heat_lowest_ppm=20_000,
    electric_other_heat_highest_ppm=30_000,
    gas_heat_lowest_ppm=None,
    gas_heat_highest_ppm=None,
    gas_electric_heat_lowest_ppm=None,
    gas_electric_heat_highest_ppm=None,
    electric_heat_minimum_payment_max_cents=2_000,
    electric_other_heat_minimum_payment_max_cents=1_000,
    gas_minimum_payment_max_cents=None,
    recalculation_ppm=250_000,
    poverty_guideline_ppm=2_000_000,
    area_median_income_ppm=800_000,
    ami_basis="hud_limit",
)
GAS_CREDIT = FixedCredit(
    electric_heat_lowest_ppm=None,
    electric_heat_highest_ppm=None,
    electric_heat_with_gas_lowest_ppm=None,
    electric_heat_with_gas_highest_ppm=None,
    electric_other_heat_lowest_ppm=None,
    electric_other_heat_highest_ppm=None,
    gas_heat_lowest_ppm=20_000,
    gas_heat_highest_ppm=30_000,
    gas_electric_heat_lowest_ppm=0,
    gas_electric_heat_highest_ppm=10_000,
    electric_heat_minimum_payment_max_cents=None,
    electric_other_heat_minimum_payment_max_cents=None,
    gas_minimum_payment_max_cents=1_000,
    recalculation_ppm=250_000,
    poverty_guideline_ppm=2_000_000,
    area_median_income_ppm=800_000,
    ami_basis="hud_limit",
)

PROPOSED = """\
citation = "4 CCR 723-3-3403 as proposed"
title = "Electric rule 3403, an earlier proposed text"
source = "Proposed rules in the Commission's rulemaking; never in force"

[paragraphs]
"(e)" = \"\"\"
A utility shall not require a cash deposit from an applicant for service or restoration of service who provides
documentation that they are receiving public benefits assistance, or is a participant in a low-income program consistent
with rule 3412.\"\"\"
"(l)" = \"\"\"
A utility shall return any cash deposit paid by a customer who has made timely payments for 12 consecutive months. If
the customer has previously paid a cash deposit that has not been returned to the customer, at least one-half of that
prior deposit must be applied to the customer's account prior to assessing a new deposit for continuation or restoration
of service.\"\"\"
"""
PROPOSED_VALUE = """\
[[{name}]]
effective_from = 1990-01-01
confirmed_from = 1990-01-01
value = 0
citation = "4 CCR 723-3-3403 as proposed{paragraph}"
authority = "proposed-3403#{paragraph}"
quote = "{quote}"
reading = "text"

"""


@pytest.mark.parametrize("service", ["electric", "gas"])
def test_the_parameters_in_force_are_those_of_the_rule_text(service: str) -> None:
    rules = load_rules(ON).service(service)
    assert rules.annual_rate == ANNUAL_RATE
    assert rules.deposit_interest == DEPOSIT_INTEREST
    assert rules.deposit_limit == DEPOSIT_LIMIT
    assert rules.unclaimed == UNCLAIMED
    assert rules.arrearage == ARREARAGE
    assert rules.fixed_credit == {"electric": ELECTRIC_CREDIT, "gas": GAS_CREDIT}[service]


def test_every_field_has_a_cited_value_for_its_service_and_none_for_the_other() -> None:
    rules = load_rules(ON)
    for service in ("electric", "gas"):
        cited = set(rules.service(service).citations)
        assert cited == {name for name, field in fields().items() if field.belongs_to(service)}
    assert set(rules.electric.citations) | set(rules.gas.citations) == set(fields())


def test_a_citation_leads_from_the_value_to_its_words() -> None:
    citation = load_rules(ON).electric.citations["surcharge_ppm"]
    assert citation.rule == "4 CCR 723-3-3403(q)(II)"
    assert citation.quote == "plus six percent"
    assert citation.authority == "4-ccr-723-3-3403#(q)(II)"
    assert citation.effective_from == date(1990, 1, 1)
    assert citation.confirmed_from == date(2024, 5, 15)
    assert citation.reading == "text"


def test_the_first_day_has_rules_and_the_day_before_has_none() -> None:
    assert load_rules(date(1990, 1, 1)).electric.unclaimed == UNCLAIMED
    with pytest.raises(UsageError) as raised:
        load_rules(date(1989, 12, 31))
    assert str(raised.value) == (
        "no average_decimals is in force on 1989-12-31: the rules of us-co for electric begin on 1990-01-01; "
        "give a later date"
    )


def test_a_result_can_name_what_it_rests_on() -> None:
    rules = load_rules(ON, switches={"day_count": "actual_365"}, tariff="example")
    assert (rules.jurisdiction, rules.on, rules.tariff.name) == ("us-co", ON, "example")
    assert rules.switches == {"day_count": "actual_365"}
    assert len(rules.checksum) == 64


def test_the_checksum_is_the_rules_and_authorities_only(shipped_data: DataFolder) -> None:
    before = load_rules(ON).checksum
    shipped_data.write("guidelines/other.csv", "a\n")
    shipped_data.seal()
    assert load_rules(ON).checksum == before


def test_a_rule_file_that_differs_by_a_comment_has_another_checksum(
    shipped_data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped_data.edit("rules/us-co/gas/arrearage.toml", "# Rule 4412", "# The rule 4412")
    shipped_data.seal()
    changed = load_rules(ON).checksum
    monkeypatch.delenv("PUCCALC_DATA_DIR")
    assert changed != load_rules(ON).checksum


def test_another_text_of_the_rule_is_another_dated_value_and_no_python(shipped_data: DataFolder) -> None:
    shipped_data.copy("rules/us-co", "rules/two-texts")
    shipped_data.copy("tariffs/us-co", "tariffs/two-texts")
    shipped_data.write("authorities/proposed-3403.toml", PROPOSED)
    file = "rules/two-texts/electric/deposit_limit.toml"
    for name, paragraph, quote in [
        ("assistance_window_months", "(e)", "or is a participant in a low-income program"),
        ("return_late_payments_max", "(l)", "who has made timely payments for 12 consecutive months"),
    ]:
        earlier = PROPOSED_VALUE.format(name=name, paragraph=paragraph, quote=quote)
        shipped_data.edit(
            file,
            f"[[{name}]]\neffective_from = 1990-01-01",
            f"{earlier}[[{name}]]\neffective_from = 2024-05-15",
        )
    shipped_data.seal()
    before, after = (load_rules(day, jurisdiction="two-texts") for day in (date(2024, 5, 14), date(2024, 5, 15)))
    assert before.electric.deposit_limit.return_late_payments_max == 0
    assert before.electric.deposit_limit.assistance_window_months == 0
    assert before.electric.citations["return_late_payments_max"].rule == "4 CCR 723-3-3403 as proposed(l)"
    assert before.gas.deposit_limit == DEPOSIT_LIMIT
    assert after.electric.deposit_limit == DEPOSIT_LIMIT
    assert after.electric.citations["return_late_payments_max"].rule == "4 CCR 723-3-3403(l)"
    assert before.electric.deposit_limit.limit_days == after.electric.deposit_limit.limit_days == 90


def test_an_unknown_jurisdiction_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"^no jurisdiction us-ks in .*rules; expected one of us-co, us-ct, .*us-va$"):
        load_rules(ON, jurisdiction="us-ks")


@pytest.mark.parametrize("jurisdiction", ["", ".", "../us-co", "us-co/electric"])
def test_a_jurisdiction_is_a_name_and_no_path(jurisdiction: str) -> None:
    with pytest.raises(UsageError, match="expected one of us-co"):
        load_rules(ON, jurisdiction=jurisdiction)


def test_an_unknown_service_is_refused() -> None:
    with pytest.raises(UsageError, match=r"^no service water; expected one of electric, gas$"):
        load_rules(ON).service("water")


def test_a_band_whose_ends_are_crossed_is_refused(shipped_data: DataFolder) -> None:
    shipped_data.edit(
        "rules/us-co/gas/fixed_credit.toml",
        "[[gas_heat_lowest_ppm]]\neffective_from = 1990-01-01\nconfirmed_from = 2024-05-15\nvalue = 20000",
        "[[gas_heat_lowest_ppm]]\neffective_from = 1990-01-01\nconfirmed_from = 2024-05-15\nvalue = 30001",
    )
    shipped_data.seal()
    with pytest.raises(DataError) as raised:
        load_rules(ON)
    assert str(raised.value) == (
        "rules/us-co/gas/fixed_credit.toml: on 2026-10-31 gas_heat_lowest_ppm is 30001 and gas_heat_highest_ppm is "
        "30000; expected the first to be no greater than the second"
    )


def test_an_altered_rule_file_is_refused_by_name(shipped_data: DataFolder) -> None:
    path = shipped_data.edit("rules/us-co/gas/arrearage.toml", "value = 24", "value = 23")
    with pytest.raises(DataError) as raised:
        load_rules(ON)
    assert str(raised.value).startswith(f"{path}: SHA-256 is ")
    assert str(raised.value).endswith("restore the file, or after review run: python -m calc.datafiles")


def test_a_removed_authority_is_refused_by_name(shipped_data: DataFolder) -> None:
    (shipped_data.root / "authorities/crs-2-4-108.toml").unlink()
    with pytest.raises(
        DataError, match=r"weekend_extension\.authority: .*crs-2-4-108\.toml: cannot be read: No such file"
    ):
        load_rules(ON)


def test_an_empty_folder_is_no_data_folder(empty_data: DataFolder) -> None:
    with pytest.raises(DataError, match=r"no data folder with a manifest\.toml at "):
        load_rules(ON)
    assert not empty_data.root.exists()
