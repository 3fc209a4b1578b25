"""The scorer against figures counted by hand, and the gate against planted regressions."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cleaners.config import Settings
from cleaners.core import Document, Level
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.evaluate import calibration, detection, gate, gold, harm, sets, tables

# Three documents. In a.txt: one row found and restored (the the), one row found but only reported (the open
# quotation), one row nobody finds (a misspelling), and one false alarm (the bare day, which is not in the gold).
# In b.txt: a row restored in the wrong way (gold wants another word). c.txt is clean.
A = 'He chairs the the talks. They left on the 30th. She said, "We stay in Tokio'
B = "Ships came , and left."
C = "All is well."


@pytest.fixture
def fixture_gold(tmp_path):
    rows = [
        {"doc": "a.txt", "bad": "the the", "good": ["the"], "tier": "fix", "family": "doubled"},
        {"doc": "a.txt", "bad": '"', "good": [], "tier": "flag", "family": "quote"},
        {"doc": "a.txt", "bad": "Tokio", "good": ["Tokyo"], "tier": "fix", "family": "name"},
        {"doc": "b.txt", "bad": "came ,", "good": ["arrived,"], "tier": "fix", "family": "blank"},
    ]
    texts = {"a.txt": A, "b.txt": B, "c.txt": C}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with (tmp_path / "gold.jsonl").open("w", encoding="utf-8") as out:
        for row in rows:
            start = texts[row["doc"]].index(row["bad"])
            out.write(json.dumps({**row, "start": start, "end": start + len(row["bad"]), "note": ""}) + "\n")
    return str(tmp_path / "gold.jsonl")


SELECTED = Cleaner(Settings(select=("REP101", "PUN102", "NUM101", "SPC103")))


def test_detection_reproduces_the_hand_count(fixture_gold):
    counts = detection.measure(SELECTED, gold.read(fixture_gold, ["c.txt"]))
    # By hand: four findings (the the; the quotation; the 30th; the blank), three of them on a row.
    assert (counts.precision.hits, counts.precision.trials) == (3, 4)
    # Four rows of tier fix or flag, three found; three rows of tier fix, one restored as the gold wants.
    assert (counts.recall.hits, counts.recall.trials) == (3, 4)
    assert (counts.restoration.hits, counts.restoration.trials) == (1, 3)
    assert counts.outside == 0
    assert [row.bad for row in counts.missed] == ["Tokio"]
    assert [row.bad for row in counts.unrestored] == ["Tokio", "came ,"]
    assert detection.f_half(3 / 4, 3 / 4) == pytest.approx(0.75)
    # Characters: gold 7 + 1 + 5 + 6 = 19; findings "the the" 7, quotation 1, "the 30th" 8, " ," 2; hits 7 + 1 + 2.
    assert counts.gold_characters == 19
    assert counts.characters["all", "found"] == 18
    assert counts.characters["all", "hit"] == 10
    totals = detection.tables(counts)[0].rows[0]
    assert totals[:5] == ("all", 4, 0.75, 0.75, pytest.approx(0.75))
    precision, recall = 10 / 18, 10 / 19
    assert totals[5:] == pytest.approx((precision, recall, 1.25 * precision * recall / (0.25 * precision + recall)))


def test_by_level_only_that_level_counts(fixture_gold):
    counts = detection.measure(SELECTED, gold.read(fixture_gold))
    rows = {row[0]: row for row in detection.tables(counts)[0].rows}
    assert rows["safe"][1:4] == (2, 1.0, 0.5)  # the the, the blank: two of four rows
    assert rows["report"][1:4] == (2, 0.5, 0.25)  # the quotation is right, the 30th is not in the gold
    assert rows["suggest"][1:5] == (0, None, 0.0, None)


def test_an_edit_outside_the_gold_is_counted(tmp_path):
    (tmp_path / "a.txt").write_text("He saw the the end. A typo hear.", encoding="utf-8")
    row = {"doc": "a.txt", "start": 27, "end": 31, "bad": "hear", "good": ["here"], "tier": "fix", "family": "x"}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row), encoding="utf-8")
    counts = detection.measure(SELECTED, gold.read(str(tmp_path / "gold.jsonl")))
    assert counts.outside == 1
    assert counts.precision.value == 0.0


@pytest.mark.parametrize(
    ("precision", "recall", "expected"), [(1.0, 0.5, 1.25 * 0.5 / 0.75), (0.0, 0.0, 0.0), (None, 1.0, None)]
)
def test_f_half(precision, recall, expected):
    assert detection.f_half(precision, recall) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "no gold row"),
        ('{"doc": "a.txt"}', "no gold row"),
        (
            '{"doc": "a.txt", "start": 0, "end": 1, "bad": "H", "good": [], "tier": "never", "family": "x"}',
            "tiers are",
        ),
        (
            '{"doc": "a.txt", "start": 3, "end": 6, "bad": "saw", "good": [], "tier": "fix", "family": "x"}',
            "drifted",
        ),
        (
            '{"doc": "no.txt", "start": 0, "end": 1, "bad": "H", "good": [], "tier": "fix", "family": "x"}',
            "no.txt",
        ),
    ],
)
def test_broken_gold_is_one_clear_error(tmp_path, line, what):
    (tmp_path / "a.txt").write_text("He left.", encoding="utf-8")
    (tmp_path / "gold.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(MtcleanError, match=what):
        gold.read(str(tmp_path / "gold.jsonl"))


def test_calibration_bins_and_error():
    table = calibration.table([(0.95, True), (0.95, True), (0.95, False), (0.25, False), (1.0, True)])
    rows = {row[0]: row for row in table.rows}
    assert rows["0.9-1.0"] == ("0.9-1.0", 4, pytest.approx(0.9625), 0.75)
    assert rows["0.2-0.3"] == ("0.2-0.3", 1, 0.25, 0.0)
    # (|0.9625 - 0.75| * 4 + |0.25 - 0| * 1) / 5 = 0.22
    assert table.note == "expected calibration error 0.220"


def test_harm_counts_and_asks_only_about_new_edits(tmp_path):
    documents = [Document("We saw the the sea."), Document("All is well."), Document("We saw the the sea again.")]
    found = harm.measure(SELECTED, documents)
    assert (found.documents, found.words, found.touched, len(found.edits)) == (3, 14, 2, 2)
    rows = [json.loads(row) for row in harm.unread(found, {})]
    assert [row["edit"] for row in rows] == ["We saw [the the → the] sea again.", "We saw [the the → the] sea."]
    answers = tmp_path / "answers.jsonl"
    answers.write_text(json.dumps({**rows[0], "answer": "right"}) + "\n" + json.dumps(rows[1]), encoding="utf-8")
    read = harm.read_answers(str(answers))
    assert len(harm.unread(found, read)) == 1
    total = harm.tables(found, read)[0].rows[-1]
    assert total[0] == "all" and total[3] == 2 and total[5:] == (1, 0, 1)


def test_harm_is_the_same_over_processes(tmp_path):
    path = tmp_path / "clean.jsonl"
    path.write_text(
        "".join(json.dumps({"text": f"We saw the the sea {n}."}) + "\n" for n in range(450)), encoding="utf-8"
    )
    one = harm.measure_files(SELECTED, [str(path)])
    two = harm.measure_files(Cleaner(SELECTED.settings.merged(jobs=2)), [str(path)])
    assert one == two and len(one.edits) == 450


@pytest.mark.parametrize("line", ["{", '{"key": "x"}', '{"key": "x", "answer": "maybe"}'])
def test_broken_answers_are_one_clear_error(tmp_path, line):
    path = tmp_path / "answers.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(MtcleanError, match=r"answers\.jsonl:1: "):
        harm.read_answers(str(path))


@pytest.fixture
def pinned(fixture_gold, tmp_path):
    """A baseline of one gold set and one harm set, pinned with the selected rules."""
    (tmp_path / "lawful.txt").write_text("Bora Bora is lovely. What it was was a start.", encoding="utf-8")
    baseline = {
        "sets": {
            "fixture": {"kind": "gold", "path": "gold.jsonl"},
            "lawful": {"kind": "harm", "path": "lawful.txt"},
        }
    }
    return gate.update(baseline, _measured(SELECTED, tmp_path, baseline)), tmp_path


def _measured(cleaner, folder, baseline):
    return {name: sets.measure(cleaner, folder, name, spec) for name, spec in baseline["sets"].items()}


def test_the_gate_is_open_where_nothing_changed(pinned):
    baseline, folder = pinned
    assert gate.compare(baseline, _measured(SELECTED, folder, baseline)) == []


def test_a_rule_switched_off_shuts_the_gate(pinned):
    baseline, folder = pinned
    without = Cleaner(replace(SELECTED.settings, ignore=("REP101",)))
    problems = gate.compare(baseline, _measured(without, folder, baseline))
    assert any("fixture: recall went from 0.75 to 0.5" in problem for problem in problems)
    assert any("fixture: restored" in problem for problem in problems)


def test_a_rule_made_greedy_shuts_the_gate(pinned, monkeypatch):
    baseline, folder = pinned
    rule = next(rule for rule in SELECTED.rules if rule.code == "REP101")

    def greedy(document):
        yield from rule.find(document)
        at = document.text.find("Bora ")
        if at >= 0:
            yield rule.finding(at, at + 5, "", level=Level.SAFE, drops="Bora")

    cleaner = Cleaner(SELECTED.settings)
    rules = tuple(replace(r, find=greedy) if r is rule else r for r in SELECTED.rules)
    monkeypatch.setitem(cleaner.__dict__, "rules", rules)
    problems = gate.compare(baseline, _measured(cleaner, folder, baseline))
    assert any(p.startswith("lawful: safe edits went from 0 to 2") for p in problems), problems


def test_changed_text_shuts_the_gate_until_it_is_pinned(pinned):
    baseline, folder = pinned
    (folder / "lawful.txt").write_text("Bora Bora is far.", encoding="utf-8")
    measured = _measured(SELECTED, folder, baseline)
    assert any("its text has changed" in problem for problem in gate.compare(baseline, measured))
    assert gate.compare(gate.update(baseline, measured, lower="new text"), measured) == []


def test_lowering_needs_a_reason_that_is_kept(pinned):
    baseline, folder = pinned
    without = Cleaner(replace(SELECTED.settings, ignore=("REP101",)))
    measured = _measured(without, folder, baseline)
    with pytest.raises(MtcleanError, match="this would lower"):
        gate.update(baseline, measured)
    lowered = gate.update(baseline, measured, lower="the rule is being rewritten")
    assert lowered["lowered"][0]["reason"] == "the rule is being rewritten"
    assert gate.compare(lowered, measured) == []


def test_tables_in_three_forms():
    table = tables.Table("t", "Title", ("name", "n", "rate"), (("a|b", 3, 0.5), ("c", 12, None)), "note")
    text = tables.as_text([table], "v:1")
    assert "a|b    3  0.500" in text and text.endswith("signature: v:1\n")
    assert "| a\\|b | 3 | 0.500 |" in tables.as_markdown([table], "v:1")
    data = json.loads(tables.as_json([table], "v:1"))
    assert data == {
        "signature": "v:1",
        "t": [{"name": "a|b", "n": 3, "rate": 0.5}, {"name": "c", "n": 12, "rate": None}],
    }
