"""Documents, findings and splicing."""

from __future__ import annotations

import pytest
from conftest import damaged
from hypothesis import given
from hypothesis import strategies as st

from cleaners.core import Decision, Document, Finding, Level, Severity, Verdict, replay, splice


def finding(start=0, end=1, fix="", **rest):
    return Finding("TST101", "test", start, end, fix, Level.SAFE, Severity.MINOR, "x/y", 0.9, "told", **rest)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 1), (-1, 1), (3, 3)])
def test_a_finding_needs_a_span(start, end):
    with pytest.raises(ValueError, match=r"TST101: a finding needs a span"):
        finding(start, end)


def test_precedence_is_proof_then_place():
    far, long, first = finding(5, 6, proof=9), finding(3, 9), finding(1, 2)
    assert sorted([first, far, long, finding(2, 3)], key=lambda f: f.precedence) == [far, long, first, finding(2, 3)]


@pytest.mark.parametrize(
    ("edits", "wanted"),
    [
        ([], "abcdef"),
        ([(0, 1, "X")], "Xbcdef"),
        ([(0, 6, "")], ""),
        ([(1, 2, ""), (2, 3, "YY"), (5, 6, "Z")], "aYYdeZ"),
        ([(2, 2, "+"), (6, 6, "!")], "ab+cdef!"),
    ],
)
def test_splicing(edits, wanted):
    assert splice("abcdef", edits) == wanted


@pytest.mark.parametrize(
    "edits", [[(2, 4, ""), (3, 5, "")], [(3, 4, ""), (1, 2, "")], [(5, 7, "")], [(-1, 1, "")], [(3, 2, "")]]
)
def test_splicing_refuses_what_overlaps_or_lies_outside(edits):
    with pytest.raises(ValueError, match="overlaps another or lies outside"):
        splice("abcdef", edits)


def test_replay_takes_only_what_was_applied():
    def decided(verdict, start, end, fix):
        return Decision(finding(), verdict, "", start, end, "abc"[start:end], fix)

    decisions = [
        decided(Verdict.APPLIED, 0, 1, "X"),
        decided(Verdict.OPEN, 0, 3, None),
        decided(Verdict.SUGGESTED, 1, 2, "Y"),
        decided(Verdict.REFUSED, 1, 2, "Y"),
        decided(Verdict.APPLIED, 2, 3, None),
    ]
    assert replay("abc", decisions) == "Xb"


@given(damaged)
def test_the_lowered_text_keeps_every_offset(text):
    lowered = Document(text).lowered
    assert len(lowered) == len(text)
    for before, after in zip(text, lowered, strict=True):
        assert after == before.lower() or len(before.lower()) > 1 or before == "Σ"


@given(damaged, st.data())
def test_look_ups_by_position_agree_with_a_plain_search(text, data):
    document = Document(text)
    position = data.draw(st.integers(0, len(text)))
    for spans, found in (
        (document.paragraphs, document.paragraph_at(position)),
        (document.sentences, document.sentence_at(position)),
    ):
        before = [span for span in spans if span.start <= position]
        assert found == (before[-1] if before else (0, 0))
    end = data.draw(st.integers(position, len(text)))
    if position < end:
        overlaps = any(start < end and position < stop for start, stop in document.shielded)
        assert document.is_shielded(position, end) is overlaps


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [(0, 2, False), (1, 3, True), (2, 3, True), (3, 6, True), (6, 7, True), (7, 8, False), (0, 9, True)],
)
def test_shielded_is_what_overlaps(start, end, wanted):
    assert Document("a `bcd` e").is_shielded(start, end) is wanted


def test_another_text_has_other_views():
    document = Document("One. Two.", path="a.txt", record=3, source_lang="ja", markdown=True)
    assert len(document.sentences) == 2
    other = document.with_text("One.")
    assert len(other.sentences) == 1
    assert (other.path, other.record, other.source_lang, other.markdown) == ("a.txt", 3, "ja", True)
    assert document.text == "One. Two."
