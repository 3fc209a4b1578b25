"""The sample documents and their gold agree with each other."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
FIELDS = {"doc", "start", "end", "bad", "good", "tier", "family", "note"}
TIERS = {"fix", "flag", "unsafe"}
FAMILIES = {
    "apposition-equals",
    "bare-day",
    "bracket-spacing",
    "byline",
    "cjk-punctuation",
    "currency-spacing",
    "double-attribution",
    "doubled-conjunction",
    "duplicate-word",
    "encoding",
    "hyphen-spacing",
    "loop",
    "missing-space",
    "missing-subject",
    "number-as-name",
    "page-furniture",
    "person-name",
    "place-name",
    "punctuation-spacing",
    "quote-spacing",
    "quote-style",
    "repeated-sentence",
    "split-sentence",
    "stray-token",
    "term",
    "torn-apostrophe",
    "torn-figure",
    "torn-ordinal",
    "torn-time",
    "truncated",
    "unclosed-quote",
    "unopened-quote",
}


def load_gold() -> list[dict[str, Any]]:
    lines = (SEEDS / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


GOLD = load_gold()
TEXTS = {path.name: path.read_bytes().decode("utf-8") for path in sorted(SEEDS.glob("*.txt"))}
CLEAN = [name for name in TEXTS if "-clean-" in name]
DAMAGED = [name for name in TEXTS if "-clean-" not in name]


def rows_of(doc: str) -> list[dict[str, Any]]:
    return [row for row in GOLD if row["doc"] == doc]


@pytest.mark.parametrize("row", GOLD, ids=lambda row: f"{row['doc'][:2]}:{row['start']}-{row['family']}")
def test_row_is_sound_and_points_at_its_text(row: dict[str, Any]) -> None:
    assert set(row) == FIELDS
    assert row["doc"] in TEXTS
    assert row["tier"] in TIERS
    assert row["family"] in FAMILIES
    assert 0 <= row["start"] < row["end"] <= len(TEXTS[row["doc"]])
    assert TEXTS[row["doc"]][row["start"] : row["end"]] == row["bad"]
    assert isinstance(row["good"], list)
    assert row["bad"] not in row["good"]


@pytest.mark.parametrize("row", GOLD, ids=lambda row: f"{row['doc'][:2]}:{row['start']}-{row['family']}")
def test_tier_decides_whether_a_replacement_is_given(row: dict[str, Any]) -> None:
    if row["tier"] == "flag":
        assert row["good"] == []
    else:
        assert row["good"]
        assert all(row["bad"] not in good for good in row["good"])


@pytest.mark.parametrize("doc", DAMAGED)
def test_rows_stand_in_order_and_overlap_only_when_one_holds_the_other(doc: str) -> None:
    rows = rows_of(doc)
    assert rows, "a damaged document needs gold"
    assert rows == sorted(rows, key=lambda row: (row["start"], -row["end"]))
    for outer, inner in combinations(rows, 2):
        if inner["start"] < outer["end"]:
            assert inner["end"] <= outer["end"], (outer, inner)
            assert "nested" in inner["note"], (outer, inner)


def test_every_family_and_tier_occurs() -> None:
    assert {row["family"] for row in GOLD} == FAMILIES
    assert {row["tier"] for row in GOLD} == TIERS


def test_page_furniture_reaches_the_end_of_the_file() -> None:
    furniture = [row for row in GOLD if row["family"] == "page-furniture"]
    assert all(row["end"] == len(TEXTS[row["doc"]]) for row in furniture)


def test_clean_documents_have_no_rows() -> None:
    assert len(CLEAN) == 2
    assert not [row for row in GOLD if row["doc"] in CLEAN]


def test_line_ends_survived_the_checkout() -> None:
    for name, text in TEXTS.items():
        if "crlf" in name:
            assert text.count("\r\n") == text.count("\n") > 0
        else:
            assert "\r" not in text
