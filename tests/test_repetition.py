"""The pass that finds words and phrases that follow themselves, and what needs a source text to be proved."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import repetition
from cleaners.config import Settings
from cleaners.core import Document, Verdict
from cleaners.engine import Cleaner

CLEANER = Cleaner(Settings())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the the ship", [(1, "the the")]),
        ("in Asia in Asia, they", [(2, "in Asia in Asia")]),
        ("a (the fleet, the fleet, the) b", [(2, "the fleet, the fleet, the")]),
        ("one\none", []),
        ("a b c a b d", []),
        ("no no no", [(1, "no no no")]),
    ],
)
def test_runs_are_found_with_their_period(text, expected):
    assert [(run.period, text[run.start : run.end]) for run in Document(text).repeats] == expected


@given(st.lists(st.sampled_from(["a", "b", "the", "Asia", ",", ".", "\n", "“", "-", "x-y"]), max_size=60))
def test_a_run_holds_its_period(pieces):
    document = Document(" ".join(pieces))
    for run in document.repeats:
        assert run.copies >= 2
        assert all(run.words[i] == run.words[i - run.period] for i in range(run.period, len(run.words)))
        assert [document.lowered[slice(*span)] for span in run.spans] == list(run.words)
        assert "\n" not in document.text[run.start : run.end]


def test_many_runs_of_one_paragraph_have_the_right_places():
    words = [f"w{i} w{i} x{i}" for i in range(200)]
    random.Random(1).shuffle(words)
    text = " ".join(words)
    assert {text[run.start : run.end] for run in Document(text).repeats} == {" ".join(w.split()[:2]) for w in words}


def test_a_run_keeps_every_content_word_once():
    (run,) = Document("the rate of the rate of the rate between").repeats
    assert run.kept == 2
    (run,) = Document("of the Standing Committee of the Standing Committee of the People").repeats
    assert run.kept == 6


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("a deal is a deal is a deal", ("a", "deal")),
        ("Rose is a rose is a rose is a rose", ("rose",)),
        ("boys will always be boys will always be boys", ("boys",)),
        ("war leads to war leads to war", ("war",)),
        ("to share is to share is to share", ("to", "share")),
        ("refugees are people are people are people", ("people",)),
        ("the bridge is closed the bridge is closed", ()),
        ("the talks are due to the talks are due to", ()),
        ("the embassy in Oslo is in Oslo is in Oslo", ()),
        ("the rate of the rate of the rate", ()),
        ("there is there is there is", ()),
        ("the passenger which is the passenger which is", ()),
        ("is is", ()),
    ],
)
def test_a_verb_joins_a_noun_phrase_to_itself(text, noun):
    (run,) = Document(text).repeats
    assert run.joined == noun


def test_a_proverb_is_reported_only_where_it_does_not_end_as_it_began_or_runs_on():
    verdicts = {
        tail: [
            (d.finding.code, d.verdict) for d in CLEANER.clean(Document(f"A deal is a deal is a deal{tail}")).decisions
        ]
        for tail in (".", ", they say.", " is what they say.", 3 * " is a deal" + ".")
    }
    reported = [("REP104", Verdict.OPEN)]
    assert list(verdicts.values()) == [[], [], reported, reported]


def test_a_transcript_shows_its_fillers():
    assert repetition.is_spoken("Well, uh, the the ship.")
    assert not repetition.is_spoken("The umbrella uhlan.")


SAID = '"The pilots are ready for the winter." he said.'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("“飞行员已经为冬天做好了准备。”", ('"The pilots are ready for the winter."', Verdict.APPLIED)),
        ("「操縦士は冬の準備ができている。」", ('"The pilots are ready for the winter."', Verdict.APPLIED)),
        ("他说：“飞行员已经为冬天做好了准备。”", (SAID, Verdict.SUGGESTED)),
        ("飞行员已经为冬天做好了准备。", (SAID, Verdict.OPEN)),
        (None, (SAID, Verdict.OPEN)),
    ],
)
def test_the_source_proves_an_attribution_invented(source, expected):
    result = CLEANER.clean(Document(SAID, source_text=source))
    assert (result.text, result.decisions[0].verdict) == expected
