"""The pinned figures of the sets that live in this repository; CI stops here on a fall."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaners.config import Settings
from cleaners.engine import Cleaner
from cleaners.evaluate import gate, sets

BASELINE = Path(__file__).parent / "eval_baseline.json"
PINNED = gate.read(BASELINE)


@pytest.mark.parametrize("name", sorted(PINNED["sets"]))
def test_figures_are_as_pinned(name):
    cleaner = Cleaner(Settings())
    measured = {name: sets.measure(cleaner, BASELINE.parent, name, PINNED["sets"][name])}
    problems = gate.compare({"sets": {name: PINNED["sets"][name]}}, measured)
    assert not problems, "raise with make baseline, or lower with a reason: " + "; ".join(problems)


def test_the_sets_cover_gold_injection_and_harm():
    assert {pinned["kind"] for pinned in PINNED["sets"].values()} == {"gold", "inject", "harm"}
    assert all(pinned.get("figures") for pinned in PINNED["sets"].values())


@pytest.mark.parametrize("code", ["STR101", "SPC101", "NAM001", "REP101"])
def test_switching_a_rule_off_shuts_the_gate(code):
    cleaner = Cleaner(Settings(ignore=(code,)))
    measured = {"seeds": sets.measure(cleaner, BASELINE.parent, "seeds", PINNED["sets"]["seeds"])}
    problems = gate.compare({"sets": {"seeds": PINNED["sets"]["seeds"]}}, measured)
    assert any("restored went from" in problem for problem in problems)
