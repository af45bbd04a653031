"""Draw what `tests/bulk/test_growth.py` measured: docs/growth.svg, and the table in docs/bulk.md.

    .venv/bin/python -m pytest -m stress tests/bulk/test_growth.py     # half an hour and 13 GB of disk
    .venv/bin/python -m benchmarks.growth

Input: benchmarks/results/growth.json, one run per size and format. Left panel: processor time per deposit; right panel:
peak memory of the process, under the limit of 2 GiB.
"""

import json
from pathlib import Path
from typing import Any, Final

import altair as alt
import polars as pl

ROOT: Final = Path(__file__).parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results" / "growth.json"
CHART: Final = ROOT / "docs" / "growth.svg"
PAGE: Final = ROOT / "docs" / "bulk.md"
BOUND_MIB: Final = 2048
_BEGIN, _END = "<!-- growth: benchmarks/growth.py writes what follows -->\n", "<!-- end of growth -->\n"
_FORMATS: Final = {"parquet": "Parquet", "csv": "CSV"}
_COLOURS: Final = ("#1f5fa8", "#b3402a")
_DASHES: Final = ([1, 0], [5, 3])
_INK: Final = "#333333"

Runs = dict[str, dict[str, Any]]
"""Format and millions of deposits -> what was measured."""


def table(runs: Runs) -> str:
    """Return one Markdown line per run."""
    heads = ("input", "deposits", "transactions", "accounts", "seconds", "processor", "peak memory", "spilled", "load")
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for name, run in runs.items():
        rows = run["rows"]
        lines.append(
            f"| {_FORMATS[name.split()[0]]} | {rows['deposits']:,} | {rows['transactions']:,} | {rows['accounts']:,} | "
            f"{run['seconds']['all']:.0f} s | {run['processor_seconds']:.0f} s | "
            f"{run['peak_bytes'] / 2**20:,.0f} MiB | {run['spilled_bytes'] / 1e6:,.0f} MB | {run['load']:.0f} |"
        )
    return "\n".join(lines) + "\n"


def figures(runs: Runs) -> pl.DataFrame:
    """Return one row per run: input, millions of deposits, processor microseconds per deposit, peak in MiB."""
    return pl.DataFrame(
        [
            {
                "input": _FORMATS[name.split()[0]],
                "millions": run["rows"]["deposits"] / 1e6,
                "microseconds": run["processor_seconds"] / run["rows"]["deposits"] * 1e6,
                "mib": run["peak_bytes"] / 2**20,
            }
            for name, run in runs.items()
        ]
    )


def chart(runs: Runs) -> alt.HConcatChart:
    """Return both panels."""
    found = figures(runs)
    ticks = alt.Axis(values=sorted(set(found["millions"].to_list())), format="~g", grid=False)
    lines = alt.Chart(found).mark_line(point=True).encode(
        alt.X("millions:Q", title="million deposits").scale(type="log", domain=[0.9, 130]).axis(ticks),
        color=alt.Color("input:N", title=None).scale(domain=list(_FORMATS.values()), range=list(_COLOURS)),
        strokeDash=alt.StrokeDash("input:N", title=None).scale(domain=list(_FORMATS.values()), range=list(_DASHES)),
    )  # fmt: skip
    bound = alt.Chart(pl.DataFrame({"mib": [BOUND_MIB]})).mark_rule(strokeDash=[2, 2], color=_INK)
    told = bound.mark_text(align="left", x=4, dy=-6, color=_INK).encode(text=alt.value("bound: 2 GiB"))
    time = lines.encode(alt.Y("microseconds:Q", title=None).scale(domainMin=0))
    memory = lines.encode(alt.Y("mib:Q", title=None).scale(domainMin=0)) + (bound + told).encode(y="mib:Q")
    titled = ((time, "processor microseconds a deposit"), (memory, "peak memory in MiB"))
    whole = alt.hconcat(*(each.properties(width=270, height=200, title=title) for each, title in titled))
    drawn: alt.HConcatChart = whole.configure(font="Helvetica, Arial, sans-serif")
    return drawn


def main() -> None:
    """Write the chart and the table."""
    runs = json.loads(RESULTS.read_text("utf-8"))["runs"]
    chart(runs).save(CHART)
    before, _, rest = PAGE.read_text("utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    PAGE.write_text(f"{before}{_BEGIN}{table(runs)}{_END}{after}", "utf-8")


if __name__ == "__main__":
    main()
