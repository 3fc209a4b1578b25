"""Span scores against arithmetic written out by hand, the baselines, and the reading of marks."""

from __future__ import annotations

import json

import pytest

from cleaners.config import Settings
from cleaners.core import Severity
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.evaluate import mqm
from cleaners.evaluate.mqm import Mark, MarkedLine

MINOR, MAJOR = Severity.MINOR, Severity.MAJOR


def test_half_credit_for_the_wrong_severity():
    gold = [Mark(0, 10, MAJOR), Mark(20, 24, MINOR)]
    predicted = [Mark(5, 15, MAJOR), Mark(20, 24, MAJOR)]
    found = mqm.score([(gold, predicted)])
    # By hand: characters 5 to 9 hit in full (5); 20 to 23 in the right place, wrong severity (4 halves = 2).
    hits = 5 + 4 / 2
    assert found.precision == pytest.approx(hits / (10 + 4))  # 7 / 14
    assert found.recall == pytest.approx(hits / (10 + 4))
    assert found.f1 == pytest.approx(0.5)


def test_the_corpus_is_summed_before_it_is_divided():
    pairs = [
        ([Mark(0, 2, MAJOR)], [Mark(0, 2, MAJOR)]),  # 2 hits of 2 and 2
        ([Mark(0, 30, MINOR)], [Mark(10, 20, MINOR)]),  # 10 hits, 30 gold, 10 predicted
        ([], [Mark(3, 11, MINOR)]),  # no mark: 8 predicted for nothing
        ([], []),  # weighs nothing
    ]
    found = mqm.score(pairs)
    # By hand: 12 hits, 2 + 10 + 8 = 20 predicted, 2 + 30 = 32 gold. A mean of the segments' scores would differ.
    assert found.precision == pytest.approx(12 / 20)
    assert found.recall == pytest.approx(12 / 32)
    assert found.f1 == pytest.approx(2 * 0.6 * 0.375 / 0.975)


def test_overlapping_marks_add_up():
    gold = [Mark(0, 4, MAJOR), Mark(2, 6, MAJOR), Mark(3, 4, MINOR)]
    predicted = [Mark(0, 6, MAJOR), Mark(3, 5, MAJOR)]
    found = mqm.score([(gold, predicted)])
    # By hand, gold majors at 0..5: 1 1 2 2 1 1 = 8, gold minor at 3: 1, in all 9.
    # Predicted majors at 0..5: 1 1 1 2 2 1 = 8.
    # The smaller of the two: 1 1 1 2 1 1 = 7. Left over: gold major at 2, gold minor at 3; predicted major at 4.
    # No place has both a gold and a predicted rest: no half hits.
    assert found.precision == pytest.approx(7 / 8)
    assert found.recall == pytest.approx(7 / 9)


def test_a_rest_on_both_sides_is_half_a_hit_once():
    gold = [Mark(0, 1, MAJOR), Mark(0, 1, MAJOR)]
    predicted = [Mark(0, 1, MINOR), Mark(0, 1, MINOR), Mark(0, 1, MINOR)]
    found = mqm.score([(gold, predicted)])
    # By hand: two gold majors meet two of three predicted minors: 2 halves = 1 hit; 3 predicted, 2 gold.
    assert found.precision == pytest.approx(1 / 3)
    assert found.recall == pytest.approx(1 / 2)


def test_what_cannot_be_divided():
    assert mqm.score([]) == mqm.SpanScore(1.0, 1.0, 1.0)
    assert mqm.score([([Mark(0, 3, MAJOR)], [])]) == mqm.SpanScore(1.0, 0.0, 0.0)
    assert mqm.score([([], [Mark(0, 3, MAJOR)])]) == mqm.SpanScore(0.0, 1.0, 0.0)
    assert mqm.score([([Mark(0, 3, MAJOR)], [Mark(5, 7, MAJOR)])]) == mqm.SpanScore(0.0, 0.0, 0.0)
    assert mqm.score([([Mark(3, 3, MAJOR)], [])]) == mqm.SpanScore(1.0, 1.0, 1.0)  # without length: nothing


#        0         1         2
#        0123456789012345678901234
TEXT = "He will chair the the end"
CLEANER = Cleaner(Settings(select=("REP101", "SPC103")))
LINES = [
    MarkedLine(TEXT, (Mark(14, 17, MINOR, "Fluency/Grammar"), Mark(22, 25, MAJOR, "Accuracy/Mistranslation"))),
    MarkedLine("All is well , sir.", ()),
]


