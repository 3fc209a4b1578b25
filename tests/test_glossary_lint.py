"""The lint: every broken glossary is told with its line, its column, and what to do."""

from __future__ import annotations

import json
import random

import pytest

from cleaners import glossary_lint

OSLO = "entries:\n- term: Oslo\n  kind: place\n"
TWO = OSLO + "  variants: [Olso]\n- term: Bergen\n  kind: place\n"

# name: (text, line, column, severity, part of the message)
BROKEN = {
    "tab for indentation": ("entries:\n\t- term: Oslo\n", 2, 1, "error", "not valid YAML"),
    "bracket left open": (OSLO + "  variants: [Olso\n", 5, 1, "error", "not valid YAML"),
    "quote left open": (OSLO + '  note: "a\n', 5, 1, "error", "not valid YAML"),
    "colon in a plain text": (OSLO + "  note: a: b\n", 4, 10, "error", "not valid YAML"),
    "no list of entries": ("- term: Oslo\n", 1, 1, "error", "a glossary must be a mapping, not a list"),
    "no key entries": ("{}\n", 1, 1, "error", "a glossary needs the key 'entries'"),
    "misspelt entries": ("entrys: []\n", 1, 1, "error", "unknown key 'entrys' in a glossary; did you mean 'entries'?"),
    "entries no list": ("entries: Oslo\n", 1, 1, "error", "entries must be a list, not text"),
    "entry no mapping": ("entries:\n- Oslo\n", 2, 3, "error", "an entry must be a mapping, not text"),
    "no term": ("entries:\n- kind: place\n", 2, 3, "error", "the entry has no 'term'"),
    "no kind": ("entries:\n- term: Oslo\n", 2, 3, "error", "the entry has no 'kind'"),
    "unknown kind": ("entries:\n- term: Oslo\n  kind: plaice\n", 3, 3, "error", "did you mean 'place'?"),
    "unknown key": (OSLO + "  variant: [Olso]\n", 4, 3, "error", "did you mean 'variants'?"),
    "blank term": ("entries:\n- term: ' '\n  kind: place\n", 2, 3, "error", "term must be text, not blank"),
    "number for a term": ("entries:\n- term: 7\n  kind: place\n", 2, 3, "error", "term must be text"),
    "variants no list": (OSLO + "  variants: Olso\n", 4, 3, "error", "variants must be a list"),
    "yes for a variant": (OSLO + "  variants: [Olso, yes]\n", 4, 20, "error", "must be text"),
    "variant is the term": (OSLO + "  variants: [Oslo]\n", 4, 3, "error", "'Oslo' is the term itself"),
    "variant of two kinds": (OSLO + "  variants: [{text: A, regex: B}]\n", 4, 14, "error", "needs one of"),
    "broken expression": (OSLO + "  variants: [{regex: 'Os(lo'}]\n", 4, 15, "error", "missing )"),
    "expression that blows up": (OSLO + "  variants: [{regex: '(O+)+slo'}]\n", 4, 15, "error", "repeats a repetition"),
    "expression for nothing": (OSLO + "  variants: [{regex: 'O*'}]\n", 4, 15, "error", "fits nothing at all"),
    "back-reference": (OSLO + "  variants: [{regex: '(O)\\1slo'}]\n", 4, 15, "error", "RE2"),
    "short near spelling": (OSLO + "  variants: [{fuzzy: Oslo}]\n", 4, 15, "error", "5 letters or more"),
    "too far a spelling": (OSLO + "  variants: [{fuzzy: Olsoo, distance: 3}]\n", 4, 29, "error", "from 1 to 2"),
    "unknown case": (OSLO + "  case: upper\n", 4, 3, "error", "case cannot be 'upper'"),
    "unknown inflection": (OSLO + "  inflect: [plurals]\n", 4, 13, "error", "did you mean 'plural'?"),
    "empty when": (OSLO + "  variants: [Olso]\n  when: {}\n", 5, 3, "error", "when is empty"),
    "unknown condition": (OSLO + "  when: {nearby: [Norway]}\n", 4, 10, "error", "did you mean 'near'?"),
    "no date": (OSLO + "  when: {since: soon}\n", 4, 10, "error", "since must be a date"),
    "since after until": (
        OSLO + "  variants: [Olso]\n  when: {since: 2024-01-02, until: 2024-01-01}\n", 5, 3, "error", "lies after",
    ),
    "keep as text": (OSLO + "  keep: always\n", 4, 3, "error", "keep must be true or false"),
    "unknown level": (OSLO + "  level: sure\n", 4, 3, "error", "level cannot be 'sure'"),
    "unknown language": (OSLO + "  source: jp\n", 4, 3, "error", "source cannot be 'jp'"),
    "example without good": (OSLO + "  examples: [{bad: To Olso.}]\n", 4, 14, "error", "both 'bad' and 'good'"),
    "example that fails": (
        OSLO + "  variants: [Olso]\n  examples: [{bad: To Olso., good: To Bergen.}]\n", 2, 1, "error",
        "became 'To Oslo.', not 'To Bergen.'",
    ),
    "key twice": (OSLO + "  kind: place\n", 4, 3, "error", "stands here a second time"),
    "anchor": (OSLO + "  variants: &them [Olso]\n", 4, 13, "error", "&them makes an entry say what stands elsewhere"),
    "merge key": ("entries:\n- &a {term: Oslo, kind: place}\n- {<<: *a}\n", 3, 4, "error", "a merge key"),
    "variant twice in a list": (OSLO + "  variants: [Olso, Olso]\n", 4, 20, "error", "stands twice"),
    "variant of two terms": (TWO + "  variants: [Olso]\n", 7, 14, "error", "another term in"),
    "two terms that become each other": (
        OSLO + "  variants: [Bergen]\n- term: Bergen\n  kind: place\n  variants: [Oslo]\n", 4, 14, "error",
        "that becomes 'Bergen' in",
    ),
    "another term as variant": (
        OSLO + "  variants: [Bergen]\n- term: Bergen\n  kind: place\n", 4, 14, "warning", "which would not survive",
    ),
    "part of its own term": (
        "entries:\n- term: nation support\n  kind: term\n  variants: [support]\n", 4, 14, "warning",
        "part of its own term",
    ),
    "part of a word of its term": (
        "entries:\n- term: Osloland\n  kind: place\n  variants: [{text: Oslo, whole: false}]\n", 4, 14, "error",
        "each run would add",
    ),
    "an English word": (OSLO + "  variants: [work]\n", 4, 14, "warning", "is an English word of its own"),
    "another place": (OSLO + "  variants: [Verona]\n", 4, 14, "warning", "is a place of its own"),
    "keep that replaces": (OSLO + "  variants: [Olso]\n  keep: true\n", 4, 3, "warning", "replaces nothing"),
    "forbid of nothing": (OSLO + "  forbid: true\n", 4, 3, "warning", "reports nothing"),
    "level of nothing": (OSLO + "  level: safe\n", 4, 3, "warning", "means nothing"),
    "no whole word": (OSLO + "  variants: [' Olso']\n", 4, 14, "warning", "no whole word"),
    "wrong language asked for": (
        OSLO + "  variants: [Olso]\n  source: ja\n  when: {source: zh}\n", 6, 3, "warning", "make both the same",
    ),
    "unless as when": (
        OSLO + "  variants: [Olso]\n  when: {near: [Norway]}\n  unless: {near: [Norway]}\n", 6, 3, "error",
        "forbids all that",
    ),
}  # fmt: skip


