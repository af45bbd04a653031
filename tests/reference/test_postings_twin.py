"""The twin of postings and remittances against results by hand: a dollar a day, unless a test says otherwise."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from tests.reference.by_hand import ENDED, TEN_PERCENT
from tests.reference.deposit_limit import OPEN
from tests.reference.postings import first_day_held, net_of_claims, post_book, post_life, remittance_row
from tests.reference.rate_table import RateTable, rates_by_year, rates_from

TOP = 3_650_00
COMPUTED = RateTable(rates_by_year({2022: 800, 2023: 16_900, 2024: 49_300, 2025: 49_300, 2026: 40_800}))


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _row(**columns: object) -> dict[str, Any]:
    known = {"deposit_id": "A", "principal_cents": TOP, "received_date": date(2022, 3, 1)}
    return {**known, "interest_payment": "annual", **columns}


def _event(kind: str, day: str, cents: int) -> dict[str, Any]:
    return {"date": _day(day), "kind": kind, "amount_cents": cents}


def _life(row: dict[str, Any], nights: Sequence[str], *events: dict[str, Any], **on: object) -> list[dict[str, Any]]:
    keywords: dict[str, Any] = {"day_count": "actual_365", **on}
    return post_life(row, events, [_day(night) for night in nights], TEN_PERCENT, **keywords)


def _posted(nights: list[dict[str, Any]]) -> list[tuple[str | None, int, int]]:
    return [(night["why"], night["posting_cents"], night["to_recover_cents"]) for night in nights]


NIGHTS = ["2022-12-30", "2022-12-31", "2023-12-31", "2024-06-30", "2024-07-01", "2024-07-02"]


def test_a_life_with_yearly_postings() -> None:
    # 1 March 2022 to 31 December: 305 days; a year: 365; 31 December 2023 to 1 July 2024: 183. In all 853 days.
    found = _life(_row(paid_date=date(2024, 7, 1)), NIGHTS)
    assert _posted(found) == [
        (None, 0, 0),
        ("annual", 305_00, 0),
        ("annual", 365_00, 0),
        (None, 0, 0),
        ("returned", 183_00, 0),
        ("returned", 0, 0),
    ]
    assert [night["interest_due_cents"] for night in found] == [304_00, 305_00, 365_00, 182_00, 183_00, 0]
    assert found[-1]["interest_cents"] == 853_00 == sum(night["posting_cents"] for night in found)


@pytest.mark.parametrize("asked", ["at_return", None])
def test_a_customer_who_did_not_ask_for_yearly_payment(asked: str | None) -> None:
    found = _life(_row(paid_date=date(2024, 7, 1), interest_payment=asked), NIGHTS)
    assert _posted(found) == [(None, 0, 0)] * 4 + [("returned", 853_00, 0), ("returned", 0, 0)]


def test_a_night_without_a_run_is_caught_up_on_the_next_yearly_day() -> None:
    assert _posted(_life(_row(), ["2022-12-30", "2023-01-02", "2023-12-31"])) == [
        (None, 0, 0),
        (None, 0, 0),
        ("annual", 670_00, 0),
    ]
    # Nor does a return wait for its own night.
    assert _posted(_life(_row(paid_date=date(2024, 7, 1)), ["2024-07-20"])) == [("returned", 853_00, 0)]


def test_a_second_run_on_one_day_posts_nothing() -> None:
    found = _life(_row(paid_date=date(2024, 7, 1)), ["2022-12-31", "2022-12-31", "2024-07-01", "2024-07-01"])
    assert [night["posting_cents"] for night in found] == [305_00, 0, 548_00, 0]  # 365 + 183


def test_the_anniversary() -> None:
    nights = ["2022-03-01", "2022-12-31", "2023-02-28", "2023-03-01", "2024-03-01"]
    found = _life(_row(), nights, yearly_day="anniversary")
    assert _posted(found) == [(None, 0, 0)] * 3 + [("annual", 365_00, 0), ("annual", 366_00, 0)]


def test_the_anniversary_of_a_29_february() -> None:
    nights = ["2025-02-28", "2025-03-01", "2028-02-28", "2028-02-29"]
    found = _life(_row(received_date=date(2024, 2, 29)), nights, yearly_day="anniversary")
    # 365 days to 28 February 2025; to 29 February 2028 four years of 1461 days in all.
    assert _posted(found) == [("annual", 365_00, 0), (None, 0, 0), (None, 0, 0), ("annual", (1461 - 365) * 100, 0)]


@pytest.mark.parametrize(
    ("switches", "postings"),
    [
        # 25.00 at 0.3 % over 30/360: 0.625 cents a month. Twelve months 7.5, 24 months 15, 30 months 18.75 cents: 8,
        # 15 and 19 to date. Each year by itself would give 8 + 8 + 4 = 20.
        ({}, [8, 7, 4]),
        ({"rounding_mode": "half_even"}, [8, 7, 4]),
        ({"rounding_mode": "down"}, [7, 8, 3]),
        ({"rounding_point": "year"}, [8, 8, 4]),
    ],
)
def test_postings_never_drift_from_the_running_total(switches: dict[str, Any], postings: list[int]) -> None:
    row = _row(principal_cents=25_00, received_date=date(2022, 1, 1), paid_date=date(2024, 7, 1))
    nights = [date(2023, 1, 1), date(2024, 1, 1), date(2024, 7, 1)]
    flat = RateTable(lambda _: 3_000)
    found = post_life(row, [], nights, flat, day_count="thirty_e_360", yearly_day="anniversary", **switches)
    assert [night["posting_cents"] for night in found] == postings
    assert found[-1]["interest_cents"] == sum(postings)


def test_too_much_posted_is_to_recover() -> None:
    # 305.00 earned and 400.00 posted; a year later 670.00 earned.
    nights = ["2022-12-31", "2023-06-30", "2023-12-31"]
    assert _posted(_life(_row(posted_cents=400_00), nights)) == [
        ("annual", 0, 95_00),
        (None, 0, 0),
        ("annual", 270_00, 0),
    ]
    asked = _life(_row(posted_cents=400_00), nights, post_negative=True)
    assert _posted(asked) == [("annual", -95_00, 95_00), (None, 0, 0), ("annual", 365_00, 0)]
    back = _life(_row(posted_cents=400_00, paid_date=date(2022, 12, 31)), ["2022-12-31", "2023-12-31"])
    assert _posted(back) == [("returned", 0, 95_00)] * 2


def test_a_deposit_in_installments_that_refunds_return() -> None:
    events = [
        _event("principal", "2022-03-01", TOP),
        _event("principal", "2022-06-01", TOP),
        _event("principal", "2023-03-01", -TOP),
        _event("principal", "2023-06-01", -TOP),
    ]
    row = _row(received_date=date(2021, 1, 1))
    assert first_day_held(row, events) == date(2022, 3, 1)
    assert first_day_held(row, []) == date(2021, 1, 1)
    # To 1 March 2023: 365 and 273 days. Then one of the two for 92 days more: 730 dollars in all.
    found = _life(row, ["2023-01-01", "2023-03-01", "2023-06-01"], *events, yearly_day="anniversary")
    assert _posted(found) == [(None, 0, 0), ("annual", 638_00, 0), ("returned", 92_00, 0)]
    assert found[-1]["interest_cents"] == 730_00


def test_what_was_posted_before_counts() -> None:
    events = [_event("posting", "2022-07-01", 100_00), _event("posting", "2023-02-01", 7_00)]
    found = _life(_row(posted_cents=5_00), ["2022-12-31", "2023-12-31"], *events)
    # 305 - 105; then 670 - 105 - 200 - 7.
    assert _posted(found) == [("annual", 200_00, 0), ("annual", 358_00, 0)]


@pytest.mark.parametrize(
    ("columns", "postings"),
    [
        ({"kind": "overcharge_refund"}, [0, 0]),
        ({"remitted_date": date(2023, 6, 1)}, [305_00, 0]),
        ({"received_date": date(2023, 1, 1)}, [0, 364_00]),
        ({"received_date": date(2022, 12, 31)}, [0, 365_00]),
    ],
)
def test_what_is_posted_nothing(columns: dict[str, Any], postings: list[int]) -> None:
    found = _life(_row(**columns), ["2022-12-31", "2023-12-31"])
    assert [night["posting_cents"] for night in found] == postings


# Received on 1 March 2024, service ended on the 15th: deemed unclaimed on 16 March 2026, six points from 17 July 2026.
LEFT = {"received_date": date(2024, 3, 1), **ENDED}


def _remittance(night: str, *events: dict[str, Any], **columns: object) -> dict[str, Any]:
    row = _row(**{**LEFT, **columns})
    found = remittance_row(row, events, _day(night), TEN_PERCENT, day_count="actual_365")
    assert found is not None
    return found


def test_a_remittance_before_the_six_points() -> None:
    # 852 days; thirty days later 30 dollars more, and the points of 17-30 July: 14 x 0.60.
    assert _remittance("2026-07-01", account_id="a", service="gas") == {
        "deposit_id": "A",
        "account_id": "a",
        "service": "gas",
        "status": "unclaimed",
        "principal_cents": TOP,
        "interest_cents": 852_00,
        "posted_cents": 0,
        "amounts_owed_cents": 0,
        "remittance_cents": 4_502_00,
        "last_day_without_six_points": date(2026, 7, 16),
        "days_left": 15,
        "delay_30_days_cents": 38_40,
    }


@pytest.mark.parametrize(
    ("night", "status", "interest", "days_left", "delay"),
    [
        ("2026-03-16", "unclaimed", 745_00, 122, 30_00),  # to 15 April
        ("2026-06-17", "unclaimed", 838_00, 29, 30_00),  # to 17 July, which is not counted
        ("2026-06-18", "unclaimed", 839_00, 28, 30_60),
        ("2026-07-16", "unclaimed", 867_00, 0, 47_40),  # to 15 August: 29 days with points
        ("2026-07-17", "overdue", 868_00, -1, 48_00),
        ("2026-07-31", "overdue", 890_40, -15, 48_00),
    ],
)
def test_the_days_that_are_left(night: str, status: str, interest: int, days_left: int, delay: int) -> None:
    found = _remittance(night)
    assert (found["status"], found["interest_cents"], found["days_left"]) == (status, interest, days_left)
    assert found["delay_30_days_cents"] == delay
    assert found["remittance_cents"] == TOP + interest


def test_a_remittance_is_net_of_postings_and_debts_known_on_the_night() -> None:
    events = [
        _event("posting", "2025-01-01", 300_00),
        _event("owed", "2026-06-01", 60_00),
        _event("owed", "2026-07-02", 1_00),
        _event("principal", "2024-03-01", TOP),
        _event("principal", "2026-07-02", TOP),
    ]
    found = _remittance("2026-07-01", *events, posted_cents=2_00, amounts_owed_cents=40_00, paid_date=date(2026, 7, 10))
    assert (found["posted_cents"], found["amounts_owed_cents"]) == (302_00, 100_00)
    assert found["remittance_cents"] == 4_502_00 - 402_00
    assert found["delay_30_days_cents"] == 38_40  # neither the later payment nor the later receipt has happened


def test_the_delay_of_the_published_remittance_is_of_rounded_totals() -> None:
    row = _row(principal_cents=200_00, **ENDED)
    # To 31 August: 0.134137 + 3.38 + 9.86 + 9.86 + 8.16 x 242/365, points 12 x 45/365: 30.1238. A month later 31.78.
    found = remittance_row(row, [], date(2026, 8, 31), COMPUTED)
    assert found is not None
    assert (found["interest_cents"], found["delay_30_days_cents"]) == (30_12, 1_66)


def test_a_delay_into_days_without_a_rate_is_not_known() -> None:
    until_august = RateTable(rates_from({date(2024, 1, 1): 100_000}, date(2026, 8, 1)))
    for night, delay in ((date(2026, 7, 2), 39_00), (date(2026, 7, 3), None)):  # to 1 August; to the 2nd
        found = remittance_row(_row(**LEFT), [], night, until_august, day_count="actual_365")
        assert found is not None
        assert found["delay_30_days_cents"] == delay


@pytest.mark.parametrize(
    ("night", "columns"),
    [
        ("2026-03-15", {}),
        ("2026-07-17", {"paid_date": date(2026, 7, 17)}),
        ("2026-07-17", {"remitted_date": date(2026, 7, 17)}),
        ("2026-07-17", {"kind": "cost_adjustment_credit"}),
    ],
)
def test_what_is_not_to_be_remitted(night: str, columns: dict[str, Any]) -> None:
    assert remittance_row(_row(**{**LEFT, **columns}), [], _day(night), TEN_PERCENT) is None


def test_claims_are_deducted_in_order_of_their_dates_and_the_rest_is_carried() -> None:
    first, second, later = (date(2026, 5, 1), 10_00), (date(2026, 6, 1), 40_00), (date(2026, 8, 1), 5_00)
    claims = [second, later, first]
    summary, still = net_of_claims(45_02, claims, date(2026, 7, 1))
    assert summary == {
        "gross_cents": 45_02,
        "claims_deducted_cents": 45_02,
        "net_cents": 0,
        "claims_carried_cents": 4_98,  # 10.00 + 40.00 - 45.02
    }
    assert still == [(date(2026, 6, 1), 4_98), later]
    summary, still = net_of_claims(20_00, still, date(2026, 8, 1))
    assert (summary["claims_deducted_cents"], summary["net_cents"], still) == (9_98, 10_02, [])
    summary, still = net_of_claims(0, [first], date(2026, 7, 1))
    assert (summary["net_cents"], summary["claims_carried_cents"], still) == (0, 10_00, [first])


def test_a_book_with_remittances_and_claims() -> None:
    book = [
        _row(**LEFT, deposit_id="A") | {"interest_payment": "at_return"},
        _row(deposit_id="B", received_date=date(2024, 3, 1), service_ended_date=date(2024, 7, 10)),
        _row(deposit_id="C", received_date=date(2026, 1, 1), paid_date=date(2026, 2, 1)),
    ]
    claims = [(date(2026, 6, 1), 4_000_00), (date(2026, 5, 1), 1_000_00), (date(2026, 8, 1), 50_00)]
    nights = [_day(night) for night in ("2025-12-31", "2026-02-01", "2026-07-01", "2026-08-10", "2026-08-11")]
    found = post_book(book, {}, nights, TEN_PERCENT, remittances=nights[2:], claims=claims, day_count="actual_365")
    # B: 670 days to 31 December 2025. C: 31 days of January.
    assert [(each["deposit_id"], each["why"], each["amount_cents"]) for each in found[0]["postings"]] == [
        ("B", "annual", 670_00)
    ]
    assert [(each["deposit_id"], each["why"], each["amount_cents"]) for each in found[1]["postings"]] == [
        ("C", "returned", 31_00)
    ]
    # A: 3,650 + 852 dollars, which claims of 5,000 take whole. B: deemed on 11 July; 892 days to 10 August, 670 posted;
    # claims of 498 and, by then, 50 dollars are deducted.
    sent = [(each["deposit_id"], each["remittance_cents"]) for night in found for each in night["remittance"]]
    assert sent == [("A", 4_502_00), ("B", 3_872_00)]
    columns = ("gross_cents", "claims_deducted_cents", "net_cents", "claims_carried_cents")
    assert [[night["summary"][name] for name in columns] for night in found[2:]] == [
        [4_502_00, 4_502_00, 0, 498_00],
        [3_872_00, 548_00, 3_324_00, 0],
        [0, 0, 0, 0],
    ]
    assert [night["summary"] for night in found[:2]] == [None, None]


@pytest.mark.parametrize(
    ("states", "posting", "remittance"),
    [
        # 1035 days to 31 December 2026 and 167 days of points: 1,135.20, of which 670.00 were posted a year before.
        (OPEN, 465_20, TOP),
        (("active", "waiting"), 0, TOP + 465_20),
    ],
)
def test_a_posting_and_a_remittance_of_one_night_pay_interest_once(
    states: tuple[str, ...], posting: int, remittance: int
) -> None:
    nights = [date(2025, 12, 31), date(2026, 12, 31), date(2027, 12, 31)]
    posting_terms = {"annual_states": states}
    found = post_book(
        [_row(**LEFT)], {}, nights, TEN_PERCENT, remittances=nights[1:], posting=posting_terms, day_count="actual_365"
    )
    assert sum(each["amount_cents"] for each in found[1]["postings"]) == posting
    assert [each["remittance_cents"] for each in found[1]["remittance"]] == [remittance]
    assert (found[2]["postings"], found[2]["remittance"]) == ([], [])


def test_unknown_words_are_refused() -> None:
    with pytest.raises(KeyError):
        _life(_row(), ["2022-12-31"], yearly_day="other")
