"""Set a letter: as PDF (PDF/UA-1) by Typst, as HTML page or text by Jinja. The same content gives the same bytes.

Every letter has `templates/letterhead.html` around it; its own layout is beside the module that writes it.
"""

import json
import textwrap
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import jinja2

TEMPLATES: Final = Path(__file__).with_name("templates")
"""Layout of the letter on the rate, and what all letters share."""


def pdf(layout: Path, content: Mapping[str, Any], made: date) -> bytes:
    """Typeset a PDF/UA-1 file.

    Args:
        layout: A Typst file, which reads the content from its inputs.
        content: All that the letter writes, as JSON values.
        made: The day that the file gives as its day of making, whenever that is.
    """
    import typst  # noqa: PLC0415 - loads a typesetter, for this alone

    return typst.compile(
        layout.read_bytes(),
        sys_inputs={"content": json.dumps(content)},
        pdf_standards=["ua-1"],
        timestamp=int(datetime(made.year, made.month, made.day, tzinfo=UTC).timestamp()),
        ignore_system_fonts=True,
    )


def rendered(template: str, content: Mapping[str, Any], folder: Path = TEMPLATES) -> bytes:
    """Render a page (`.html`, escaped) or a text; the template is in the folder, or with those of all letters."""
    return _environment(folder).get_template(template).render(content).encode()


@cache
def _environment(folder: Path) -> "jinja2.Environment":
    import jinja2  # noqa: PLC0415 - for pages and text alone

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader((folder, TEMPLATES)),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["wrapped"] = wrapped
    return environment


def wrapped(text: str, indent: int = 0) -> str:
    """Wrap text into lines of at most 78 characters with an indent; words, hashes and addresses stay whole."""
    space = " " * indent
    return textwrap.fill(
        text, 78, initial_indent=space, subsequent_indent=space, break_long_words=False, break_on_hyphens=False
    )
