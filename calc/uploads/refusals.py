"""What makes an uploaded file be refused, by code; no text holds anything of the file."""

from typing import Final

from calc.errors import InputError

REFUSALS: Final[dict[str, str]] = {
    "no_columns": "no sheet has columns like those of deposits, accounts, transactions or participants; the first row "
    "with several cells names the columns",
    "column_missing": "a required column was not found: say in the map which it is, or that it is always blank",
    "dataset_missing": "these rows go with others: accounts and transactions with deposits; put them into one workbook",
    "has_macros": "the workbook has macros, which are not taken: save it as .xlsx",
    "no_workbook": "no .xlsx workbook that can be opened: it may be damaged, protected by a password or an older .xls; "
    "save it as .xlsx without a password, or as CSV",
    "not_readable": "the file cannot be read as it is mapped: check the header row, the delimiter and the map",
    "bad_map": "the map is no TOML of the keys that docs/spreadsheets.md describes, or does not go with the file",
    "too_many_rows": "more rows than the service takes of one file; use puccalc run nightly",
    "unpacks_too_large": "the workbook unpacks to more than the service takes; save it as CSV, or in parts",
    "too_much_memory": "the file takes more memory than the service gives it; delete empty rows and columns behind the "
    "table, or save it as CSV",
    "too_much_time": "the file takes more time than the service gives it; send it in parts",
}
"""Texts by code."""


class UploadRefusedError(InputError):
    """Refuse an uploaded file.

    `code` is one of REFUSALS, `columns` are names of the contract that it is about.
    """

    def __init__(self, code: str, columns: tuple[str, ...] = ()) -> None:
        """Store the code and the columns; the text is the code's."""
        super().__init__(REFUSALS[code])
        self.code = code
        self.columns = columns
