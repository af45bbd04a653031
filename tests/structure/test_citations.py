"""Every value of law in force has a citation."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from calc.rules.citation import Citation
from calc.rules.resolve import load_rules
from calc.rules.schema import SERVICES, TOPICS

ON = date(2026, 10, 31)


def uncited(topics: Mapping[str, Any], citations: Mapping[str, Citation]) -> list[str]:
    """Fields of topics (name -> parameters) that hold a value and have no citation."""
    return [
        f"{topic}.{field.name}"
        for topic, parameters in topics.items()
        for field in fields(parameters)
        if getattr(parameters, field.name) is not None and field.name not in citations
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_every_value_is_cited(service: str) -> None:
    rules = load_rules(ON).service(service)
    assert uncited({topic: getattr(rules, topic) for topic in TOPICS}, rules.citations) == []


def test_every_field_is_held_by_a_service() -> None:
    rules = load_rules(ON)
    held = {*rules.electric.citations, *rules.gas.citations}
    assert {field.name for topic in TOPICS.values() for field in fields(topic)} - held == set()


def test_a_value_without_a_citation_is_named() -> None:
    rules = load_rules(ON).electric
    citations = {name: each for name, each in rules.citations.items() if name != "grace_months"}
    assert uncited({"unclaimed": rules.unclaimed}, citations) == ["unclaimed.grace_months"]