def lint(tmp_path, text):
    path = tmp_path / "terms.yaml"
    path.write_text(text, encoding="utf-8")
    return glossary_lint.lint([(path, "terms.yaml")])


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_glossary_is_told_with_its_place(tmp_path, name):
    text, line, column, severity, message = BROKEN[name]
    problems = lint(tmp_path, text)
    assert [(p.line, p.column, p.severity) for p in problems if message in str(p)] == [(line, column, severity)]
    assert all("\n" not in str(p) for p in problems)


def test_every_problem_of_a_file_is_told_not_only_the_first(tmp_path):
    text = OSLO + "  case: upper\n- kind: place\n- term: Bergen\n  kind: place\n  variants: [work]\n"
    assert [(p.line, p.severity) for p in lint(tmp_path, text)] == [(4, "error"), (5, "error"), (8, "warning")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "entries: []\n",
        OSLO + "  variants: [Olso, Wslo]\n  when: {document: [Norway], since: 2020-01-01}\n",
        # one word for two terms, each in its own company
        TWO + "  variants: [Brgen]\n  when: {near: [Norway]}\n- {term: Bern, kind: place, variants: [Brgen],"
        " when: {near: [Switzerland]}}\n",
        # layered: applied in one company, suggested elsewhere
        OSLO + "  variants: [Olso]\n  when: {near: [Norway]}\n- {term: Oslo, kind: place, variants: [Olso],"
        " level: suggest}\n",
        OSLO + "  variants: [work]\n  when: {near: [Norway]}\n",
        OSLO + "  variants: [{regex: 'Os[lI]o-?'}, {fuzzy: Oslosund}]\n  native: {ja: オスロ, zh: [奥斯陆]}\n",
        "entries:\n- {term: G7, kind: organisation, expand: Group of Seven (G7)}\n",
    ],
)
def test_a_sound_glossary_has_no_problem(tmp_path, text):
    assert lint(tmp_path, text) == []


def test_the_shipped_glossary_is_sound():
    problems = glossary_lint.lint(glossary_lint.shipped_and([]))
    assert [str(p) for p in problems if p.severity == "error"] == []


def test_json_holds_the_same_problems(tmp_path):
    problems = lint(tmp_path, OSLO + "  case: upper\n")
    (row,) = json.loads(glossary_lint.as_json(problems))
    assert (row["file"], row["line"], row["column"], row["severity"]) == ("terms.yaml", 4, 3, "error")
    assert row["message"] == "case cannot be 'upper'"


SOUND = [text for text, *_ in BROKEN.values()]


@pytest.mark.parametrize("seed", range(20))
def test_no_mutation_of_a_glossary_brings_a_traceback(tmp_path, seed):
    """Characters dropped, doubled, swapped, and lines moved, in glossaries of every kind."""
    chance = random.Random(seed)
    for _ in range(30):
        text = list(chance.choice(SOUND))
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(text) + 1)
            kind = chance.randrange(4)
            if kind == 0 and text:
                del text[min(at, len(text) - 1)]
            elif kind == 1:
                text.insert(at, chance.choice("\t\n :-[]{}&*!|>'\"%@`#,?é　\x07\ud800"))
            elif kind == 2 and len(text) > 1:
                other = chance.randrange(len(text))
                text[min(at, len(text) - 1)], text[other] = text[other], text[min(at, len(text) - 1)]
            else:
                text[at:at] = text[: chance.randrange(12)]
        (tmp_path / "terms.yaml").write_bytes("".join(text).encode("utf-8", "surrogatepass"))
        for problem in glossary_lint.lint([(tmp_path / "terms.yaml", "terms.yaml")]):
            assert problem.line >= 1
            assert "\n" not in str(problem)
