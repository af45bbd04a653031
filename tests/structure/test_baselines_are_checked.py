"""A benchmark's baseline that gives other figures than the kernel is left out, and why is kept."""

import numpy as np

from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Outcome, admitted
from calc.kernels.calendar import year_units

ROWS = 3


def comparison() -> Comparison:
    start = np.full(ROWS, -5_479, dtype=np.int32)
    return Comparison(
        year_units,
        ROWS,
        columns={"start_day": start, "end_day": start + np.arange(ROWS, dtype=np.int32)},
        parameters={"index": np.array([0, 4_392, 8_784]), "start_shift": 0, "end_shift": 0},
        results={"units": np.zeros(ROWS, dtype=np.int64)},
    )


def test_only_a_baseline_with_the_kernels_figures_is_timed() -> None:
    one = comparison()
    one.run()
    baselines: dict[str, Baseline | str] = {
        "right": Baseline(lambda _: lambda: {"units": [0, 4_392, 8_784]}),
        "one off": Baseline(lambda _: lambda: {"units": [0, 4_392, 8_785]}),
        "short": Baseline(lambda _: lambda: {"units": [0, 4_392]}),
        "none": "it cannot say it",
    }
    outcome = Outcome("year_units", ROWS, one.bytes_per_row, 1)
    assert list(admitted(one, baselines, outcome)) == ["right"]
    differs = "differs from the kernel in units"
    assert outcome.left_out == {"one off": differs, "short": differs, "none": "it cannot say it"}
    assert one.bytes_per_row == 4 + 4 + 8
