"""Unclaimed monies as SQL: amounts by row, and results as the dataset names them."""

from typing import Final

from calc.kernels.unclaimed import (
    ACTIVE,
    ADVANCE,
    EXCLUDED,
    NOT_RECEIVED,
    OVERDUE,
    REMITTED,
    RETURNED,
    UNCLAIMED,
    WAITING,
)
from calc.units import FIRST_DAY, NO_DAY

BEFORE: Final = FIRST_DAY - 1  # SQL counts from one
AMOUNTS: Final = f"""
WITH happened AS (
    SELECT *, kind <= {ADVANCE} AND received_day <= $as_of AS alive,
        CASE WHEN paid_day <= $as_of THEN paid_day ELSE {NO_DAY} END AS paid,
        CASE WHEN remitted_day <= $as_of THEN remitted_day ELSE {NO_DAY} END AS remitted,
        CASE WHEN alive THEN least(
            CASE WHEN service_ended_day <= $as_of THEN service_ended_day END,
            CASE WHEN efforts_made AND order_payable_day <= $as_of THEN order_payable_day END) END AS trigger
    FROM cases),
termed AS (
    SELECT happened.*, coalesce(deemed_of[trigger - {BEFORE}], {NO_DAY}) AS deemed_unclaimed_day,
        coalesce(surcharge_of[trigger - {BEFORE}], {NO_DAY}) AS surcharge_from_day,
        CASE WHEN alive THEN received_day ELSE {FIRST_DAY} END AS begin_day,
        CASE WHEN alive THEN greatest(begin_day, least(paid, remitted, $as_of)) ELSE begin_day END AS stop_day,
        least(greatest(begin_day, surcharge_from_day), stop_day) AS surcharge_day,
        CASE WHEN kind = {ADVANCE} AND NOT interest_payable THEN surcharge_day ELSE begin_day END AS first_day
    FROM happened, given),
differences AS (
    SELECT termed.*, rates[stop_day - {BEFORE}] - rates[first_day - {BEFORE}] AS base_difference,
        points[stop_day - {BEFORE}] - points[surcharge_day - {BEFORE}] AS more
    FROM termed, given),
amounts AS (
    SELECT *,
        ((principal_cents::HUGEINT * base_difference + $denominator // 2) // $denominator)::BIGINT AS base,
        ((principal_cents::HUGEINT * (base_difference + more) + $denominator // 2) // $denominator)::BIGINT AS total,
        CASE WHEN kind > {ADVANCE} THEN {EXCLUDED} WHEN received_day > $as_of THEN {NOT_RECEIVED}
            WHEN remitted <= $as_of AND remitted <= paid THEN {REMITTED} WHEN paid <= $as_of THEN {RETURNED}
            WHEN surcharge_from_day <= $as_of THEN {OVERDUE} WHEN deemed_unclaimed_day <= $as_of THEN {UNCLAIMED}
            WHEN deemed_unclaimed_day <> {NO_DAY} THEN {WAITING} ELSE {ACTIVE} END::TINYINT AS status
    FROM differences)"""  # noqa: S608 - our own constants
"""SQL that makes the table `amounts`, each row of the table `cases` and what RESULTS is computed from."""
RESULTS: Final = f"""status, stop_day - begin_day AS accrued_days, base AS base_interest_cents,
    total - base AS surcharge_interest_cents, total AS interest_cents,
    CASE WHEN alive THEN total - posted_cents ELSE 0 END AS interest_due_cents,
    deemed_unclaimed_day, surcharge_from_day,
    CASE WHEN status BETWEEN {UNCLAIMED} AND {REMITTED}
        THEN greatest(0, principal_cents + total - posted_cents - amounts_owed_cents) ELSE 0 END AS remittance_cents,
    first_day < stop_day AND (first_day < $rates_first OR stop_day > $rates_stop) AS no_rate"""
"""SQL of the kernel's results, from the table `amounts`."""
