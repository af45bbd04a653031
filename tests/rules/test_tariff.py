import hashlib
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from calc import datafiles
from calc.errors import DataError, UsageError
from calc.rules.resolve import load_rules
from calc.rules.schema import ACCOUNT_CLASSES, MINIMUM_PAYMENT_CLASSES
from calc.rules.tariff import tariff_names
from calc.rules.tariff_schema import FuelTerms, Tariff
from tests.rules.data_folder import DataFolder

ON = date(2026, 10, 31)
ELECTRIC, GAS = "4 CCR 723-3-3412", "4 CCR 723-4-4412"
TEXT = """\
title = "A test's tariff"
leap_offset = false
all_electric_without_leap = false
arrearage_months = 24
copayment_ppm = 10000
[share_ppm]
electric_heat = 60000
electric_heat_with_gas = 50000
electric_other_heat = 30000
gas_heat = 30000
gas_electric_heat = 10000
[minimum_monthly_payment_cents]
electric_heat = 2000
electric_other_heat = 1000
gas = 1000
"""


def load(tmp_path: Path, text: str) -> Tariff:
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    return load_rules(ON, tariff=str(path)).tariff


def test_the_default_takes_the_highest_share_of_each_band() -> None:
    tariff = load_rules(ON).tariff
    assert tariff.name == "default"
    assert "not a utility's filing" in tariff.title
    assert tariff.share_ppm == {
        "electric_heat": 60_000,
        "electric_heat_with_gas": 50_000,
        "electric_other_heat": 30_000,
        "gas_heat": 30_000,
        "gas_electric_heat": 10_000,
    }
    assert tariff.minimum_monthly_payment_cents == {"electric_heat": 0, "electric_other_heat": 0, "gas": 0}
    assert (
        tariff.electric
        == tariff.gas
        == FuelTerms(leap_offset=True, all_electric_without_leap=False, arrearage_months=24, copayment_ppm=0)
    )


def test_the_example_says_that_it_is_made_up_and_differs_in_every_choice() -> None:
    default, example = load_rules(ON).tariff, load_rules(ON, tariff="example").tariff
    assert "Made-up" in example.title
    assert all(example.share_ppm[account] < default.share_ppm[account] for account in ACCOUNT_CLASSES)
    assert all(example.minimum_monthly_payment_cents[account] > 0 for account in MINIMUM_PAYMENT_CLASSES)
    assert (example.name, example.title) != (default.name, default.title)
    for fuel in ("electric", "gas"):
        for choice in [each.name for each in fields(FuelTerms) if each.name != "plan"]:  # another jurisdiction's
            assert getattr(example.terms(fuel), choice) != getattr(default.terms(fuel), choice)


def test_the_example_by_fuel_differs_between_the_fuels_in_every_choice() -> None:
    tariff = load_rules(ON, tariff="example-by-fuel").tariff
    assert "Made-up" in tariff.title
    assert tariff.electric == FuelTerms(
        leap_offset=False,
        all_electric_without_leap=True,
        arrearage_months=12,
        copayment_ppm=5_000,
        arrearage_condition="payment",
    )
    assert tariff.gas == FuelTerms(
        leap_offset=True,
        all_electric_without_leap=False,
        arrearage_months=24,
        copayment_ppm=2_500,
        arrearage_condition="none",
    )


def test_a_tariff_of_ones_own_is_named_by_its_file_and_known_by_its_checksum(tmp_path: Path) -> None:
    tariff = load(tmp_path, TEXT)
    assert tariff.name == "mine.toml"
    assert tariff.checksum == hashlib.sha256(TEXT.encode()).hexdigest()
    assert tariff.title == "A test's tariff"
    assert tariff.gas.copayment_ppm == 10_000
    changed = load(tmp_path, TEXT.replace("copayment_ppm = 10000", "copayment_ppm = 9999"))
    assert changed.electric.copayment_ppm == changed.gas.copayment_ppm == 9_999


def test_the_shipped_names_are_known() -> None:
    assert tariff_names("us-co") == ["default", "example", "example-by-fuel"]


