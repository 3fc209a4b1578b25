"""Debris is planted as the rules say it occurs, the gold is exact, and cleaning undoes what it must."""

import json
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from conftest import SEEDS, damaged
from hypothesis import given
from hypothesis import strategies as st

from cleaners import cli, inject
from cleaners.config import Settings
from cleaners.core import Damage, Document, Level, splice
from cleaners.engine import Cleaner
from cleaners.evaluate import gold

CLEANER = Cleaner(Settings())
RULES = {rule.code: rule for rule in CLEANER.rules}
CODES = [code for code, rule in RULES.items() if rule.damage]
CARRIER = Document(
    (Path(__file__).parent / "data" / "inject_carrier.txt").read_text(encoding="utf-8"), path="inject_carrier.txt"
)
SITES_A_RULE = 40  # as many of a rule's sites are cleaned one by one


@cache
def sites_of(code: str) -> tuple[inject.Site, ...]:
    found = inject.sites(CARRIER, [RULES[code]], Random(code))
    return tuple(Random(1).sample(found, min(SITES_A_RULE, len(found))))


def undone(planted: inject.Planted) -> str:
    return splice(planted.text, [(row.start, row.end, row.good[0]) for row in planted.rows])


def assert_exact(clean: str, planted: inject.Planted) -> None:
    done = 0
    for row in planted.rows:
        assert done <= row.start < row.end <= len(planted.text)
        assert planted.text[row.start : row.end] == row.bad
        assert row.bad not in row.good or row.tier == "flag"
        done = row.end
    assert undone(planted) == clean


def test_the_carrier_is_clean():
    assert not list(CLEANER.find(CARRIER))


def test_only_what_has_no_inverse_has_no_damage():
    assert [code for code, rule in RULES.items() if not rule.damage] == ["ENC109", "RWT101", "SYN104"]


@pytest.mark.parametrize("code", CODES)
def test_every_mechanism_strikes_somewhere_and_does_what_its_gold_says(code):
    assert sites_of(code)
    for site in sites_of(code):
        planted = inject.damaged(CARRIER, [site])
        assert planted.text != CARRIER.text
        assert_exact(CARRIER.text, planted)
        assert planted.rows[0].code == code


@pytest.mark.parametrize("code", [code for code in CODES if RULES[code].level is Level.SAFE])
def test_cleaning_undoes_what_a_safe_mechanism_did(code):
    failures = []
    for site in sites_of(code):
        planted = inject.damaged(CARRIER, [site])
        came_out = CLEANER.clean(CARRIER.with_text(planted.text)).text
        if came_out != CARRIER.text:
            failures.append((planted.rows[0].bad, planted.rows[0].good[0]))
    print(*failures, sep="\n")
    assert len(failures) <= 0.1 * len(sites_of(code))


@pytest.mark.parametrize("code", [code for code in CODES if RULES[code].level is Level.REPORT])
def test_what_a_reported_mechanism_did_is_found(code):
    for site in sites_of(code):
        planted = inject.damaged(CARRIER, [site])
        row = planted.rows[0]
        found = CLEANER.clean(CARRIER.with_text(planted.text)).decisions
        assert any(d.finding.code == code and d.start < row.end and row.start < d.end for d in found), row.bad
        assert row.tier == "flag"


@pytest.mark.parametrize("name", [name for name in SEEDS if "-clean-" in name])
def test_the_clean_sample_documents_take_damage_too(name):
    document = Document(SEEDS[name], path=name)
    planted = inject.plant(document, CLEANER.rules, Random(3), 0.2)
    assert planted.rows
    assert_exact(document.text, planted)


def test_damage_is_a_function_of_text_and_random_numbers():
    for code in CODES:
        first, again = (list(RULES[code].damage(CARRIER, Random(5))) for _ in range(2))
        assert first == again
        assert all(isinstance(damage, Damage) for damage in first)


def test_planting_is_deterministic_and_the_random_numbers_matter():
    planted = [inject.plant(CARRIER, CLEANER.rules, Random(seed), 0.2) for seed in (1, 1, 2)]
    assert planted[0] == planted[1] != planted[2]
    shuffled = inject.plant(CARRIER, CLEANER.rules[::-1], Random(1), 0.2)
    assert shuffled == planted[0]


