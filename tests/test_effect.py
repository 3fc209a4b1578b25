"""Effect against references: known effects, sacreBLEU's own corpus figures, the bootstrap, the missing extra."""

from __future__ import annotations

import gzip
import json
import sys

import pytest

from cleaners.config import Settings
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.evaluate import effect, effect_tables
from cleaners.evaluate.effect import Line

sacrebleu_metrics = pytest.importorskip("sacrebleu.metrics", reason="needs the extra eval")

CLEANER = Cleaner(Settings(select=("REP101", "SPC103", "SPC101")))

GOOD = "The ministers met in Tokyo, and then left for the airport."
LINES = [
    # Cleaned to its reference; of two references the nearer one counts.
    Line("The ministers met in Tokyo , and then left for the airport .", (GOOD, "They left Tokyo."), set="a"),
    Line("He will chair the the summit.", ("He will chair the summit.",), set="a"),
    # Mended, and farther from a reference that words it otherwise: one word too many before, two after.
    Line("Mr. Ito spoke of peace.Then he left.", ("Peace was his wish",), set="b"),
    Line("Nothing is wrong here.", ("Nothing at all is wrong here.", "All is well."), set="b"),
    Line("Talks went on for hours.", ("Talks went on for hours.",), set="b"),
]


@pytest.fixture(scope="module")
def measured():
    return effect.measure(CLEANER, LINES)


def test_a_line_cleaned_to_its_reference_has_nothing_left_to_edit(measured):
    first, second, _ = measured.touched
    assert first.text == GOOD
    assert first.codes == ("SPC103",)
    assert (first.after.ter, second.after.ter) == (0.0, 0.0)
    assert second.after == (0.0, pytest.approx(100), pytest.approx(100), pytest.approx(100))
    # By hand: five reference words, one word too many before.
    assert second.before.ter == pytest.approx(100 * 1 / 5)
    assert second.delta.ter == pytest.approx(-20)
    # chrF leaves blanks out, so it sees no difference in the first line; chrFw does.
    assert first.delta.chrf == 0.0
    assert first.delta.chrfw > 0


def test_lines_are_counted_by_what_became_of_them(measured):
    assert measured.lines == {"a": 2, "b": 3}
    found = effect.gain(measured.touched)
    assert (found.lines, found.better, found.equal, found.worse) == (3, 2, 0, 1)
    assert list(measured.by_code()) == ["REP", "REP101", "SPC", "SPC101", "SPC103"]
    assert len(measured.by_code()["SPC"]) == 2
    (worst,) = measured.worst()
    assert worst.line is LINES[2]
    assert worst.delta.ter == pytest.approx(
        100 * 1 / 4
    )  # by hand: one word more, none of them in the four of the reference


def _own(texts, lines, metric):
    """The figure sacreBLEU gives by itself; shorter lists of references are filled up with None."""
    most = max(len(line.references) for line in lines)
    streams = [[line.references[i] if i < len(line.references) else None for line in lines] for i in range(most)]
    return metric.corpus_score(texts, streams).score


@pytest.mark.parametrize("all_lines", [False, True])
def test_corpus_figures_are_those_of_sacrebleu(measured, all_lines):
    cleaned = {id(t.line): t.text for t in measured.touched}
    lines = LINES if all_lines else [t.line for t in measured.touched]
    metrics = (
        sacrebleu_metrics.TER(),
        sacrebleu_metrics.CHRF(),
        sacrebleu_metrics.CHRF(whitespace=True),
        sacrebleu_metrics.BLEU(),
    )
    before, after = measured.corpus(all_lines=all_lines)
    assert before == pytest.approx([_own([line.text for line in lines], lines, m) for m in metrics])
    assert after == pytest.approx([_own([cleaned.get(id(x), x.text) for x in lines], lines, m) for m in metrics])


def test_sentence_figures_are_those_of_sacrebleu(measured):
    metrics = (
        sacrebleu_metrics.TER(),
        sacrebleu_metrics.CHRF(),
        sacrebleu_metrics.CHRF(whitespace=True),
        sacrebleu_metrics.BLEU(effective_order=True),
    )
    for touched in measured.touched:
        references = list(touched.line.references)
        assert touched.before == pytest.approx([m.sentence_score(touched.line.text, references).score for m in metrics])
        assert touched.after == pytest.approx([m.sentence_score(touched.text, references).score for m in metrics])


def test_the_number_of_processes_changes_no_figure(measured):
    other = effect.measure(CLEANER, LINES * 90, jobs=2)  # more than two batches
    alone = effect.measure(CLEANER, LINES * 90)
    assert other.lines == {"a": 180, "b": 270}
    assert effect_tables.tables(other) == effect_tables.tables(alone)
    assert other.corpus(all_lines=True)[1] == pytest.approx(measured.corpus(all_lines=True)[1])


def test_all_lines_can_be_left_out(measured):
    brief = effect.measure(CLEANER, LINES, all_lines=False)
    assert brief.corpus() == measured.corpus()
    with pytest.raises(ValueError, match="have not been measured"):
        brief.corpus(all_lines=True)
    assert [row[0] for row in effect_tables.tables(brief)[0].rows] == ["touched", "touched"]


