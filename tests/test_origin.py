"""The guess of the language a text was translated from: what it rests on, what it does, and what it never does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commandline import mtclean, put
from conftest import SEEDS, damaged
from hypothesis import given
from hypothesis import strategies as st

from cleaners import origin
from cleaners.config import Settings
from cleaners.core import Document, Finding, Level, Severity
from cleaners.engine import Cleaner

PLAIN = "The ministers agreed to meet again in the autumn of next year, and then they left for home.\n"
JAPANESE = PLAIN + "They spoke of the ports for an hour that day. rice field.\n"
CHINESE = (
    PLAIN
    + "They spoke of the ports for an hour that day. Essence Essence\nTroops left the port.EssenceThe talks go on.\n"
)


def finding(start=0, end=3, code="TST101", language="ja", level=Level.SAFE, confidence=0.98):
    return Finding(code, "a-test", start, end, None, level, Severity.MINOR, "x/y", confidence, "told", origin=language)


def kinds(made):
    return {(piece.language, piece.kind): piece.count for piece in made.evidence}


# ---------------------------------------------------------------- what it rests on


@pytest.mark.parametrize(("raw", "language"), [(PLAIN, None), (JAPANESE, "ja"), (CHINESE, "zh"), ("", None)])
def test_debris_tells_the_language(cleaner, raw, language):
    result = cleaner.clean(Document(raw))
    assert result.guess.language == result.document.guessed_lang == language
    assert bool(result.guess.evidence) == (language is not None)


def test_the_evidence_says_which_rule_how_often_and_what_stood_there(cleaner):
    (piece,) = (p for p in cleaner.clean(Document(JAPANESE)).guess.evidence if p.kind == "STR101")
    assert (piece.language, piece.count) == ("ja", 1)
    assert "rice field" in piece.words[0]


def test_only_safe_findings_of_one_language_count():
    document = Document("abc def ghi")
    findings = [finding(), finding(4, 7), finding(level=Level.SUGGEST), finding(language=None)]
    assert kinds(origin.guess(document, findings)) == {("ja", "TST101"): 2}
    assert origin.guess(document, findings[2:]) == origin.NO_GUESS


@pytest.mark.parametrize(("japanese", "chinese", "language"), [(1, 1, None), (2, 1, None), (3, 1, "ja"), (1, 3, "zh")])
def test_a_guess_needs_three_times_as_much(japanese, chinese, language):
    found = [finding()] * japanese + [finding(language="zh")] * chinese
    assert origin.guess(Document("abc"), found).language == language


def test_one_finding_that_a_slip_may_cause_is_not_enough():
    doubtful = finding(confidence=0.95)
    assert origin.guess(Document("abc"), [doubtful]).language is None
    assert origin.guess(Document("abc"), [doubtful, doubtful]).language == "ja"
    assert origin.guess(Document("abc"), [finding(confidence=0.97)]).language == "ja"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("He is called さくら here.", "ja"),
        ("The sign read 発電所 in red.", "ja"),
        ("The sign read 发电厂 in red.", "zh"),
        ("The sign read 山 in red.", None),
        ("The sign read 北京 in red.", None),
        ("The signs read 发电厂 and さくら.", None),
        ("한국", None),
    ],
)
def test_leftover_script_tells_the_language(text, language):
    assert origin.guess(Document(text), []).language == language


@pytest.mark.parametrize(
    ("source", "language"),
    [("東京で会談が行われた。", "ja"), ("会谈在北京举行。", "zh"), ("Le port.", None), ("", None)],
)
def test_the_original_tells_the_language(source, language):
    assert origin.guess(Document(PLAIN, source_text=source), []).language == language


def test_the_original_outweighs_what_stands_in_the_text():
    document = Document("abc さくら さくら さくら さくら", source_text="会谈在北京举行。")
    assert origin.guess(document, [finding()] * 5).language == "zh"


def test_names_alone_tell_nothing():
    names = "Wang Zhijiang met Li Keming. Kishida and Hayashi met Suzuki. " * 9
    assert origin.guess(Document(names), []) == origin.NO_GUESS


def test_names_speak_beside_surer_evidence():
    text = "abc Wang Zhijiang met Li Keming, Chen Taobin, Liu Pai, Gao Kai and Sun Tao."
    assert origin.guess(Document(text), [finding(language="zh")]).language == "zh"
    made = origin.guess(Document(text), [finding()])
    assert made.language is None
    assert ("zh", "names") in kinds(made)


def test_what_a_url_holds_is_no_evidence():
    text = "See https://example.org/abc here."
    assert origin.guess(Document(text), [finding(20, 27)]) == origin.NO_GUESS


@pytest.mark.parametrize("told", ["ja", "zh"])
def test_nothing_is_guessed_where_the_language_is_told(told):
    result = Cleaner(Settings(source_lang=told)).clean(Document(JAPANESE, source_lang=told))
    assert result.guess is None
    assert result.document.guessed_lang is None
    assert origin.guess(Document(JAPANESE, source_lang=told), [finding()]) == origin.NO_GUESS


# ---------------------------------------------------------------- what it does


@pytest.mark.parametrize(
    ("known", "language", "confidence"),
    [(None, "ja", 0.98), ("ja", "ja", 0.99), ("zh", "ja", 0.49), ("ja", "zh", 0.49), ("ja", None, 0.98)],
)
def test_confidence_follows_the_origin(known, language, confidence):
    assert origin.weighed(finding(language=language), known).confidence == pytest.approx(confidence)


def test_findings_of_a_cleaned_document_are_weighed(cleaner):
    (decision,) = (d for d in cleaner.clean(Document(JAPANESE)).decisions if d.finding.code == "STR101")
    (plain,) = (f for f in cleaner.find(Document(JAPANESE)) if f.code == "STR101")
    assert decision.finding.confidence > plain.confidence


def test_the_guess_keeps_what_was_read():
    document = Document(JAPANESE)
    sentences = document.sentences
    known = origin.informed(document, "ja")
    assert known.origin == "ja"
    assert known.sentences is sentences
    assert known.text == document.text
    assert document.origin is None


@given(damaged)
def test_what_cleaning_leaves_is_never_guessed_otherwise(raw):
    cleaner = Cleaner(Settings())
    first = cleaner.clean(Document(raw))
    again = cleaner.clean(Document(first.text))
    assert again.guess.language in (None, first.guess.language)
    assert again.text == first.text


@given(damaged, st.lists(st.sampled_from(["さくら", "发电厂", "発電所", "四国"]), max_size=4))
def test_leftover_script_does_not_unsettle_a_clean_text(raw, words):
    cleaner = Cleaner(Settings(suggest=True))
    first = cleaner.clean(Document(" ".join([raw, *words])))
    assert cleaner.clean(Document(first.text)).text == first.text


@pytest.mark.parametrize("name", SEEDS)
def test_the_sample_documents_hold_no_contradiction(cleaner, name):
    language = cleaner.clean(Document(SEEDS[name])).guess.language
    assert language == {"01": "ja", "02": "zh"}.get(name[:2], language)
    assert "-clean-" not in name or language is None


# ---------------------------------------------------------------- where it is said


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def header_of(name):
    return json.loads(Path(f"{name}.trail.jsonl").read_text(encoding="utf-8").splitlines()[0])


def test_the_trail_says_the_guess_and_its_evidence(here):
    put("a.txt", JAPANESE)
    assert mtclean("clean", "a.txt", "-o", "out").status == 0
    guess = header_of("out/a.txt")["guess"]
    assert guess["ja"]["documents"] == 1
    assert "zh" not in guess
    (piece,) = (p for p in guess["ja"]["evidence"] if p["kind"] == "STR101")
    assert piece["count"] == 1
    assert any("rice field" in word for word in piece["words"])


def test_the_trail_of_records_counts_them(here):
    rows = [JAPANESE, CHINESE, JAPANESE, PLAIN]
    put("r.jsonl", "".join(json.dumps({"text": row}) + "\n" for row in rows))
    mtclean("clean", "r.jsonl", "-o", "out")
    guess = header_of("out/r.jsonl")["guess"]
    assert {language: entry["documents"] for language, entry in guess.items()} == {"ja": 2, "zh": 1}


def test_a_told_language_and_a_clean_text_leave_no_guess(here):
    put("a.txt", JAPANESE)
    mtclean("clean", "a.txt", "-o", "out", "--source-lang", "ja")
    put("b.txt", PLAIN)
    mtclean("clean", "b.txt", "-o", "out")
    assert "guess" not in header_of("out/a.txt")
    assert "guess" not in header_of("out/b.txt")


def test_undo_keeps_the_guess_and_leads_back(here):
    put("a.txt", JAPANESE)
    mtclean("clean", "a.txt", "-o", "out")
    before = header_of("out/a.txt")["guess"]
    assert mtclean("undo", "out/a.txt").status == 0
    assert Path("out/a.txt").read_text(encoding="utf-8") == JAPANESE
    assert header_of("out/a.txt")["guess"] == before


def test_check_says_it_when_asked_to_say_more(here):
    put("a.txt", CHINESE)
    assert "translated from zh (STR102 x" in mtclean("check", "-v", "a.txt").err
    assert "translated from" not in mtclean("check", "a.txt").err
