from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import time
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaners import segment
from cleaners.errors import MtcleanError
from cleaners.segment import (
    Span,
    abbreviations,
    ends_with_abbreviation,
    numeric_abbreviations,
    paragraphs,
    sentences,
)

CASES = json.loads(Path(__file__).with_name("segment_cases.json").read_text(encoding="utf-8"))
BREAKS = "\n\r\u2028\u2029"
PIECES = [
    *BREAKS,
    *".!?…。！？,;-—\"'“”‘’()[]「」*_@/ \t\u3000\u00a0",
    *("...", '."', ".”", ". ”", '. "', "[12]", "www.", "https://", "\r\n", "3.5", "1.", "a", "I"),
    *("Japan", "rice field", "U.S.", "Inc.", "No.", "p.m.", "Mr.", "The", "and", "Yahoo!", "会談", "😀"),
]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['family']}: {case['marked'][:40]!r}")
def test_case(case):
    wanted = [piece.strip() for piece in case["marked"].split("¦") if piece.strip()]
    assert pieces(case["marked"].replace("¦", "")) == wanted


def test_cases_are_distinct():
    assert len({case["marked"] for case in CASES}) == len(CASES)


def test_spans_are_pairs_of_code_points():
    assert sentences("😀 Yes.No. Then.") == ((0, 6), (6, 9), (10, 15))
    assert sentences("Yes.")[0] == Span(start=0, end=4)
    assert sentences("") == paragraphs(" \n ") == ()


def test_paragraphs_are_lines():
    text = "\ufeffHead line \r\n\r\n  One. Two.\rthree\u2028four\u2029\tfive\x0bsix\x85\n"
    found = [text[start:end] for start, end in paragraphs(text)]
    assert found == ["\ufeffHead line", "One. Two.", "three", "four", "five\x0bsix"]


def assert_lossless(text: str, spans: tuple[Span, ...]) -> None:
    cursor = 0
    for start, end in spans:
        assert cursor <= start < end
        assert not text[cursor:start].strip()
        assert text[start:end] == text[start:end].strip()
        cursor = end
    assert not text[cursor:].strip()


@given(TEXTS)
def test_law_lossless_sorted_disjoint_trimmed(text):
    assert_lossless(text, paragraphs(text))
    assert_lossless(text, sentences(text))


@given(TEXTS)
def test_law_no_sentence_crosses_a_line(text):
    assert not any(mark in piece for piece in pieces(text) for mark in BREAKS)
    assert not any(mark in text[start:end] for start, end in paragraphs(text) for mark in BREAKS)


@given(TEXTS)
@example(":.I\r")
def test_law_a_line_is_split_whatever_stands_around_it(text):
    alone = [
        (line.start + start, line.start + end)
        for line in paragraphs(text)
        for start, end in sentences(text[line.start : line.end])
    ]
    assert list(sentences(text)) == alone


@given(TEXTS, st.integers(-5, 60))
def test_law_abbreviation_test_answers_everywhere(text, index):
    answer = ends_with_abbreviation(text, index)
    assert not answer or text[index] == "."


ADVERSARIAL = [
    *("((((", "a a ", ". . ", '"""', "....", " ", "x", "\n", "a.Aa", "a.Aa\t", '."A', ". ”", '. "', ".'"),
    *(
        "U.S.'A ",
        "www.",
        "http://",
        "a@",
        "1. ",
        ".[1]",
        ".(",
        "。",
        ".\n",
        "[1",
        "Mr . ",
        "J. R. ",
        "\u3000",
    ),
]