def test_the_bootstrap_depends_on_its_seed_alone(measured):
    lines = measured.touched * 20
    one, same, other = (effect.gain(lines, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one.delta == other.delta
    assert one.intervals != other.intervals
    low, high = one.intervals["TER"]
    assert low < one.delta.ter < high
    assert effect.gain(lines[:1]).intervals == {}


def test_the_bootstrap_interval_is_that_of_the_mean(measured):
    """60 equal lines have no spread; half of them at 0 and half at d spread as a fair coin does."""
    one = measured.touched[1]
    assert effect.gain([one] * 60).intervals["TER"] == pytest.approx((-20, -20))
    still = effect.Touched(one.line, one.text, (), one.after, one.after, (), ())
    low, high = effect.gain([one, still] * 200).intervals["TER"]
    # By hand: mean -10, standard deviation of a line 10, of the mean of 400 lines 10 / 20 = 0.5; 1.96 of these.
    assert (low, high) == pytest.approx((-10.98, -9.02), abs=0.15)


def test_doing_nothing_is_a_row_of_every_comparison(measured):
    corpus, sets, families, worst = effect_tables.tables(measured)
    before, after = measured.corpus()
    assert corpus.rows[0] == ("touched", 3, "do nothing", *before, 0.0, 0.0, 0.0, 0.0)
    assert corpus.rows[1] == ("touched", 3, "mtclean", *after, *after.minus(before))
    assert [row[:3] for row in corpus.rows[2:]] == [("all", 5, "do nothing"), ("all", 5, "mtclean")]
    assert families.rows[0][:5] == ("do nothing", 3, 0, 3, 0)
    assert set(families.rows[0][5:]) == {None, 0.0}
    spaced = next(dict(zip(families.columns, row, strict=True)) for row in families.rows if row[0] == "SPC")
    assert spaced["TER before"] + spaced["ΔTER"] == pytest.approx(spaced["TER after"])
    assert spaced["TER before"] > 0
    assert [row[:6] for row in sets.rows] == [("a", 2, 2, 2, 0, 0), ("b", 3, 1, 0, 0, 1)]
    assert worst.rows[0][2:] == (
        "SPC101",
        "Mr. Ito spoke of peace.Then he left. → Mr. Ito spoke of peace. Then he left.",
    )
    assert all(len(row) == len(table.columns) for table in effect_tables.tables(measured) for row in table.rows)


def test_nothing_touched_and_nothing_at_all():
    still = effect.measure(CLEANER, LINES[3:])
    assert still.corpus() == ((0.0,) * 4, (0.0,) * 4)
    before, after = still.corpus(all_lines=True)
    assert before == after != (0.0,) * 4
    empty = effect.measure(CLEANER, [])
    assert empty.corpus(all_lines=True) == ((0.0,) * 4, (0.0,) * 4)
    for table in (*effect_tables.tables(still), *effect_tables.tables(empty)):
        assert all(len(row) == len(table.columns) for row in table.rows)


def test_lines_are_read_from_plain_and_gzipped_files(tmp_path):
    rows = [
        {"mt": "One.", "ref": {"A": "\ufeffUno.", "B": ""}, "src": "一。", "src_lang": "zh", "system": "s", "set": "t"},
        {"text": "Two.", "ref": "Due.", "post_edits": {"s": "Deux."}},
        {"mt": "Three.", "ref": None},
    ]
    dumped = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode() + b"\n\n"
    (tmp_path / "a.jsonl").write_bytes(dumped)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(dumped))
    wanted = [Line("One.", ("Uno.",), "一。", "zh", "s", "t"), Line("Two.", ("Due.", "Deux."))]
    assert list(effect.read_lines([str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl.gz")])) == wanted * 2


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("{", "not a JSON object"),
        ("[1]", "not a JSON object"),
        ("7", "not a JSON object"),
        ('{"ref": "x"}', "no system"),
    ],
)
def test_a_bad_line_is_told_with_its_place(tmp_path, line, wrong):
    path = tmp_path / "a.jsonl"
    path.write_text('{"mt": "a", "ref": "b"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(MtcleanError, match=f"a.jsonl:2: .*{wrong}"):
        list(effect.read_lines([str(path)]))


def test_scorers_name_version_and_signatures():
    found = effect.scorers()
    assert list(found) == ["sacrebleu", "TER", "chrF", "chrFw", "BLEU", "BLEU of a sentence"]
    assert all(signature.endswith(f"version:{found['sacrebleu']}") for signature in list(found.values())[1:])
    assert "tok:13a" in found["BLEU"]
    assert "eff:yes" in found["BLEU of a sentence"]
    assert "space:yes" in found["chrFw"]


def test_without_sacrebleu_one_line_says_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "sacrebleu"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sacrebleu", None)
    for call in (lambda: effect.measure(CLEANER, LINES), effect.scorers):
        with pytest.raises(MtcleanError) as told:
            call()
        assert "pip install 'mtclean[eval]'" in str(told.value)
        assert "\n" not in str(told.value)
