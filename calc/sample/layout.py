"""Who has which account: a fixed block of accounts, repeated, so that no dataset has to look into another.

A block has six accounts with eight pairs of account and service, and sixteen deposits on them: one to four a pair.
Four of the pairs take part in the fixed-credit programme; two of those are the electric and the gas service of one
household. Deposit `i` takes a place in the blocks that lies far from its neighbours', as in an extract ordered by
deposit.
"""

from dataclasses import dataclass
from math import gcd
from typing import Final, NamedTuple

import numpy as np

from calc.kernels.arrays import Int64

_ACCOUNT_OF_PAIR: Final = np.array([0, 1, 2, 2, 3, 4, 5, 5])
_SERVICE_OF_PAIR: Final = np.array([0, 0, 0, 1, 1, 0, 0, 1])
_CUSTOMER_OF_ACCOUNT: Final = np.array([0, 0, -1, 1, -1, 1])
_PAIR_OF_DEPOSIT: Final = np.repeat(np.arange(8), [1, 2, 1, 1, 3, 4, 2, 2])
_PAIR_OF_PARTICIPANT: Final = np.array([0, 2, 3, 4])
_ACCOUNTS, _PAIRS, _DEPOSITS, _PARTICIPANTS = 6, 8, 16, 4
HOUSEHOLD: Final = slice(1, None, _PARTICIPANTS), slice(2, None, _PARTICIPANTS)
"""Rows of participants that are the electric and the gas service of one household."""
PER_ACCOUNT_WITHOUT_DEPOSIT: Final = 50


class Pairs(NamedTuple):
    """Account number and code of the service, by row."""

    account: Int64
    service: Int64


@dataclass(frozen=True, slots=True)
class Layout:
    """A portfolio of `deposits` rows: its accounts, about half as many, and its participants, half of those."""

    deposits: int
    seed: int
    customers: bool = False
    """Whether some accounts are of one customer, and rows say so."""

    @property
    def accounts(self) -> int:
        """Pairs of account and service: all that the deposits name, and some without deposits; whole blocks."""
        with_deposits = -(-self.deposits // _DEPOSITS)
        return _PAIRS * (with_deposits + 1 + self.deposits // (_DEPOSITS * PER_ACCOUNT_WITHOUT_DEPOSIT))

    @property
    def participants(self) -> int:
        """Pairs of participant and service."""
        return self.accounts // _PAIRS * _PARTICIPANTS

    def customers_of(self, accounts: Int64) -> Int64:
        """Number of each account's customer, -1 for one that stands alone: two customers a block, of two accounts."""
        place = _CUSTOMER_OF_ACCOUNT[accounts % _ACCOUNTS]
        return np.where(place < 0, -1, accounts // _ACCOUNTS * 2 + place)

    def of_deposits(self, numbers: Int64) -> Pairs:
        """Account and service of deposits; a step without a common divisor with the total visits every place once."""
        step = self.deposits * 618 // 1000 | 1
        while gcd(step, self.deposits) > 1:
            step += 2
        places = (numbers * step + self.seed % self.deposits) % self.deposits
        return self.of_accounts(places // _DEPOSITS * _PAIRS + _PAIR_OF_DEPOSIT[places % _DEPOSITS])

    def of_accounts(self, numbers: Int64) -> Pairs:
        """Account and service of rows of accounts."""
        pair = numbers % _PAIRS
        return Pairs(numbers // _PAIRS * _ACCOUNTS + _ACCOUNT_OF_PAIR[pair], _SERVICE_OF_PAIR[pair])

    def of_participants(self, numbers: Int64) -> Pairs:
        """Account and service of rows of participants."""
        return self.of_accounts(numbers // _PARTICIPANTS * _PAIRS + _PAIR_OF_PARTICIPANT[numbers % _PARTICIPANTS])