@pytest.mark.parametrize("unit", ADVERSARIAL, ids=ascii)
def test_a_million_code_points_take_linear_time(unit):
    text = (unit * (1_000_000 // len(unit) + 1))[:1_000_000]
    begin = time.process_time()
    found = sentences(text)
    assert time.process_time() - begin < 3
    assert_lossless(text, found)


@pytest.mark.parametrize(
    ("marked", "wanted"),
    [
        ("the U.S| officials", True),
        ("the U|.S. officials", True),
        ("he moved to the U.S|", True),
        ("at 5 p|.m. today", True),
        ("at 5 p.m| today", True),
        ("Mr| Abe", True),
        ("Mr.Abe and Lithuania.Mr| Abe", True),
        ("Aozora Inc|", True),
        ("Aozora Co|, Ltd.", True),
        ("on Jan| 18", True),
        ("e.g| this", True),
        ("J| R. Smith", True),
        ("J|R. Smith", True),
        ("Ph.D| in law", True),
        ("etc| and", True),
        ("No| 5", True),
        ("He said no| Then", False),
        ("No| He refused", False),
        ("No|", False),
        ("Plan B| The rest", False),
        ("Plan B|", False),
        ("Plan B|\nThe rest", False),
        ("in Japan| and", False),
        ("Lithuania|Japan", False),
        ("in Japan|U.S. officials", False),
        ("3|5", False),
        ("Node|js", False),
        ("www|example.com", False),
        ("|", False),
        ("he paused..| and", False),
        ("he paused| .. and", False),
    ],
)
def test_ends_with_abbreviation(marked, wanted):
    index = marked.index("|")
    stop = "" if marked[index + 1 : index + 2] == "." else "."
    assert ends_with_abbreviation(marked.replace("|", stop), index) is wanted


@pytest.mark.parametrize("index", [-1, 3, 99])
def test_ends_with_abbreviation_needs_a_stop_there(index):
    assert not ends_with_abbreviation("Mr. Abe", index)


def test_numeric_only_words_stand_apart():
    assert {"No", "Art", "pp"} <= numeric_abbreviations()
    assert {"Mr", "Jan", "Inc", "Co", "Ltd", "Corp", "e.g", "i.e", "a.m", "p.m", "J"} <= abbreviations()
    assert not abbreviations() & numeric_abbreviations()
    assert not any(word.endswith(".") for word in abbreviations() | numeric_abbreviations())


def test_every_prefix_of_sacremoses_is_known():
    corpus = pytest.importorskip("sacremoses.corpus")
    listed = {word.split()[0] for word in corpus.NonbreakingPrefixes().words("en")}
    assert listed <= abbreviations() | numeric_abbreviations()


def test_nothing_heavy_is_imported():
    code = (
        "import sys; from cleaners.segment import sentences; sentences('Mr. Abe left.'); "
        "print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(run.stdout.replace("'", '"')))
    assert not loaded & {"sacremoses", "sentencex", "regex", "joblib", "numpy", "torch", "transformers"}


def use_folder(monkeypatch, folder: Path | None) -> None:
    spec = ModuleSpec("sacremoses", None, is_package=True)
    spec.submodule_search_locations = [str(folder)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: spec if folder else None)


def test_list_is_read_from_the_data_file_of_older_releases(monkeypatch, tmp_path):
    data = tmp_path / "data" / "nonbreaking_prefixes"
    data.mkdir(parents=True)
    (data / "nonbreaking_prefix.en").write_text("# titles\nMr\n\nNo #NUMERIC_ONLY# \n", encoding="utf-8")
    use_folder(monkeypatch, tmp_path)
    assert segment._moses_list().split() == ["#", "titles", "Mr", "No", "#NUMERIC_ONLY#"]


def test_list_is_read_from_the_module_of_newer_releases(monkeypatch, tmp_path):
    code = "NONBREAKING_PREFIXES = {'nonbreaking_prefix.en': 'Mr\\nMs'}"
    (tmp_path / "_data_nonbreaking_prefixes.py").write_text(code, encoding="utf-8")
    use_folder(monkeypatch, tmp_path)
    assert segment._moses_list() == "Mr\nMs"


@pytest.mark.parametrize("installed", [True, False])
def test_a_missing_list_is_one_line_of_error(monkeypatch, tmp_path, installed):
    use_folder(monkeypatch, tmp_path if installed else None)
    with pytest.raises(MtcleanError, match=r"sacremoses: .*; install sacremoses"):
        segment._moses_list()


def test_plain_prose_is_split_as_sentencex_does():
    sentencex = pytest.importorskip("sentencex")
    prose = (
        "The council met on Monday. Nobody had seen the plan before! Would it pass? Mr. Hill, who drew "
        "it up with Dr. Lake, was not there. He had flown to the U.S. two days earlier. It cost 3.5 million."
    )
    assert pieces(prose) == [piece.strip() for piece in sentencex.segment("en", prose)]
