"""What tells that an input is as it was written: a recorded SHA-256, or checksums of a Parquet file's pages.

A SHA-256 stands in `FILE.sha256` beside the file, or is given with the job. Comes in: opened sources. Goes out: the
same with what is recorded of their files, and an InputError where a file is another. A flipped bit in a plain Parquet
file mostly reads as other money: only these tell.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from calc.bulk.inputs.page_checksums import holds_page_checksums
from calc.bulk.inputs.source import Source
from calc.errors import InputError, UsageError

SUFFIX: Final = ".sha256"
_LINE: Final = re.compile(r"(?P<digest>[0-9a-fA-F]{64})(?:[ \t]+\*?(?P<name>.*?))?\s*")


def with_recorded_hashes(sources: Mapping[str, Source], expected: Mapping[str, str]) -> dict[str, Source]:
    """Sources with the digests recorded of their files; `expected` (path -> digest) outranks a file beside the input.

    UsageError where `expected` names a file that is no input, InputError for a FILE.sha256 that cannot be read.
    """
    by_path = {Path(named).resolve(): digest.lower() for named, digest in expected.items()}
    inputs = {file.path.resolve() for source in sources.values() for file in source.files}
    if unknown := [named for named in expected if Path(named).resolve() not in inputs]:
        raise UsageError(f"--expect-sha256 {unknown[0]}: is none of the input files")
    found = {}
    for name, source in sources.items():
        digests = {file.path: by_path.get(file.path.resolve()) or _beside(file.path) for file in source.files}
        found[name] = replace(source, recorded={path: digest for path, digest in digests.items() if digest})
    return found


def check_recorded_hashes(sources: Mapping[str, Source], sha256: Mapping[str, Sequence[str]]) -> None:
    """InputError where a file's SHA-256 is another than the recorded one."""
    for name, source in sources.items():
        for file, digest in zip(source.files, sha256[name], strict=True):
            recorded = source.recorded.get(file.path)
            if recorded not in {None, digest}:
                raise InputError(
                    f"{file.path}: its SHA-256 is {digest}, but {recorded} was recorded of it: it is damaged or "
                    "another file; fetch it again"
                )


def with_page_checksums(sources: Mapping[str, Source]) -> set[Path]:
    """Files without a recorded SHA-256 whose pages all hold their checksums; InputError where one of them does not."""
    return {
        file.path
        for source in sources.values()
        for file in source.files
        if file.path not in source.recorded and holds_page_checksums(file.path)
    }


def verified_by(source: Source, path: Path, page_checksums: Collection[Path]) -> str | None:
    """What tells that an input file is as it was written; None where nothing does."""
    if path in source.recorded:
        return "sha256"
    return "page_checksums" if path in page_checksums else None


def _beside(path: Path) -> str | None:
    """Digest in FILE.sha256, as sha256sum writes it: the file's own line, or the only one."""
    record = path.with_name(path.name + SUFFIX)
    try:
        lines = record.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{record}: cannot be read: {error}") from error
    found = [match for line in lines if (match := _LINE.fullmatch(line))]
    own = [match for match in found if match["name"] and Path(match["name"]).name == path.name]
    chosen = own or (found if len(found) == 1 and not found[0]["name"] else [])
    if len({match["digest"].lower() for match in chosen}) != 1:
        raise InputError(f"{record}: expected 64 hexadecimal digits and the name {path.name}, as sha256sum writes them")
    return str(chosen[0]["digest"].lower())
