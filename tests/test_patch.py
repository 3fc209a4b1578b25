"""Edits over many passes come out as disjoint edits of the raw text."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.core import Finding, Level, Severity, splice
from cleaners.patch import Edit, Patch


def edit(start: int, end: int, fix: str | None, code: str = "TST101") -> Finding:
    return Finding(code, "test", start, end, fix, Level.SAFE, Severity.MINOR, "x", 1.0, "")


class Model:
    """The dullest way to know where a text came from: every character carries its raw offset, or none."""

    def __init__(self, raw: str) -> None:
        self.cells: list[tuple[str, int | None]] = [(c, i) for i, c in enumerate(raw)]

    @property
    def text(self) -> str:
        return "".join(c for c, _ in self.cells)

    def apply(self, edits: list[Finding]) -> None:
        for e in sorted(edits, key=lambda f: f.start, reverse=True):
            self.cells[e.start : e.end] = [(c, None) for c in e.fix or ""]


def agree(patch: Patch, model: Model, raw: str) -> None:
    assert patch.raw == raw
    assert patch.text == model.text
    assert splice(raw, [(e.start, e.end, e.fix) for e in patch.edits]) == model.text
    done = 0
    for e in patch.edits:
        assert done <= e.start < e.end <= len(raw)
        assert e.findings
        done = e.end
    # Every character's raw span: its own place where no edit has it, else the whole of that edit.
    for at, (char, origin) in enumerate(model.cells):
        start, end = patch.raw_span(at, at + 1)
        if any(e.start <= start and end <= e.end for e in patch.edits):
            assert any((start, end) == (e.start, e.end) for e in patch.edits)
            assert origin is None or start <= origin < end
        else:  # an edit that rewrote a character as it was may have been cut down to less
            assert end == start + 1
            assert raw[start] == char
            assert origin in (start, None)


def spans_agree(patch: Patch, model: Model, start: int, end: int) -> None:
    """The raw span of a stretch holds the origin of all its characters and starts and ends no earlier than theirs."""
    raw_start, raw_end = patch.raw_span(start, end)
    assert 0 <= raw_start < raw_end <= len(patch.raw)
    singles = [patch.raw_span(at, at + 1) for at in range(start, end)]
    assert raw_start == min(s for s, _ in singles)
    assert raw_end == max(e for _, e in singles)


def random_pass(chance: random.Random, text: str) -> list[Finding]:
    """Disjoint findings that do not touch, as the settle loop hands them over."""
    found, at = [], 0
    while at < len(text):
        at += chance.choice([0, 1, 1, 2, 3, 8])
        end = at + chance.choice([1, 1, 2, 3, 6])
        if end > len(text):
            break
        fix = "".join(chance.choices("ab c", k=chance.choice([0, 0, 1, 1, 2, 5])))
        if chance.random() < 0.3:  # a fix that shares its ends with what stands there
            fix = text[at : at + 1] + fix + text[end - 1 : end]
        found.append(edit(at, end, fix, f"T{len(found)}"))
        at = end + 1
    return found


@pytest.mark.parametrize("seed", range(300))
def test_many_passes_agree_with_the_model(seed):
    chance = random.Random(seed)
    raw = "".join(chance.choices("ab cd.", k=chance.randrange(1, 40)))
    patch, model = Patch(raw), Model(raw)
    agree(patch, model, raw)
    for _ in range(chance.randrange(1, 7)):
        found = random_pass(chance, patch.text)
        patch = patch.apply(found)
        model.apply(found)
        agree(patch, model, raw)
        for _ in range(10 if patch.text else 0):
            start = chance.randrange(len(patch.text))
            spans_agree(patch, model, start, chance.randrange(start, len(patch.text)) + 1)


@pytest.mark.parametrize("seed", range(100))
def test_a_proposal_told_in_raw_offsets_does_what_it_does_in_the_present_text(seed):
    """Applied to the raw text beside the edits it does not take in, it gives what it gives over them all."""
    chance = random.Random(seed)
    patch = Patch("".join(chance.choices("ab cd.", k=chance.randrange(5, 40))))
    for _ in range(chance.randrange(1, 4)):
        patch = patch.apply(random_pass(chance, patch.text))
    for _ in range(20 if patch.text else 0):
        start = chance.randrange(len(patch.text))
        end = chance.randrange(start, len(patch.text)) + 1
        (raw_start, raw_end), fix = patch.in_raw(start, end, "XY")
        others = [(e.start, e.end, e.fix) for e in patch.edits if e.end <= raw_start or e.start >= raw_end]
        together = splice(patch.raw, sorted([*others, (raw_start, raw_end, fix)]))
        assert together == patch.text[:start] + "XY" + patch.text[end:]
        assert (raw_start, raw_end) == patch.raw_span(start, end)


@given(st.text(min_size=1, max_size=20), st.data())
def test_any_edits_agree_with_the_model(raw, data):
    patch, model = Patch(raw), Model(raw)
    for _ in range(data.draw(st.integers(1, 4))):
        if not patch.text:
            break
        cuts = sorted(data.draw(st.sets(st.integers(0, len(patch.text)), min_size=2, max_size=6)))
        found = [edit(a, b, data.draw(st.text(max_size=4))) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
        patch = patch.apply(found)
        model.apply(found)
        agree(patch, model, raw)


def edits(patch: Patch) -> list[tuple[int, int, str]]:
    return [(e.start, e.end, e.fix) for e in patch.edits]


def test_edits_of_two_passes_stay_apart_where_they_do_not_meet():
    patch = Patch("one two three").apply([edit(4, 7, "2")]).apply([edit(0, 3, "1"), edit(6, 11, "3")])
    assert edits(patch) == [(0, 3, "1"), (4, 7, "2"), (8, 13, "3")]


def test_an_edit_beside_an_earlier_one_is_its_own():
    patch = Patch("abc").apply([edit(1, 2, "")]).apply([edit(1, 2, "X")]).apply([edit(0, 1, "Y")])
    assert edits(patch) == [(0, 1, "Y"), (1, 2, ""), (2, 3, "X")]


def test_an_edit_over_what_was_written_becomes_one_with_it():
    first = edit(4, 7, "2 2", "A1")
    second = edit(4, 7, "2", "B1")
    patch = Patch("one two three").apply([first]).apply([second])
    assert edits(patch) == [(4, 7, "2")]
    assert [f.code for f in patch.edits[0].findings] == ["A1", "B1"]


def test_an_edit_over_a_gap_takes_the_gap_in():
    patch = Patch("a bc d").apply([edit(1, 4, "")])
    assert patch.text == "a d"
    patch = patch.apply([edit(0, 3, "e")])
    assert edits(patch) == [(0, 6, "e")]


def test_an_edit_is_cut_down_to_what_it_changes_before_it_joins():
    patch = Patch("The cat sat on on the mat").apply([edit(12, 17, "on")])
    patch = patch.apply([edit(4, 22, "dog sat on the mat")])
    assert patch.text == "The dog sat on the mat"
    assert edits(patch) == [(4, 7, "dog"), (12, 17, "on")]


def test_two_edits_inside_one_written_stretch_become_one():
    patch = Patch("x EU y").apply([edit(2, 4, "European Union bloc")])
    patch = patch.apply([edit(2, 10, "Euro"), edit(17, 21, "block")])
    assert patch.text == "x Euro Union block y"
    assert edits(patch) == [(2, 4, "Euro Union block")]


def test_a_raw_span_takes_an_edit_in_whole():
    patch = Patch("one two three").apply([edit(4, 7, "twenty two")])
    assert patch.raw_span(0, 3) == (0, 3)
    assert patch.raw_span(4, 6) == patch.raw_span(8, 14) == (4, 7)
    assert patch.raw_span(2, 6) == (2, 7)
    assert patch.raw_span(12, 17) == (4, 10)
    assert patch.raw_span(15, 20) == (8, 13)


def test_a_patch_is_not_changed_by_a_later_one():
    patch = Patch("abc", (Edit(1, 2, "x", (edit(1, 2, "x"),)),))
    later = patch.apply([edit(0, 1, "y")])
    assert (patch.text, later.text) == ("axc", "yxc")
    assert edits(patch) == [(1, 2, "x")]


def test_thousands_of_edits_over_several_passes_stay_quick():
    raw = "ab " * 40_000
    patch = Patch(raw).apply([edit(i, i + 2, "c") for i in range(0, len(raw), 6)])
    patch = patch.apply([edit(i, i + 1, "d") for i in range(0, len(patch.text), 5)])
    assert patch.text == "d ab " * 20_000
