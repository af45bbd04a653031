"""Published examples that this project answers otherwise, and why."""

from tests.cases.command import quote


def test_end_of_february_in_30e_360() -> None:
    # C040, Basis30E3360 (30E/360 ISDA) from 2022-08-31 to 2023-02-28: 0.5, since it takes the last day of February for
    # a 30th. Plain 30E/360 keeps the 28th: (2 x 30 + 28 + 360) - (8 x 30 + 30) = 178 days, 178/360 = 0.49444...
    command = "interest --principal 100000000.00 --received 2022-08-31 --through 2023-02-28 --rate 100"
    assert quote(command, "--set", "day_count=thirty_e_360")["interest_cents"] == 4_944_444_444
