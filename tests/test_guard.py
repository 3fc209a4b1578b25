"""Every guard refuses what it is there for, and lets its lawful neighbour through."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from cleaners.core import Document, Finding, Level, Severity, Stage
from cleaners.guard import Guards


def terms(text):
    return [term for term in ("Indo-Pacific", "NATO") for _ in range(text.count(term))]


GUARDS = Guards(terms)


def asked(text, old, fix, at=0, **rest):
    """What the guards say to replacing ``old`` (its ``at``-th occurrence) by ``fix``."""
    start = -1
    for _ in range(at + 1):
        start = text.index(old, start + 1)
    finding = Finding(
        "TST101", "test", start, start + len(old), fix, Level.SAFE, Severity.MINOR, "x/y", 0.9, "told", **rest
    )
    return GUARDS(Document(text), finding)


# name: (text, old, refused fix, part of the reason, lawful fix)
PAIRS = {
    "number lost": ("It rose to 14,092 in May.", " to 14,092 in", " in", "lose the number '14,092'", " to 14,092"),
    "number changed": ("It rose to 14,092.", "14,092", "14.092", "lose the number '14,092'", "14,092"),
    "number cut": ("It rose to 14,092.", ",092", ",92", "lose the number", ",092"),
    "number joined": ("From 20 23 on", "20 23", "2023", "lose the number", "20 to 23"),
    "number added": ("It rose in May.", "in May", "in 5 May", "add the number '5'", "in mid May"),
    "number torn": ("It rose to 14,092.", ",", ", ", "lose the number '14,092'", ","),
    "negation lost": ("He did not agree.", "did not", "did", "negations from 1 to 0", "does not"),
    "negation added": ("He did agree.", "did", "did not", "negations from 0 to 1", "does"),
    "negation by apostrophe": ("He didn’t agree.", "didn’t", "did", "negations from 1 to 0", "doesn't"),
    "negation turned": ("He is not without hope.", "not without", "without", "negations from 2 to 1", "never without"),
    "name lost": ("He met Abe in Oslo.", " Abe in", " in", "lose the name 'abe'", " Abe at"),
    "name changed": ("He met Abe.", "Abe", "Aba", "lose the name 'abe'", "ABE"),
    "one of two names lost": ("Abe, Abe", "Abe, Abe", "Abe", "lose the name 'abe'", "Abe; Abe"),
    "name with a hyphen": (
        "The Secretary -General",
        "Secretary -General",
        "Secretary",
        "'general'",
        "Secretary-General",
    ),
    "url changed": ("See https://x.org/a_b now.", "a_b", "a-b", "change 'https://x.org/a_b'", "a_b"),
    "url glued": ("See https://x.org/a now.", " now", "now", "change 'https://x.org/a'", " then"),
    "address lost": ("Write a@b.org now.", "a@b.org now", "now", "change 'a@b.org'", "to a@b.org"),
    "code changed": ("Run `ls x` now.", "ls x", "ls  x", "change '`ls x`'", "ls x"),
    "term changed": (
        "The Indo-Pacific region",
        "Indo-Pacific",
        "Indo Pacific",
        "protected term 'Indo-Pacific'",
        "Indo-Pacific",
    ),
    "term cut from outside": ("The Indo-Pacific region", "-", " - ", "protected term", "-"),
    "script added": ("It is so.", "so", "so 会", "add the character '会'", "thus"),
    "outgrown": ("It is so.", "so", "so " + "x" * 85, "more text than an edit may", "so " + "x" * 70),
    "mark left alone": ('"Yes," he said.', '"Yes', "Yes", "without its partner", "“Yes"),
    "mark added": ("He said yes. Then no more.", "yes", '"yes', "without its partner", '"yes"'),
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_guard_refuses_and_lets_its_neighbour_through(name):
    text, old, wrong, reason, right = PAIRS[name]
    assert reason in (asked(text, old, wrong) or "")
    assert asked(text, old, right) is None


def test_a_finding_without_a_fix_has_nothing_to_apply():
    assert asked("abc", "b", None) == "there is nothing to apply"


@pytest.mark.parametrize(
    ("text", "old", "fix", "drops"),
    [
        ("Kishida Kishida left.", "Kishida Kishida", "Kishida", " Kishida"),
        ("It cost 5 5 yen.", "5 5", "5", "5"),
        ("He did not not go.", "not not", "not", "not"),
        (
            "It ended.\nMOST READ\n- 5 Cats\n- 6 Dogs",
            "\nMOST READ\n- 5 Cats\n- 6 Dogs",
            "",
            "MOST READ\n- 5 Cats\n- 6 Dogs",
        ),
        ("Russia.EssenceThe end", "Essence", " ", "Essence"),
        ("NATO NATO left", "NATO NATO", "NATO", "NATO"),
    ],
)
def test_what_a_finding_drops_it_must_say(text, old, fix, drops):
    assert asked(text, old, fix) is not None
    assert asked(text, old, fix, drops=drops) is None


@pytest.mark.parametrize(
    ("text", "old", "drops"),
    [
        ("It rose to 12 1 yen", "1 yen", "12"),  # stands beside the span
        ("Oslo Abe left", "Abe ", "Oslo"),
        ("Abe left", "Abe ", "Abe Abe"),  # stands there once
        ("Abenomics left", "Abenomics ", "Abe"),  # no word of its own
        ("Abe left", "Abe ", "abe"),
    ],
)
def test_what_is_declared_must_stand_in_the_span(text, old, drops):
    assert asked(text, old, "", drops=drops) == "it declares words as dropped that do not stand in its span"


def test_dropped_words_are_taken_whole():
    """The ``1`` that may go is not the one inside 12."""
    assert "lose the number '12'" in asked("a 12 1 b", "12 1", "1", drops="1")
    assert asked("a 12 1 b", "12 1", "12", drops="1") is None
    assert "lose the name 'abenomics'" in asked("Abenomics Abe", "Abenomics Abe", "Abe", drops="Abe")


def test_dropping_declares_nothing_else():
    assert "lose the number '7'" in asked("Abe Abe 7 x", "Abe Abe 7", "Abe", drops="Abe")
    assert "negations" in asked("Abe Abe not", "Abe Abe not", "Abe", drops="Abe")


@pytest.mark.parametrize("stage", [Stage.GLOSSARY, Stage.NAME])
def test_names_may_change_where_names_are_mended(stage):
    assert asked("In Vernis.", "Vernis", "Vilnius", stage=stage) is None
    assert "lose the name 'vernis'" in asked("In Vernis.", "Vernis", "Vilnius", stage=Stage.RULE)
    assert "lose the name 'vernis'" in asked("In Vernis.", "Vernis", "Vilnius", stage=Stage.REWRITE)


def test_a_torn_figure_may_be_put_together_and_a_whole_one_not_torn():
    assert asked("It rose 9. 8% then", "9. 8%", "9.8%") is None
    assert asked("It rose 14, 092 then", ", ", ",") is None
    assert "number" in (asked("It rose 14,092 then", ",", ", ") or "")
    assert "number" in (asked("It rose 9. 8% then", "9. 8%", "98%") or "")


def test_figures_in_another_form_are_the_same_figures():
    assert asked("It rose to １０ in", "１０", "10") is None
    assert asked("the King&#39;s men", "&#39;", "'") is None
    assert "number" in (asked("It rose to １０ in", "１０", "100") or "")


def test_a_term_that_a_repaired_compound_takes_in_is_not_lost():
    assert asked("a NATO -Japan pact", " -Japan", "-Japan") is None
    assert asked("the Indo -Pacific and NATO -led", " -led", "-led") is None
    assert "term" in (asked("the Indo-Pacific plan", "Indo-Pacific", "Indo Pacific") or "")


def test_only_a_glossary_term_may_bring_a_number():
    assert asked("a new fighter", "new fighter", "F-35", stage=Stage.GLOSSARY) is None
    assert "add the number" in asked("a new fighter", "new fighter", "F-35", stage=Stage.NAME)
    assert "lose the number" in asked("the 7 states", "7 states", "states", stage=Stage.GLOSSARY)


def test_nothing_may_empty_a_document():
    text = "- One headline of the page\n- Another headline of the page"
    assert asked(text, text, "", drops=text) == "it would leave nothing of the document"
    assert asked(text, text, " \n", drops=text) == "it would leave nothing of the document"
    assert asked("Talks. " + text, text, "", drops=text) is None


def test_marks_are_counted_over_the_paragraphs_of_the_edit_alone():
    text = 'An "open one.\n\nHe said "yes" now.\n\nAnother "open one.'
    assert asked(text, '"yes"', "yes") is None
    assert "without its partner" in asked(text, '"yes"', '"yes')
    assert asked(text, '"open one', "open one") is None  # one fewer alone


def test_marks_that_go_with_their_partners_leave_none_alone():
    text = 'He said, "Yes. And no.\n"World" NEWS\n- a "b" c'
    gone = '\n"World" NEWS\n- a "b" c'
    assert asked(text, gone, "", drops=gone) is None
    assert "without its partner" in asked('He said "yes" to it', ' said "yes', "")


def test_a_word_is_judged_whole_though_the_edit_touches_a_part():
    assert "lose the name 'tokyo'" in asked("In Tokyo now", "kyo", "k")
    assert asked("in tokyo now", "kyo", "k") is None


def test_long_edits_and_long_words_take_no_time():
    items = "".join(f"- Headline {n} of the page\n" for n in range(20_000))
    text = "The talks ended.\n" + items
    start = time.process_time()
    assert asked(text, items, "", drops=items) is None
    assert asked("x" * 300_000, "xx", "y", at=150_000) is None
    assert time.process_time() - start < 3


def test_a_mark_in_a_very_long_paragraph_is_judged_by_its_neighbourhood():
    text = "“We agree,” she said. " * 5_000 + "He met “Abe” there, and “we go on,” he said. " * 5_000
    document, at = Document(text), text.index("“Abe”")
    assert document.quotation.alone == 0
    finding = Finding("TST101", "test", at, at + 5, "“Abe", Level.SAFE, Severity.MINOR, "x/y", 0.9, "told")
    start = time.process_time()
    for _ in range(100):
        for fix, refused in (("“Abe", True), ("Abe”", True), ("“Abe”", False), ('"Abe"', False), ("Abe", False)):
            assert (GUARDS(document, replace(finding, fix=fix)) is not None) is refused
    assert time.process_time() - start < 3
