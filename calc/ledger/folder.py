"""The folder of a ledger: the chain, each entry's files, and the newest files of each kind beside them.

An entry's files are written first, into `entries/NNNNNN`; then `ledger.jsonl` is replaced by rename, which is the
commit; then `ledger.head`, and the copies that people and the next night read. A process that is killed leaves an
entry or none: whoever opens the folder next writes the head and the copies that are missing. A copy that no entry wrote
is refused, as is an entry's file that is not what its entry says.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

import polars as pl

from calc.atomic_write import make_folder, make_folders, remove_temporaries, write_atomically
from calc.bulk.run.reread import Reread
from calc.datafiles import sha256_hex
from calc.disk import held
from calc.errors import DataError, InputError, OutputError
from calc.ledger.chain import Entry, altered, following, text_of, verified

CHAIN: Final = "ledger.jsonl"
HEAD: Final = "ledger.head"
ENTRIES: Final = "entries"
CUMULATIVE: Final = ("transactions.parquet",)
"""Files of which the copy holds the rows of all entries, for the next night; of others it is the newest entry's."""


class Ledger:
    """A ledger that is held by this process, verified from its first entry to its last."""

    def __init__(self, folder: Path, entries: tuple[Entry, ...]) -> None:
        """The folder and its entries."""
        self.folder = folder
        self.entries = entries

    def rows(self, kind: str, name: str, schema: pl.Schema) -> pl.DataFrame:
        """Rows that all entries of a kind have in their files of a name, with the entry's number as `entry`."""
        frames = [
            pl.read_parquet(self.place(entry, name)).with_columns(pl.lit(entry.number, dtype=pl.Int64).alias("entry"))
            for entry in self.entries
            if entry.kind == kind
        ]
        return pl.concat(frames) if frames else pl.DataFrame(schema={**schema, "entry": pl.Int64})

    def place(self, entry: Entry, name: str) -> Path:
        """Where an entry's file stands."""
        return self.folder / ENTRIES / f"{entry.number:06}" / name

    def entry_of(self, kind: str, night: Reread) -> Entry | None:
        """The last entry of a kind that was made of a night; None where there is none."""
        found = (each for each in reversed(self.entries) if each.kind == kind)
        return next((each for each in found if each.manifest_sha256 == night.manifest_sha256), None)

    def append(self, kind: str, night: Reread, files: Mapping[str, bytes], figures: Mapping[str, int]) -> Entry:
        """Enter what was done with a night, and put the copies in place.

        Args:
            kind: What was done.
            night: The night.
            files: Content of each file, by name.
            figures: Sums, in cents and rows.

        Raises:
            OutputError: A file cannot be written; the ledger is as before, or has the whole entry.
        """
        digests = {name: sha256_hex(content) for name, content in files.items()}
        made = Entry(0, kind, night.job.as_of, night.run_id, night.manifest_sha256, "", digests, figures)
        entry = following(self.entries, made)
        folder = self.folder / ENTRIES / f"{entry.number:06}"
        make_folders(folder)
        self._clear(folder)
        for name, content in files.items():
            write_atomically(folder / name, content)
        self.entries = (*self.entries, entry)
        write_atomically(self.folder / CHAIN, text_of(self.entries).encode())
        self.put_in_order()
        return entry

    def put_in_order(self) -> None:
        """Write the head and every copy that is missing or of the entry before; DataError for one of no entry."""
        if not self.entries:
            return
        head = self.entries[-1].head.encode()
        if _bytes_of(self.folder / HEAD) != head:
            write_atomically(self.folder / HEAD, head)
        newest = {name: entry for entry in self.entries for name in entry.files}
        for name, entry in newest.items():
            if name in CUMULATIVE:
                self._put_rows_together(name)
            else:
                self._copy(name, entry)

    def _copy(self, name: str, entry: Entry) -> None:
        path, content = self.folder / name, _bytes_of(self.folder / name)
        known = {each.files[name] for each in self.entries if name in each.files}
        if content is not None and sha256_hex(content) not in known:
            raise altered(path, entry.number, "did not write this file: it has been altered since")
        if content is None or sha256_hex(content) != entry.files[name]:
            write_atomically(path, self.place(entry, name).read_bytes())

    def _put_rows_together(self, name: str) -> None:
        """Write the rows of all entries, unless they are there; what is there must be the rows of the first of them."""
        owners = [entry for entry in self.entries if name in entry.files]
        rows = pl.concat([pl.read_parquet(self.place(entry, name)) for entry in owners])
        path = self.folder / name
        present = None
        if path.exists():
            try:
                present = pl.read_parquet(path)
            except (pl.exceptions.PolarsError, OSError):
                present = pl.DataFrame()
            if not present.equals(rows[: present.height]) or present.columns != rows.columns:
                raise altered(path, owners[-1].number, "did not write this file: it has been altered since")
        if present is None or present.height != rows.height:
            write_atomically(path, parquet(rows))

    def _clear(self, folder: Path) -> None:
        """Remove what a process that was killed before its commit left of this entry."""
        try:
            remove_temporaries(folder)
            for each in folder.iterdir():
                each.unlink()
        except OSError as error:
            raise OutputError(f"{folder}: cannot be cleared: {error.strerror}") from error


@contextmanager
def opened(folder: Path) -> Iterator[Ledger]:
    """Hold a ledger's folder, made if need be, and verify all of it.

    Raises:
        DataError: An entry, a file of an entry or a copy was altered; it names the entry.
        OutputLockedError: Another process holds the folder.
        OutputError: The folder cannot be used.
    """
    make_folders(folder)
    with held(folder, "the ledger's folder"):
        ledger = read(folder)
        try:
            remove_temporaries(folder)
        except OSError as error:
            raise OutputError(f"{folder}: cannot be put in order: {error.strerror}") from error
        make_folder(folder / ENTRIES)
        ledger.put_in_order()
        yield ledger


def read(folder: Path) -> Ledger:
    """Read a ledger and verify its chain and the files of every entry; DataError names an entry that was altered."""
    head = _text_of(folder / HEAD)  # first: an entry that is added meanwhile does no harm
    ledger = Ledger(folder, verified(folder / CHAIN, _text_of(folder / CHAIN), head))
    for entry in ledger.entries:
        for name, digest in entry.files.items():
            content = _bytes_of(ledger.place(entry, name))
            if content is None or sha256_hex(content) != digest:
                what = "is missing" if content is None else "has been altered"
                raise altered(folder / CHAIN, entry.number, f"wrote {ledger.place(entry, name)}, which {what}")
    return ledger


def parquet(frame: pl.DataFrame) -> bytes:
    """A frame as the bytes of a Parquet file."""
    buffer = BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _text_of(path: Path) -> str | None:
    content = _bytes_of(path)
    try:
        return None if content is None else content.decode()
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: is no text: {error}; restore the ledger's folder from a copy") from error