def test_findings_beside_the_baselines():
    measured = mqm.measure(CLEANER, LINES)
    scores = {name: tally.score for name, tally in measured.tallies.items()}
    assert (measured.lines, measured.marked) == (2, 1)
    # By hand: gold is 3 minor and 3 major characters. "the the" is [14, 21), 7 characters, minor; " ," is 2, minor:
    # 3 hits of 9 predicted, 3 of 6 gold.
    assert measured.score == scores["mtclean, all levels"] == scores["mtclean, safe only"]
    assert measured.score.precision == pytest.approx(3 / 9)
    assert measured.score.recall == pytest.approx(3 / 6)
    assert scores["flag nothing"] == mqm.SpanScore(1.0, 0.0, 0.0)
    # Every one of 25 + 18 characters: three hits in full and three by half, for either severity.
    for name in ("flag all as minor", "flag all as major"):
        assert scores[name].precision == pytest.approx(4.5 / 43)
        assert scores[name].recall == pytest.approx(4.5 / 6)


def test_tables_by_code_and_category():
    scores, codes, marks = mqm.tables(mqm.measure(CLEANER, LINES))
    assert [row[0] for row in scores.rows][-3:] == ["flag nothing", "flag all as minor", "flag all as major"]
    assert codes.rows == (
        ("REP101", "safe", 1, 1, 1.0, 7, pytest.approx(3 / 7)),
        ("SPC103", "safe", 1, 0, 0.0, 2, 0.0),
    )
    assert marks.rows == (
        ("Accuracy/Mistranslation", "major", 1, 0, 0.0),
        ("Fluency/Grammar", "minor", 1, 1, 1.0),
    )


def _read(tmp_path, *rows):
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return list(mqm.read_lines([str(path)]))


def test_critical_is_major_and_what_is_no_mark_is_left_out(tmp_path):
    errors = [
        {"start": 3, "end": 99, "severity": "Critical", "category": "c"},
        {"start": 0, "end": 2, "severity": "Minor", "type": 6, "side": "mt"},
        {"start": 0, "end": 2, "severity": "Neutral"},
        {"start": 0, "end": 2, "severity": "No-error"},
        {"start": 0, "end": 2, "severity": "undecided"},
        {"start": 0, "end": 2, "severity": "Major", "side": "src"},
        {"start": "missing", "end": "missing", "severity": "major"},
    ]
    row = {"mt": "a line", "mqm_errors": errors, "src": "行", "src_lang": "ja", "system": "s", "set": "t"}
    (line,) = _read(tmp_path, row)
    marks = (Mark(0, 2, MINOR, "6"), Mark(3, 6, MAJOR, "c"))
    assert line == MarkedLine("a line", marks, "行", "ja", "s", "t")


def test_each_rater_is_a_gold_of_their_own(tmp_path):
    errors = [
        {"start": 0, "end": 1, "severity": "Major", "rater": "r1"},
        {"start": 0, "end": 1, "severity": "Major", "rater": "r2"},
        {"start": 3, "end": 6, "severity": "Minor", "rater": "r1"},
    ]
    lines = _read(tmp_path, {"text": "a line", "mqm_errors": errors})
    assert [line.marks for line in lines] == [
        (Mark(0, 1, MAJOR), Mark(3, 6, MINOR)),
        (Mark(0, 1, MAJOR),),
    ]


def test_nobody_looked_is_not_nothing_found(tmp_path):
    rows = [{"mt": "a", "mqm_errors": []}, {"mt": "b"}, {"mt": "c", "mqm_errors": None}]
    assert _read(tmp_path, *rows) == [MarkedLine("a", ())]


@pytest.mark.parametrize(
    "error",
    [
        {"start": 2, "end": 1, "severity": "major"},
        {"start": -1, "end": 1, "severity": "major"},
        {"start": 0, "end": 1, "severity": "terrible"},
        {"start": 0, "end": 1},
        {"end": 1, "severity": "major"},
        "major",
    ],
)
def test_a_bad_mark_is_told_with_its_place(tmp_path, error):
    with pytest.raises(MtcleanError, match=r"a\.jsonl:1: has a mark that is none"):
        _read(tmp_path, {"mt": "a line", "mqm_errors": [error]})
