"""Published worked examples as quotes: each line of worked_examples.csv is a command, a key, the published figure."""

import csv
import json
from pathlib import Path

import pytest

from tests.cases.command import quote

CASES = list(csv.DictReader(Path(__file__).with_name("worked_examples.csv").read_text("utf-8").splitlines()))


@pytest.mark.parametrize("case", CASES, ids=[f"{case['case_id']}-{number}" for number, case in enumerate(CASES)])
def test_published_example(case: dict[str, str]) -> None:
    assert quote(case["command"])[case["key"]] == json.loads(case["expected"])
