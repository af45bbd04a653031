"""Apply LEAP grants within a participant's year: unaffordable portion, arrearage, account; rules 3412, 4412 (g)(V)."""

from calc.kernels._jit import inner


@inner
def cover(pool_cents: int, gross_cents: int, credited_cents: int, arrearage_cents: int) -> tuple[int, int, int, int]:
    """Apply what is left of grants to the gross credits of the months left, then to arrearage, then to the account.

    Args:
        pool_cents: Grants not used so far, the new one among them. gross_cents: Gross credits of the months left.
        credited_cents: Program credits of earlier months that grants may still cover: 0 unless grants are covered
        against
            the whole year (`grant_timing` = annual).
        arrearage_cents: Arrearage outstanding.

    Returns:
        Cents kept for the months left, to be recovered by the program of credits given, to the arrearage, and to the
        account; they sum to the pool.
    """
    covered = min(pool_cents, gross_cents + credited_cents)
    recovered = max(0, covered - gross_cents)
    to_arrearage = min(pool_cents - covered, arrearage_cents)
    return covered - recovered, recovered, to_arrearage, pool_cents - covered - to_arrearage
