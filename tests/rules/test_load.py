from datetime import date

import pytest

from calc.errors import DataError
from calc.rules.load import load_topic
from tests.rules.data_folder import DataFolder

RULE = "rules/xx/gas/arrearage.toml"
AUTHORITY = "authorities/rule-9.toml"
AUTHORITY_TEXT = """\
citation = "Rule 9"
title = "Arrearages"
source = "Register 1"
effective_from = 2020-01-01

[paragraphs]
"(a)" = "from one month to twelve months"
"(b)" = '''
no more than
two percent'''
"""
TEXT = """\
[[arrearage_months_min]]
effective_from = 2020-01-01
confirmed_from = 2021-06-01
value = 1
citation = "Rule 9(a)"
authority = "rule-9#(a)"
quote = "from one month"
reading = "text"

[[arrearage_months_max]]
effective_from = 2020-01-01
confirmed_from = 2020-01-01
value = 12
citation = "Rule 9(a)"
authority = "rule-9#(a)"
quote = "to twelve months"
reading = "text"

[[copayment_max_ppm]]
effective_from = 2020-01-01
confirmed_from = 2020-01-01
value = 20_000
citation = "Rule 9(b)"
authority = "rule-9#(b)"
quote = "no more than two percent"
reading = "open"
note = "of income, we take it"
"""
SECOND = """
[[copayment_max_ppm]]
effective_from = {start}
confirmed_from = 2024-01-01
value = 10_000
citation = "Rule 9(b)"
authority = "rule-9#(b)"
quote = "two percent"
reading = "text"
"""


def loader_error(folder: DataFolder, rule: str, authority: str = AUTHORITY_TEXT, *, file: str = RULE) -> str:
    folder.write(RULE, rule)
    folder.write(AUTHORITY, authority)
    folder.seal()
    with pytest.raises(DataError) as raised:
        load_topic("xx", "gas", "arrearage")
    return str(raised.value).removeprefix(f"{folder.root / file}, ")


def test_a_good_file_gives_dated_cited_values_in_order(empty_data: DataFolder) -> None:
    empty_data.write(RULE, TEXT + SECOND.format(start="2023-01-01"))
    empty_data.write(AUTHORITY, AUTHORITY_TEXT)
    empty_data.seal()
    values = load_topic("xx", "gas", "arrearage")
    assert [value.value for value in values["copayment_max_ppm"]] == [20_000, 10_000]
    first = values["copayment_max_ppm"][0].citation
    assert first.rule == "Rule 9(b)"
    assert first.quote == "no more than two percent"  # over a line break of the authority
    assert (first.reading, first.note) == ("open", "of income, we take it")
    least = values["arrearage_months_min"][0]
    assert least.value == 1
    assert (least.citation.effective_from, least.citation.confirmed_from) == (date(2020, 1, 1), date(2021, 6, 1))
    assert least.citation.note == ""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "value = 12",
            "value = 0",
            "line 13: arrearage_months_max.value: is 0; expected a whole number from 1 through 120",
        ),
        (
            "value = 12",
            "value = 12.0",
            'line 13: arrearage_months_max.value: is "12.0"; expected a whole number from 1 ',
        ),
        ("value = 12", "value = true", "line 13: arrearage_months_max.value: is true; expected a whole number from 1 "),
        (
            "value = 12\n",
            "",
            "line 10: arrearage_months_max.value: missing; expected a whole number from 1 through 120",
        ),
        (
            "confirmed_from = 2021-06-01",
            "confirmed_from = 2019-12-31",
            "line 3: arrearage_months_min.confirmed_from: is 2019-12-31; expected 2020-01-01, effective_from, or later",
        ),
        (
            "confirmed_from = 2021-06-01",
            "confirmed_from = 2021-06-01T00:00:00",
            'line 3: arrearage_months_min.confirmed_from: is "2021-06-01 00:00:00"; expected a date written YYYY-MM-DD',
        ),
        (
            'reading = "open"',
            'reading = "ours"',
            "line 26: copayment_max_ppm.reading: is ours; expected one of text, open",
        ),
        (
            'note = "of income, we take it"\n',
            "",
            "line 19: copayment_max_ppm.note: missing; expected text in quotes",
        ),
        (
            'quote = "to twelve months"',
            'quote = "to 12 months"',
            (
                "line 16: arrearage_months_max.quote: not among the words of rule-9#(a); "
                'expected a part of "from one month to twelve months"'
            ),
        ),
        (
            'citation = "Rule 9(b)"',
            'citation = "Rule 9(a)"',
            "line 23: copayment_max_ppm.citation: is Rule 9(a); expected Rule 9(b), as the authority names it",
        ),
        (
            'authority = "rule-9#(b)"',
            'authority = "rule-8#(b)"',
            "line 24: copayment_max_ppm.authority: no authority rule-8; expected one of rule-9",
        ),
        (
            'authority = "rule-9#(b)"',
            'authority = "rule-9#(c)"',
            "line 24: copayment_max_ppm.authority: authority rule-9 holds no paragraph (c); expected one of (a), (b)",
        ),
        (
            "value = 12",
            "valu = 12",
            "line 13: arrearage_months_max.valu: unknown; expected effective_from, confirmed_from, value, citation, ",
        ),
        (
            "[[arrearage_months_max]]",
            "[[arrearage_months]]",
            "line 10: arrearage_months: no field of arrearage for gas; expected arrearage_months_min, ",
        ),
        (
            "[[arrearage_months_max]]",
            "[arrearage_months_max]",
            "line 10: arrearage_months_max: missing; expected at least one table [[arrearage_months_max]]",
        ),
        ("value = 12", "value = twelve", "line 13: not TOML: Invalid value"),
    ],
)
def test_an_error_names_file_line_key_and_what_was_expected(
    empty_data: DataFolder, old: str, new: str, message: str
) -> None:
    assert TEXT.count(old) == 1
    assert loader_error(empty_data, TEXT.replace(old, new)).startswith(message)


