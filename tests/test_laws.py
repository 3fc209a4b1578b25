"""What holds for every text, whatever is in it."""

from __future__ import annotations

import html
import random
import re
import unicodedata
from collections import Counter

import pytest
from conftest import REAL, ROOT, SEEDS, damaged
from hypothesis import given
from hypothesis import strategies as st

from cleaners.config import Settings
from cleaners.core import Document, Result, Verdict, replay, splice
from cleaners.engine import Cleaner

CLEANERS = {"safe": Cleaner(Settings()), "suggest": Cleaner(Settings(suggest=True))}
both = pytest.mark.parametrize("which", CLEANERS)


def undo(result: Result) -> str:
    """The raw text again, from the clean text and the decisions alone."""
    edits, shift = [], 0
    for decision in result.applied:
        fix = decision.fix or ""
        start = decision.start + shift
        edits.append((start, start + len(fix), decision.raw))
        shift += len(fix) - (decision.end - decision.start)
    return splice(result.text, edits)


def obey(cleaner: Cleaner, raw: str, **facts: object) -> Result:
    """Clean ``raw`` and hold the outcome against every law that needs no second opinion."""
    result = cleaner.clean(Document(raw, **facts))
    assert result.document.text == raw
    assert replay(raw, result.decisions) == result.text
    assert undo(result) == raw
    assert result.changed == (result.text != raw)
    if not result.applied:
        assert result.text == raw
    assert list(result.decisions) == sorted(result.decisions, key=lambda d: (d.start, d.end, d.finding.code))
    done = 0
    for decision in result.decisions:
        assert 0 <= decision.start < decision.end <= len(raw)
        assert raw[decision.start : decision.end] == decision.raw
        assert decision.reason
        if decision.verdict is Verdict.APPLIED:
            assert done <= decision.start
            assert decision.fix is not None
            done = decision.end
        elif decision.verdict is not Verdict.OPEN:
            assert decision.fix is not None
    again = cleaner.clean(Document(result.text, **facts))
    assert again.text == result.text
    assert not again.applied
    assert again.passes == 1
    return result


def numbers(text):
    """The digits of a text; full-width ones and those of HTML character references as what they stand for."""
    return Counter(re.findall(r"\d", unicodedata.normalize("NFKC", html.unescape(text))))


@both
@given(damaged)
def test_every_law_on_damaged_prose(which, raw):
    obey(CLEANERS[which], raw)


@given(damaged, st.sampled_from(["ja", "zh"]), st.booleans())
def test_every_law_with_a_known_source_language_and_in_markdown(raw, language, markdown):
    obey(CLEANERS["safe"], raw, source_lang=language, markdown=markdown)


@both
@pytest.mark.parametrize("name", SEEDS)
def test_every_law_on_the_sample_documents(which, name):
    result = obey(CLEANERS[which], SEEDS[name])
    assert bool(result.applied) == ("-clean-" not in name)


@pytest.mark.skipif(not REAL, reason="no real documents lie beside the checkout")
def test_every_law_on_real_documents():
    for raw in REAL.values():
        obey(CLEANERS["safe"], raw)
        obey(CLEANERS["suggest"], raw)


def test_every_law_on_shuffled_sample_documents():
    chance = random.Random(20230711)
    texts = [*SEEDS.values(), *REAL.values()]
    for _ in range(60):
        cuts = []
        for text in chance.sample(texts, 4):
            start = chance.randrange(len(text))
            cuts.append(text[start : start + chance.randrange(1500)])
        obey(CLEANERS[chance.choice(["safe", "suggest"])], chance.choice(["", " ", "\n", "\r\n\r\n", '"']).join(cuts))


@given(damaged)
def test_numbers_survive_unless_the_finding_declares_them(raw):
    result = CLEANERS["safe"].clean(Document(raw))
    declared: Counter[str] = Counter()
    for decision in result.applied:
        declared += numbers(decision.finding.drops)
    lost = numbers(raw) - numbers(result.text)
    assert not lost - declared
    gained = numbers(result.text) - numbers(raw)
    assert not gained


@given(damaged)
def test_ignoring_what_was_applied_leaves_the_text_alone(raw):
    ignored: set[str] = set()
    for _ in range(40):  # an edit that is ignored may make room for another
        result = Cleaner(Settings(ignore=tuple(sorted(ignored)))).clean(Document(raw)) if ignored else None
        result = result or CLEANERS["safe"].clean(Document(raw))
        codes = {decision.finding.code for decision in result.applied}
        assert not codes & ignored
        if not codes:
            assert result.text == raw
            return
        ignored |= codes
    raise AssertionError("there are not that many rules")


@given(damaged, st.sampled_from([rule.code for rule in CLEANERS["safe"].rules]))
def test_selecting_one_rule_gives_its_decisions_alone(raw, code):
    result = Cleaner(Settings(select=(code,))).clean(Document(raw))
    assert {decision.finding.code for decision in result.decisions} <= {code}


ROWS = [
    "The ministers agreed on it in May." + " did." * 30,
    'The minister said, "Our ties have never been closer."' + " I was. rice field." * 15,
    "The ministers agreed on it in May." + "Essence " * 30,
    "They read the " + "the " * 30 + "text.",
    "Prime Minister " + "Kishida " * 30 + "spoke.",
    "(Oslo Comprehensive) " * 12 + "Talks began in May.",
]


@pytest.mark.parametrize("raw", ROWS, ids=range(len(ROWS)))
def test_a_long_row_of_debris_is_no_error(raw):
    assert obey(CLEANERS["safe"], raw)


def test_a_whole_book_on_one_line():
    raw = " ".join(" ".join(text.split()) for text in SEEDS.values()) * 10
    assert len(raw) > 200_000
    assert len(obey(CLEANERS["safe"], raw).applied) > 500


@pytest.mark.parametrize("raw", ["", " ", "\n", "\r\n\r\n", "\ufeff", "\ufeff\n", "\t \u3000\u00a0\u2028"])
def test_a_blank_text_comes_back_as_it_is(raw):
    result = obey(CLEANERS["suggest"], raw)
    assert result.text == raw
    assert not result.decisions


def test_a_document_holds_no_other_line_ends_afterwards():
    for name, raw in SEEDS.items():
        clean = CLEANERS["safe"].clean(Document(raw)).text
        assert ("\r" in clean) == ("\r" in raw), name


def test_the_sample_documents_are_found():
    assert len(SEEDS) >= 12, ROOT