@pytest.mark.parametrize(
    ("key", "lowest", "highest", "line", "band"),
    [
        ("electric_heat", 30_000, 60_000, 7, f"from 30000 through 60000 (3.00 % to 6.00 %) by {ELECTRIC}(e)(I)(A)"),
        (
            "electric_heat_with_gas", 30_000, 50_000, 8,
            f"from 30000 through 50000 (3.00 % to 5.00 %) by {ELECTRIC}(e)(I)(A)",
        ),
        (
            "electric_other_heat", 20_000, 30_000, 9,
            f"from 20000 through 30000 (2.00 % to 3.00 %) by {ELECTRIC}(e)(I)(B)",
        ),
        ("gas_heat", 20_000, 30_000, 10, f"from 20000 through 30000 (2.00 % to 3.00 %) by {GAS}(e)(I)"),
        ("gas_electric_heat", 0, 10_000, 11, f"from 0 through 10000 (0.00 % to 1.00 %) by {GAS}(e)(I)"),
    ],
)  # fmt: skip
def test_a_share_outside_its_band_is_refused_on_both_sides(
    tmp_path: Path, key: str, lowest: int, highest: int, line: int, band: str
) -> None:
    lines = TEXT.splitlines()
    assert lines[line - 1] == f"{key} = {highest}"
    for inside in (lowest, highest):
        lines[line - 1] = f"{key} = {inside}"
        assert load(tmp_path, "\n".join(lines)).share_ppm[key] == inside
    for outside in (lowest - 1, highest + 1):
        lines[line - 1] = f"{key} = {outside}"
        with pytest.raises(DataError) as raised:
            load(tmp_path, "\n".join(lines))
        assert str(raised.value) == (
            f"{tmp_path / 'mine.toml'}, line {line}: share_ppm.{key}: is {outside}; expected a whole number {band}"
        )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "\nelectric_heat = 2000",
            "\nelectric_heat = 2001",
            (
                "line 13: minimum_monthly_payment_cents.electric_heat: is 2001; "
                "expected a whole number from 0 through 2000 (0.00 to 20.00 dollars)"
            ),
        ),
        (
            "electric_other_heat = 1000",
            "electric_other_heat = -1",
            (
                "line 14: minimum_monthly_payment_cents.electric_other_heat: is -1; "
                "expected a whole number from 0 through 1000 (0.00 to 10.00 dollars)"
            ),
        ),
        (
            "gas = 1000\n",
            "gas = 1001\n",
            (
                "line 15: minimum_monthly_payment_cents.gas: is 1001; "
                "expected a whole number from 0 through 1000 (0.00 to 10.00 dollars)"
            ),
        ),
        ("months = 24", "months = 25", "line 4: arrearage_months: is 25; expected a whole number from 1 through 24"),
        ("months = 24", "months = 0", "line 4: arrearage_months: is 0; expected a whole number from 1 through 24"),
        (
            "copayment_ppm = 10000",
            "copayment_ppm = 10001",
            "line 5: copayment_ppm: is 10001; expected a whole number from 0 through 10000 (0.00 % to 1.00 %)",
        ),
        (
            "copayment_ppm = 10000",
            "copayment_ppm = 0.5",
            'line 5: copayment_ppm: is "0.5"; expected a whole number from 0 through 10000 (0.00 % to 1.00 %)',
        ),
        (
            "leap_offset = false\nall_electric_without_leap = false",
            "leap_offset = true\nall_electric_without_leap = true",
            (
                "line 2: leap_offset: is true; expected false, since all_electric_without_leap is true: "
                f"{ELECTRIC}(g)(V)(D)"
            ),
        ),
        ("leap_offset = false\n", "", "line 14: leap_offset: missing; expected true or false"),
        ('title = "A test\'s tariff"', "title = 3", "line 1: title: is 3; expected text in quotes"),
        ("copayment_ppm = 10000", "copayment = 1", "line 5: copayment: unknown; expected title, leap_offset, "),
        (
            "gas_heat = 30000\n",
            "",
            "line 6: share_ppm.gas_heat: missing; expected a whole number from 20000 through 30000 (2.00 % to 3.00 %)",
        ),
        (
            "gas_electric_heat = 10000\n",
            "gas_electric_heat = 10000\ngas_other_heat = 1\n",
            "line 12: share_ppm.gas_other_heat: unknown; expected electric_heat, electric_heat_with_gas, ",
        ),
        ("\ngas = 1000\n", "\ngas = 1000\nwater = 1\n", "line 16: minimum_monthly_payment_cents.water: unknown; "),
        ("arrearage_months = 24", "arrearage_months 24", "line 4: not TOML: "),
    ],
)
def test_an_error_names_file_line_key_and_expectation(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert TEXT.count(old) == 1
    with pytest.raises(DataError) as raised:
        load(tmp_path, TEXT.replace(old, new))
    assert str(raised.value).startswith(f"{tmp_path / 'mine.toml'}, {message}")


BY_FUEL = """\
title = "A test's tariff"
[electric]
leap_offset = false
all_electric_without_leap = true
arrearage_months = 12
copayment_ppm = 10000
[gas]
leap_offset = true
arrearage_months = 24
copayment_ppm = 0
""" + TEXT.partition("copayment_ppm = 10000\n")[2]


def test_each_fuel_has_its_own_terms_and_gas_may_offset_where_electric_must_not(tmp_path: Path) -> None:
    tariff = load(tmp_path, BY_FUEL)
    assert tariff.electric == FuelTerms(False, True, 12, 10_000)
    assert tariff.gas == FuelTerms(True, False, 24, 0)


def test_the_bar_on_offsets_refuses_nothing_for_gas(tmp_path: Path) -> None:
    told = BY_FUEL.replace("[gas]\n", "[gas]\nall_electric_without_leap = true\n")
    assert load(tmp_path, told).gas == FuelTerms(True, True, 24, 0)
    once = told.replace("all_electric_without_leap = true\n", "").replace(
        "[electric]", "all_electric_without_leap = true\n[electric]", 1
    )
    assert load(tmp_path, once) != load(tmp_path, told)
    assert load(tmp_path, once).gas == FuelTerms(True, True, 24, 0)


def test_a_fuel_outranks_what_is_said_of_both(tmp_path: Path) -> None:
    tariff = load(tmp_path, TEXT.replace("[share_ppm]", "[gas]\narrearage_months = 6\nleap_offset = true\n[share_ppm]"))
    assert tariff.electric == FuelTerms(False, False, 24, 10_000)
    assert tariff.gas == FuelTerms(True, False, 6, 10_000)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "months = 24", "months = 25",
            f"line 9: gas.arrearage_months: is 25; expected a whole number from 1 through 24 by {GAS}(e)(VII)(B)",
        ),
        (
            "months = 12", "months = 25",
            (
                "line 5: electric.arrearage_months: is 25; expected a whole number from 1 through 24 "
                f"by {ELECTRIC}(e)(VII)(B)"
            ),
        ),
        (
            "copayment_ppm = 0\n", "copayment_ppm = 10001\n",
            (
                "line 10: gas.copayment_ppm: is 10001; expected a whole number from 0 through 10000 (0.00 % to 1.00 %) "
                f"by {GAS}(e)(VII)(C)(ii)"
            ),
        ),
        (
            "leap_offset = false", "leap_offset = true",
            (
                "line 3: electric.leap_offset: is true; expected false, since all_electric_without_leap is true: "
                f"{ELECTRIC}(g)(V)(D)"
            ),
        ),
        ("leap_offset = true\n", "", "line 7: gas.leap_offset: missing; expected true or false"),
        ("all_electric_without_leap = true\n", "", "line 2: electric.all_electric_without_leap: missing; expected "),
        ("leap_offset = true", "offset = true", "line 8: gas.offset: unknown; expected leap_offset, all_electric_"),
        ("[gas]\n", "[water]\n", "line 7: water: unknown; expected title, leap_offset, "),
        ("gas = 1000\n", "gas = 1001\n", (
            "line 20: minimum_monthly_payment_cents.gas: is 1001; expected a whole number from 0 through 1000 (0.00 to "
            f"10.00 dollars) by {GAS}(e)(III)"
        )),
    ],
)  # fmt: skip
def test_an_error_of_a_fuel_names_its_own_rule(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert BY_FUEL.count(old) == 1
    with pytest.raises(DataError) as raised:
        load(tmp_path, BY_FUEL.replace(old, new))
    assert str(raised.value).startswith(f"{tmp_path / 'mine.toml'}, {message}")


def test_what_both_fuels_share_is_bounded_by_either_rule(shipped_data: DataFolder, tmp_path: Path) -> None:
    months = "[[arrearage_months_max]]\neffective_from = 1990-01-01\nconfirmed_from = 2024-05-15\nvalue = "
    shipped_data.edit("rules/us-co/gas/arrearage.toml", f"{months}24", f"{months}18")
    shipped_data.edit("tariffs/us-co/default.toml", "arrearage_months = 24", "arrearage_months = 18")
    shipped_data.seal()
    with pytest.raises(DataError) as raised:
        load(tmp_path, TEXT)
    assert str(raised.value) == (
        f"{tmp_path / 'mine.toml'}, line 4: arrearage_months: is 24; expected a whole number from 1 through 18 "
        f"by {GAS}(e)(VII)(B)"
    )
    assert load(tmp_path, BY_FUEL.replace("months = 24", "months = 18")).gas.arrearage_months == 18


def test_a_fuel_is_a_table(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"line 1: gas: is true; expected a table \[gas\] of leap_offset, "):
        load(tmp_path, "gas = true\n" + TEXT)


def test_a_name_that_is_not_shipped_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError) as raised:
        load_rules(ON, tariff="xcel")
    assert str(raised.value) == (
        "no tariff xcel; expected one of default, example, example-by-fuel, or the path of a .toml file"
    )


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.toml: cannot be read as a tariff: No such file or directory$"):
        load_rules(ON, tariff=str(tmp_path / "none.toml"))
    (tmp_path / "bad.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(DataError, match=r"bad\.toml: not UTF-8 at byte 9$"):
        load_rules(ON, tariff=str(tmp_path / "bad.toml"))


def test_an_altered_shipped_tariff_is_refused_by_name(shipped_data: DataFolder) -> None:
    path = shipped_data.edit("tariffs/us-co/default.toml", "gas_heat = 30000", "gas_heat = 29999")
    with pytest.raises(DataError) as raised:
        load_rules(ON)
    assert str(raised.value).startswith(f"{path}: SHA-256 is ")


def test_the_band_is_the_one_in_force(shipped_data: DataFolder) -> None:
    shipped_data.edit(
        "rules/us-co/gas/fixed_credit.toml",
        "[[gas_heat_highest_ppm]]\neffective_from = 1990-01-01\nconfirmed_from = 2024-05-15\nvalue = 30000",
        "[[gas_heat_highest_ppm]]\neffective_from = 1990-01-01\nconfirmed_from = 2024-05-15\nvalue = 25000",
    )
    shipped_data.seal()
    expected = (
        r"share_ppm\.gas_heat: is 30000; expected a whole number from 20000 through 25000 \(2\.00 % to 2\.50 %\) by "
    )
    with pytest.raises(DataError, match=expected):
        load_rules(ON)


def test_shipped_tariffs_carry_the_checksum_of_the_manifest() -> None:
    recorded = datafiles.recorded_checksums()
    assert load_rules(ON, tariff="example-by-fuel").tariff.checksum == recorded["tariffs/us-co/example-by-fuel.toml"]
    both = (recorded[f"{folder}/us-co/example.toml"] for folder in ("tariffs", "rate_schedules"))
    own = hashlib.sha256(" ".join(both).encode()).hexdigest()
    assert load_rules(ON, tariff="example").tariff.checksum == own, "its file of rate schedules is part of it"


def test_what_arrearage_credits_are_conditional_on(tmp_path: Path) -> None:
    """Nothing, where the tariff says nothing; a word that is none of the rule's is refused with its paragraph."""
    assert load(tmp_path, TEXT).electric.arrearage_condition == "none"
    said = TEXT.replace("[share_ppm]", 'arrearage_condition = "payment"\n[share_ppm]')
    assert load(tmp_path, said).gas.arrearage_condition == "payment"
    for wrong in ('"often"', "true", "1"):
        with pytest.raises(DataError) as caught:
            load(tmp_path, said.replace('"payment"', wrong))
        assert "line 6: arrearage_condition" in str(caught.value)
        assert f"expected one of none, payment by {ELECTRIC}(e)(VII)(C)(i)" in str(caught.value)


def test_the_day_on_which_annual_interest_is_posted(tmp_path: Path) -> None:
    assert load(tmp_path, TEXT).posting_day == "december_31"
    assert load(tmp_path, f'posting_day = "anniversary"\n{TEXT}').posting_day == "anniversary"
    with pytest.raises(DataError, match='line 1: posting_day: is "june"; expected one of december_31, anniversary'):
        load(tmp_path, f'posting_day = "june"\n{TEXT}')