def test_a_field_without_a_value_is_named(empty_data: DataFolder) -> None:
    message = loader_error(empty_data, TEXT[: TEXT.index("\n[[copayment")])
    assert message == "line 17: copayment_max_ppm: missing; expected at least one table [[copayment_max_ppm]]"


@pytest.mark.parametrize("start", ["2020-01-01", "2019-05-05"])
def test_values_stand_in_the_order_of_their_dates(empty_data: DataFolder, start: str) -> None:
    message = loader_error(empty_data, TEXT + SECOND.format(start=start))
    assert message == (
        f"line 30: copayment_max_ppm.effective_from: is {start}; "
        "expected a day after 2020-01-01, the date of the value above"
    )


def test_a_service_must_not_hold_the_account_classes_of_the_other(shipped_data: DataFolder) -> None:
    path = shipped_data.edit(
        "rules/us-co/gas/fixed_credit.toml", "[[gas_heat_lowest_ppm]]", "[[electric_heat_lowest_ppm]]"
    )
    shipped_data.seal()
    with pytest.raises(DataError) as raised:
        load_topic("us-co", "gas", "fixed_credit")
    expected = (
        f"{path}, line 3: electric_heat_lowest_ppm: no field of fixed_credit for gas; expected gas_heat_lowest_ppm, "
    )
    assert str(raised.value).startswith(expected)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "Arrearages"\n', "", "title: missing; expected text in quotes"),
        ('citation = "Rule 9"', "citation = 9", "citation: is 9; expected text in quotes"),
        (
            "[paragraphs]",
            "[paragraph]",
            "paragraph: unknown; expected citation, title, source, effective_from, paragraphs",
        ),
        (
            "effective_from = 2020-01-01",
            'effective_from = "2020"',
            'effective_from: is "2020"; expected a date written YYYY-MM-DD',
        ),
        ('"from one month to twelve months"', '""', 'paragraphs.(a): is ""; expected text in quotes'),
    ],
)
def test_an_authority_that_breaks_its_form_is_named_where_it_is_cited(
    empty_data: DataFolder, old: str, new: str, message: str
) -> None:
    assert AUTHORITY_TEXT.count(old) == 1
    error = loader_error(empty_data, TEXT, AUTHORITY_TEXT.replace(old, new))
    assert error.startswith(f"line 6: arrearage_months_min.authority: {empty_data.root / AUTHORITY}, line ")
    assert error.endswith(message)


def test_an_authority_without_paragraphs_is_named(empty_data: DataFolder) -> None:
    error = loader_error(empty_data, TEXT, AUTHORITY_TEXT[: AUTHORITY_TEXT.index("[paragraphs]")])
    assert error.endswith("line 5: paragraphs: missing; expected a table of paragraphs and their words")


def test_a_missing_topic_file_is_named(empty_data: DataFolder) -> None:
    empty_data.write(AUTHORITY, AUTHORITY_TEXT)
    empty_data.seal()
    with pytest.raises(DataError, match=r"gas/arrearage\.toml: not listed in .*manifest\.toml"):
        load_topic("xx", "gas", "arrearage")