def test_the_rate_is_the_share_of_sentences():
    for rate in (0.05, 0.1, 0.3):
        rows = inject.plant(CARRIER, CLEANER.rules, Random(1), rate).rows
        assert abs(len(rows) - rate * len(CARRIER.sentences)) <= 1
    assert inject.plant(CARRIER, CLEANER.rules, Random(1), 0) == inject.Planted(CARRIER.text, ())


def test_every_mechanism_gets_its_turn_before_one_gets_another():
    rows = inject.plant(CARRIER, CLEANER.rules, Random(1), 0.2).rows
    counts = Counter(row.code for row in rows)
    assert len(counts) > 15
    assert max(counts.values()) <= 3


def test_no_sentence_is_struck_twice():
    rows = inject.plant(CARRIER, CLEANER.rules, Random(1), 1).rows
    assert len(rows) > 0.5 * len(CARRIER.sentences)
    clean_starts = []
    shift = 0
    for row in rows:
        clean_starts.append(CARRIER.sentence_at(row.start - shift).start)
        shift += len(row.bad) - len(row.good[0])
    assert len(set(clean_starts)) == len(clean_starts)
    assert all(first.end < second.start for first, second in pairwise(rows))


def test_cleaning_undoes_nearly_all_that_was_planted_together():
    repaired = tried = 0
    for seed in range(10):
        planted = inject.plant(CARRIER, CLEANER.rules, Random(seed), 0.1)
        assert_exact(CARRIER.text, planted)
        found = CLEANER.clean(CARRIER.with_text(planted.text)).decisions
        for row in planted.rows:
            tried += 1
            repaired += any(d.start < row.end and row.start < d.end for d in found)
    assert repaired >= 0.95 * tried


def test_nothing_is_planted_in_shielded_spans():
    text = "See https://example.org/a, the page of `the the, and x`, for the dates of <b>the talks</b>, and read it."
    shielded = Document(text).shielded
    for site in inject.sites(Document(text), CLEANER.rules, Random(1)):
        assert not any(s.start < site.damage.end and site.damage.start < s.end for s in shielded)


def test_nothing_is_planted_where_debris_stands_already():
    text = "The fleet left Oslo in the morning , and the crews were glad. The fleet came back at night with the fish."
    touched = {site.damage.start > 61 for site in inject.sites(Document(text), CLEANER.rules, Random(1))}
    assert touched == {True}


def test_mechanisms_of_another_source_language_stay_out():
    codes = {
        lang: {s.rule.code for s in inject.sites(Document(CARRIER.text, source_lang=lang), CLEANER.rules, Random(1))}
        for lang in ("ja", "zh")
    }
    assert "STR101" in codes["ja"] - codes["zh"]
    assert "STR102" in codes["zh"] - codes["ja"]


@pytest.mark.parametrize(
    "text",
    [
        "He asked whether I was tired. The colonel said, “You were brave.”",
        'They asked me about it at length. The envoy said, "It is a start for both."',
    ],
)
def test_an_invented_subject_is_not_planted_where_somebody_says_i(text):
    for seed in range(20):
        bad = [site.damage.bad for site in inject.sites(Document(text), [RULES["STR101"]], Random(seed))]
        assert bad
        assert not {" I was.", " I did.", " It was.", " I think."} & set(bad)


def test_a_word_that_may_double_is_not_doubled():
    text = "He had said that what it is was her view in the end, very much so."
    words = [site.damage.bad for site in inject.sites(Document(text), [RULES["REP101"]], Random(1))]
    assert words == [" the"]


def test_a_garbled_place_needs_its_company():
    lonely = "The guests came to Vilnius by train and went on by bus."
    assert not inject.sites(Document(lonely), [RULES["NAM001"]], Random(1))
    together = lonely + " Lithuania paid for it."
    assert inject.sites(Document(together), [RULES["NAM001"]], Random(1))


