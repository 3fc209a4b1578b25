"""How a text is laid out with its findings, and how two texts are compared where no trail tells what changed."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import aligning
from cleaners.cleaned import Text
from cleaners.core import Decision, Finding, Level, Severity, Verdict, replay, splice
from cleaners.report import diff, marks
from cleaners.report.marks import Kind
from cleaners.trail import Lines

TEXT = st.text(st.sampled_from("ab .\r\n\u2028日𝔸"), max_size=40)
WORDS = st.lists(st.sampled_from(["a", "b", "the", " ", ".", "\n", "\r\n", "\r", "! ", "日"]), max_size=30).map("".join)


def decision(raw, start, end, fix=None, verdict=Verdict.OPEN, code="REP101"):
    finding = Finding(code, "n", start, end, fix, Level.SAFE, Severity.MINOR, "", 1.0, "m")
    return Decision(finding, verdict, "r", start, end, raw[start:end], fix)


@st.composite
def decided(draw):
    """A text and decisions on it in raw order; those that are applied are disjoint, the others lie anywhere."""
    raw = draw(TEXT)
    cuts = sorted(draw(st.sets(st.integers(0, len(raw)), max_size=8)))
    applied = [pair for pair in pairwise(cuts) if draw(st.booleans())]
    found = [decision(raw, *span, draw(TEXT.map(lambda text: text[:4])), Verdict.APPLIED) for span in applied]
    anywhere = st.tuples(st.integers(0, len(raw)), st.integers(0, len(raw))).filter(lambda span: span[0] < span[1])
    others = draw(st.lists(anywhere, max_size=5)) if raw else []
    found += [decision(raw, *span, draw(st.sampled_from([None, "", "x"]))) for span in others]
    return raw, sorted(found, key=lambda d: (d.start, d.end))


def pieces_of(rows):
    return [piece for row in rows for piece in row.pieces]


def joined(pieces, *kinds):
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


@given(decided(), st.sampled_from([None, 1, 3, 7, 4000]))
def test_the_pieces_hold_the_raw_text_and_the_clean_one(case, longest):
    raw, decisions = case
    pieces = pieces_of(marks.rows(raw, decisions, longest=longest))
    assert joined(pieces, Kind.SAME, Kind.DELETED) == raw
    assert joined(pieces, Kind.SAME, Kind.INSERTED) == replay(raw, decisions)
    assert all(piece.text for piece in pieces)


@given(decided(), st.sampled_from([None, 1, 3, 7]))
def test_every_finding_begins_once_and_covers_its_own_text(case, longest):
    raw, decisions = case
    pieces = pieces_of(marks.rows(raw, decisions, longest=longest))
    assert sorted(index for piece in pieces for index in piece.heads) == list(range(len(decisions)))
    assert all(set(piece.heads) <= set(piece.findings) for piece in pieces)
    for index, one in enumerate(decisions):
        mine = [piece for piece in pieces if index in piece.findings]
        assert joined(mine, Kind.SAME, Kind.DELETED) == one.raw
        assert joined(mine, Kind.INSERTED) == (one.fix if one.verdict is Verdict.APPLIED else "")
        assert index in mine[0].heads


@given(decided(), st.sampled_from([None, 1, 3, 7]))
def test_a_row_has_the_number_of_its_line_as_the_trail_counts_them(case, longest):
    raw, decisions = case
    lines, done = Lines(raw), 0
    for row in marks.rows(raw, decisions, longest=longest):
        line, column = lines.place(done)
        assert row.number == (line if column == 1 else 0)
        length = len(joined(row.pieces, Kind.SAME, Kind.DELETED))
        assert longest is None or length < 2 * longest
        done += length
    assert done == len(raw)


@given(decided(), st.sampled_from([None, 3]))
def test_taking_an_edit_back_leaves_the_rows_as_they_are(case, longest):
    raw, decisions = case

    def laid_out(decisions):
        rows = marks.rows(raw, decisions, longest=longest)
        return [(row.number, raw_part) for row in rows if (raw_part := joined(row.pieces, Kind.SAME, Kind.DELETED))]

    taken_back = [decision(raw, d.start, d.end, d.fix) for d in decisions]
    assert laid_out(taken_back) == laid_out(decisions)


def test_a_line_break_that_an_edit_cuts_in_two_is_still_one():
    raw = "One.\r\nTwo.\r\n"
    rows = list(marks.rows(raw, [decision(raw, 3, 5, ".", Verdict.APPLIED)]))
    assert [row.number for row in rows] == [1, 2]


def test_a_long_line_is_cut_at_blanks():
    raw = "word " * 30
    rows = list(marks.rows(raw, [], longest=12))
    assert len(rows) == 8
    assert all(piece.text.endswith(" ") for row in rows for piece in row.pieces)
    assert [row.number for row in rows] == [1, *[0] * (len(rows) - 1)]


def test_an_edit_inside_a_reported_sentence_shows_both():
    raw = "He met the the press"
    decisions = [decision(raw, 0, 20, code="CUT102"), decision(raw, 7, 14, "the", Verdict.APPLIED)]
    (row,) = marks.rows(raw, decisions)
    told = [(piece.kind, piece.text, piece.findings, piece.heads) for piece in row.pieces]
    assert told == [
        (Kind.SAME, "He met ", (0,), (0,)),
        (Kind.DELETED, "the the", (0, 1), (1,)),
        (Kind.INSERTED, "the", (1,), ()),
        (Kind.SAME, " press", (0,), ()),
    ]
    assert row.findings == (0, 1)


# ---------------------------------------------------------------- what changed, by the words alone


@given(st.one_of(TEXT, WORDS), st.one_of(TEXT, WORDS))
def test_the_changes_lead_from_one_text_to_the_other(raw, clean):
    found = diff.changes(raw, clean)
    if not raw or raw == clean:
        assert found == []
        return
    assert splice(raw, found) == clean
    assert all(start < end for start, end, _ in found)
    assert all(end <= start for (_, end, _), (start, _, _) in pairwise(found))


@pytest.mark.parametrize(
    ("raw", "clean", "expected"),
    [
        ("He met the press.", "He met press.", [(7, 11, "")]),
        ("One two.", "Zero one two.", [(0, 3, "Zero one")]),
        ("..", "!.?.", [(0, 1, "!.?")]),
        ("End", "End.", [(2, 3, "d.")]),
        ("A.\nB.\n", "A.\nB.\nC.\n", [(5, 6, "\nC.\n")]),
        ("the the the", "the", [(3, 11, "")]),
    ],
    ids=["taken out", "at the beginning", "twice at the beginning", "at the end", "a line", "a loop"],
)
def test_a_change_is_as_small_as_its_words_and_never_empty(raw, clean, expected):
    assert diff.changes(raw, clean) == expected


@given(TEXT, TEXT)
def test_aligned_texts_are_edits_of_no_rule(raw, clean):
    text = aligning.aligned(raw, clean)
    assert (text.raw, text.clean, text.record) == (raw, clean, None)
    assert all(d.finding.code == diff.UNTOLD and d.verdict is Verdict.APPLIED for d in text.decisions)
    if raw:
        assert replay(raw, text.decisions) == clean


# ---------------------------------------------------------------- the word view


def shown(raw, *decisions, colour=False):
    return list(diff.words(Text(None, raw, replay(raw, decisions), decisions), colour=colour))


def test_the_word_view_names_line_and_rules_and_marks_only_the_words_that_differ():
    raw = "Fine.\nHe met the the press in Vernis.\n"
    edits = [decision(raw, 13, 20, "the", Verdict.APPLIED), decision(raw, 30, 36, "Vilnius", Verdict.APPLIED, "TRM101")]
    (line,) = shown(raw, *edits)
    assert line.startswith("2: REP101,TRM101  He met ")
    assert line.endswith(" press in [-Vernis-]{+Vilnius+}.")
    assert shown(raw) == []


def test_what_is_not_applied_is_not_shown():
    raw = "He met the the press.\n"
    assert shown(raw, decision(raw, 7, 14, "the", Verdict.SUGGESTED)) == []


def test_lines_that_become_one_are_both_shown():
    raw = "He said\nthat.\n"
    assert shown(raw, decision(raw, 7, 8, " ", Verdict.APPLIED)) == ["1: REP101  He said", "2: REP101  {+ +}that."]


def test_colour_takes_the_place_of_the_marks():
    raw = "in Vernis"
    (line,) = shown(raw, decision(raw, 3, 9, "Vilnius", Verdict.APPLIED), colour=True)
    assert line == "\x1b[2m1: REP101  \x1b[0min \x1b[9;31mVernis\x1b[0m\x1b[1;32mVilnius\x1b[0m"


def test_control_characters_do_not_reach_the_terminal():
    raw = "a\x1b[2Jb c"
    (line,) = shown(raw, decision(raw, 6, 7, "\x1b[3J", Verdict.APPLIED))
    assert line.isprintable()


def test_what_is_put_in_where_the_last_line_ended_makes_no_line_of_its_own():
    def laid_out(verdict):
        raw = "a\nxb\n"
        return [row.number for row in marks.rows(raw, [decision(raw, 3, 5, ".!", verdict)])]

    assert laid_out(Verdict.APPLIED) == laid_out(Verdict.OPEN) == [1, 2]
