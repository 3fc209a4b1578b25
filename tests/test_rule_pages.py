"""The pages about the rules say what the rules are; what they say was measured really was."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from pathlib import Path

import pytest

from cleaners.engine import Cleaner

ROOT = Path(__file__).parent.parent


def load(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES = load("rule_pages")
RATES = load("rule_rates")


def test_the_pages_are_up_to_date():
    """Run `make pages` where this fails."""
    wanted = PAGES.pages()
    stale = [path.name for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    assert stale == []
    assert set((ROOT / "docs" / "rules").glob("*.md")) <= set(wanted)


def test_every_rule_has_its_row_and_its_page():
    index = (ROOT / "docs" / "rules" / "index.md").read_text("utf-8")
    for rule in Cleaner().known_rules:
        assert index.count(f"[{rule.code}]({rule.code}.md)") == 1
        assert rule.doc in (ROOT / "docs" / "rules" / f"{rule.code}.md").read_text("utf-8")


def test_rates_are_per_million_words_and_tell_edits_from_the_rest():
    part = {"words": 2_000_000, "verdicts": {"STR101": {"applied": 3, "open": 1, "suggested": 4}}}
    assert PAGES.rates(part, "STR101") == ["1.5", "2.5"]
    assert PAGES.rates(part, "STR102") == ["–", "–"]


def test_the_table_of_harm_has_wrong_edits_first_and_hides_no_markup():
    edits = [
        {"key": "1", "code": "SPC101", "edit": "a|b [. → . ] <i> * c", "answer": "right"},
        {"key": "2", "code": "SPC102", "edit": "x [ -y → -y] z", "answer": "wrong"},
    ]
    page = PAGES.harm(edits, {"human": {"words": 500_000, "verdicts": {"SPC101": {"applied": 7, "open": 2}}}})
    assert "7 edits were made, 2 different ones: 1 right, 1 wrong, which is 2.00 wrong" in page
    assert page.index("| SPC102 |") < page.index("| SPC101 |")
    assert r"a\|b \[. → . \] \<i\> \* c" in page


@pytest.mark.parametrize("level", ["applied", "open"])
def test_what_nobody_has_read_is_drawn_once_and_the_same_again(level):
    hits = [{"key": str(n % 50), "code": f"SPC10{n % 3}", "verdict": level} for n in range(300)]
    drawn = RATES.draw(hits, 10, seed=1)
    assert Counter(hit["code"] for hit in drawn) == {"SPC100": 10, "SPC101": 10, "SPC102": 10}
    assert drawn == RATES.draw(list(reversed(hits)), 10, seed=1)
    assert drawn != RATES.draw(hits, 10, seed=2)
    assert RATES.tally(hits)["SPC100"] == {level: 100}


def test_a_hit_on_output_carries_what_its_reader_needs():
    row = {
        "mt": "Peace was kept in the valley. rice field.",
        "src": "平和は保たれた。",
        "src_lang": "ja",
        "ref": {"A": "Peace held."},
    }
    words, alone, proved = RATES.of_output([row])
    assert words == 8
    assert [hit["code"] for hit in alone] == [hit["code"] for hit in proved] == ["STR101"]
    assert proved[0]["ref"] == "Peace held."
    assert json.dumps(proved[0])


def test_every_answer_names_a_rule_and_says_right_or_wrong():
    codes = {rule.code for rule in Cleaner().known_rules}
    for path in (RATES.READ, ROOT / "docs" / "harm_answers.jsonl"):
        rows = PAGES.rows(path)
        assert {row["answer"] for row in rows} <= {"right", "wrong"}
        assert {row["code"] for row in rows} <= codes
        assert len({row["key"] for row in rows}) == len(rows)