@given(damaged, st.integers(0, 5), st.sampled_from([0.1, 0.5, 1.0]), st.booleans())
def test_planting_takes_any_text_and_its_gold_stays_exact(text, seed, rate, markdown):
    document = Document(text, markdown=markdown)
    assert_exact(text, inject.plant(document, CLEANER.rules, Random(seed), rate))


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stopped:
        cli.main([str(argument) for argument in arguments])
    return int(stopped.value.code or 0)


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    paragraphs = CARRIER.text.split("\n\n")
    (folder / "a.txt").write_bytes(CARRIER.text.replace("\n", "\r\n").encode())
    (folder / "sub" / "b.md").write_text("# Title\n\n" + "\n\n".join(paragraphs[:6]) + "\n", encoding="utf-8")
    records = [{"id": f"r{i}", "text": p, "n": i} for i, p in enumerate(paragraphs)] + [{"text": "\ud800 x.", "n": 99}]
    (folder / "c.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return folder


def test_the_command_writes_damaged_copies_and_gold_that_fits_them(inputs, tmp_path, capsys):
    out = tmp_path / "out"
    assert run("inject", inputs, "-o", out, "--seed", 3, "--rate", 0.2) == 0
    assert sorted(p.relative_to(out).as_posix() for p in out.rglob("*.*")) == [
        "a.txt",
        "c.jsonl",
        "gold.jsonl",
        "sub/b.md",
    ]
    rows = [json.loads(line) for line in (out / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["doc"] for row in rows} == {"a.txt", "c.jsonl", "sub/b.md"}
    assert all(("record" in row) == (row["doc"] == "c.jsonl") for row in rows)
    for row in rows:
        assert row["family"] == RULES[row["code"]].name
        assert row["note"] == row["code"]
    documents = gold.read(str(out / "gold.jsonl"))
    assert sum(len(item.rows) for item in documents) == len(rows)
    records = [json.loads(line) for line in (out / "c.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [record["n"] for record in records] == [*range(len(records) - 1), 99]
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert f"{len(rows)} of " in told


def test_the_command_is_deterministic_and_blind_to_order(inputs, tmp_path):
    def written(folder: str, *paths: Path) -> dict[str, bytes]:
        assert run("inject", *paths, "-o", tmp_path / folder, "-q") == 0
        return {p.name: p.read_bytes() for p in sorted((tmp_path / folder).rglob("*.*"))}

    first = written("one", inputs / "a.txt", inputs / "c.jsonl")
    assert first == written("two", inputs / "c.jsonl", inputs / "a.txt")
    alone = written("three", inputs / "a.txt")
    assert alone["a.txt"] == first["a.txt"]


def test_select_plants_only_those_mechanisms(inputs, tmp_path):
    assert run("inject", inputs, "-o", tmp_path / "out", "--rate", 0.3, "--select", "SPC,CUT101") == 0
    lines = (tmp_path / "out" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    codes = {json.loads(line)["code"] for line in lines}
    assert {"CUT101", "SPC101"} <= codes
    assert all(code.startswith("SPC") or code == "CUT101" for code in codes)


def test_what_the_command_writes_is_what_the_scorer_gets(inputs, tmp_path):
    out = tmp_path / "out"
    assert run("inject", inputs, "-o", out, "--seed", 4) == 0
    written = {
        (d.document.path, d.document.record): (d.document.text, d.rows) for d in gold.read(str(out / "gold.jsonl"))
    }
    for item in inject.plant_files(CLEANER, [str(inputs)], seed=4):
        assert written.get((item.document.path, item.document.record), (item.document.text, item.rows)) == (
            item.document.text,
            item.rows,
        )


@pytest.mark.parametrize(
    "arguments",
    [
        ("nowhere.txt", "-o", "out"),
        ("a.txt",),
        ("a.txt", "-o", "out", "--rate", "2"),
        ("a.txt", "-o", "out", "--rate", "nan"),
        ("a.txt", "-o", "out", "--select", "XYZ"),
        ("gold.jsonl", "-o", "out"),
    ],
)
def test_a_mistake_is_one_line(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("A line.\n", encoding="utf-8")
    Path("gold.jsonl").write_text('{"text": "A line."}\n', encoding="utf-8")
    assert run("inject", *arguments) == 2
    told = capsys.readouterr().err
    assert told.startswith("mtclean: ")
    assert told.count("\n") == 1


def test_a_broken_file_is_told_and_the_others_are_done(inputs, tmp_path, capsys):
    (inputs / "bad.jsonl").write_text("{not json}\n", encoding="utf-8")
    assert run("inject", inputs, "-o", tmp_path / "out") == 2
    assert "bad.jsonl:1" in capsys.readouterr().err
    assert (tmp_path / "out" / "a.txt").exists()
    assert not (tmp_path / "out" / "bad.jsonl").exists()
