"""A rule's examples are its tests; so are those of the glossary and of the stray tokens."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from cleaners import lexicon, rules, stray
from cleaners.config import Settings
from cleaners.core import Document, Finding, Level, Rule, Severity, Verdict
from cleaners.engine import Cleaner
from cleaners.glossary import shipped_glossary
from cleaners.guard import Guards
from cleaners.settle import Policy, settle

GLOSSARY = shipped_glossary()
RULES = rules.all_rules(lexicon.from_glossary(GLOSSARY))
POLICY = Policy(frozenset({Level.SAFE}), Guards(GLOSSARY.protected))
SUGGESTING = Policy(frozenset({Level.SAFE, Level.SUGGEST}), Guards(GLOSSARY.protected))
WHOLE = Cleaner(Settings())
WHOLE_SUGGESTING = Cleaner(Settings(suggest=True))

BAD = [pytest.param(r, e, id=f"{r.code}-bad-{i}") for r in RULES for i, e in enumerate(r.bad)]
GOOD = [pytest.param(r, text, id=f"{r.code}-good-{i}") for r in RULES for i, text in enumerate(r.good)]
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)

# Good texts of one rule in which another one lawfully acts: code and beginning of the text, code of the other.
OTHERS_ACT = {("SPC101", 'NATO is "a body of Europe."Let'): "SPC104"}


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_bad_text_is_found_and_repaired(rule, example):
    result = settle(Document(example.bad), rule.find, SUGGESTING if rule.level is Level.SUGGEST else POLICY)
    assert result.decisions, "nothing was found"
    assert {d.finding.code for d in result.decisions} == {rule.code}
    if example.good is None:
        assert result.text == example.bad
    else:
        assert result.text == example.good
        assert all(d.verdict is Verdict.APPLIED for d in result.decisions)


@pytest.mark.parametrize(("rule", "text"), GOOD)
def test_a_good_text_yields_nothing(rule, text):
    assert [(f.start, f.end, f.fix) for f in rule.find(Document(text))] == []


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_the_whole_cleaner_repairs_a_bad_text_too(rule, example):
    result = (WHOLE_SUGGESTING if rule.level is Level.SUGGEST else WHOLE).clean(Document(example.bad))
    assert rule.code in {d.finding.code for d in result.decisions}
    if example.good is not None:
        assert rule.code in {d.finding.code for d in result.applied} or any(
            rule.code in d.reason for d in result.applied
        )


@pytest.mark.parametrize(("rule", "text"), GOOD)
def test_the_whole_cleaner_leaves_a_good_text_as_it_is(rule, text):
    result = WHOLE.clean(Document(text))
    other = next((act for (code, head), act in OTHERS_ACT.items() if code == rule.code and text.startswith(head)), None)
    if other is None:
        assert result.text == text, [d.finding.code for d in result.applied]
    else:
        assert {d.finding.code for d in result.applied} == {other}


def test_no_exception_is_listed_in_vain():
    texts = {rule.code: rule.good for rule in RULES}
    assert all(any(text.startswith(head) for text in texts[code]) for code, head in OTHERS_ACT)


@each_rule
def test_a_rule_says_what_it_does_and_leaves_alone(rule):
    headings = re.findall(r"^\*\*(.+?)\.\*\*", rule.doc, re.MULTILINE)
    assert headings == ["What", "Mechanism", "Left alone", "Source"]
    first = rule.doc.partition("\n")[0]
    assert first.endswith(".")
    assert len(first) <= 120


@each_rule
def test_a_rule_has_examples_of_both_kinds(rule):
    assert len(rule.bad) >= 3
    assert len(rule.good) >= 5
    assert len({example.bad for example in rule.bad}) == len(rule.bad)
    assert len(set(rule.good)) == len(rule.good)
    assert not {example.bad for example in rule.bad} & set(rule.good)
    assert all(example.bad != example.good for example in rule.bad)


@each_rule
def test_the_metadata_is_sound(rule):
    assert re.fullmatch(r"[A-Z]{3}\d{3}", rule.code)
    assert re.fullmatch(r"[a-z]+(?:-[a-z]+)+", rule.name)
    assert rule.message
    assert not rule.message.startswith(("A ", "An ", "The "))
    assert not rule.message.endswith(".")
    assert isinstance(rule.level, Level)
    assert isinstance(rule.severity, Severity)
    assert re.fullmatch(r"[a-z-]+/[a-z-]+", rule.mqm)
    assert 0 < rule.confidence <= 1
    assert rule.origin in (None, "ja", "zh")
    if rule.level is Level.REPORT:
        assert all(example.good is None for example in rule.bad)


def test_codes_and_names_are_unique():
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)
    assert [rule.code for rule in RULES] == sorted(rule.code for rule in RULES)
    assert {rule.code for rule in RULES} <= {rule.code for rule in WHOLE.rules}


def test_every_file_is_a_rule():
    files = {path.stem for path in Path(rules.__file__).parent.glob("[!_]*.py")}
    assert files == {f"{rule.code.lower()}_{rule.name.replace('-', '_')}" for rule in RULES}


@each_rule
def test_a_rule_finds_nothing_in_next_to_nothing(rule):
    for text in ("", " ", "\n", ".", '"', "a", "\ufeff", "\ud800", "\r\n\r\n"):
        found = list(rule.find(Document(text)))
        assert all(f.fix is None for f in found), text


@each_rule
def test_a_rule_without_a_lexicon_still_works(rule):
    bare = {r.code: r for r in rules.all_rules(lexicon.Lexicon())}
    for text in rule.good:
        assert list(bare[rule.code].find(Document(text))) == []


ENTRIES = [
    pytest.param(entry, bad, good, id=f"{entry.term}-{i}")
    for entry in GLOSSARY.entries
    for i, (bad, good) in enumerate(entry.examples)
]


@pytest.mark.parametrize(("entry", "bad", "good"), ENTRIES)
def test_a_glossary_example_comes_out_as_it_says(entry, bad, good):
    weak = entry.level is Level.SUGGEST
    assert settle(Document(bad), GLOSSARY.find, SUGGESTING if weak else POLICY).text == good
    result = (WHOLE_SUGGESTING if weak else WHOLE).clean(Document(bad))
    assert result.text == good
    if bad != good:
        assert entry.place in {d.finding.entry for d in result.applied}


TOKENS = stray.shipped_tokens()
SAFE_TOKENS = [token for token in TOKENS if token.level is Level.SAFE]
WEAK_TOKENS = [token for token in TOKENS if token.level is Level.SUGGEST and token.kind == "tail"]
WEAK_RUNS = [token for token in TOKENS if token.level is Level.SUGGEST and token.kind != "tail"]
CONTENT_TOKENS = [token for token in TOKENS if token.level is Level.REPORT]


@pytest.mark.parametrize("token", SAFE_TOKENS, ids=lambda token: token.surface)
def test_a_safe_stray_token_is_gone(token):
    assert token.surface in token.example
    result = WHOLE.clean(Document(token.example))
    assert token.surface not in result.text
    assert result.text == token.example[: len(result.text)]
    assert len(result.text) > 10


@pytest.mark.parametrize("token", WEAK_TOKENS, ids=lambda token: token.surface)
def test_a_weak_stray_token_goes_only_where_the_source_is_known(token):
    assert WHOLE.clean(Document(token.example)).text == token.example
    assert token.surface not in WHOLE.clean(Document(token.example, source_lang=token.origin)).text


@pytest.mark.parametrize("token", WEAK_RUNS, ids=lambda token: token.surface)
def test_a_weak_row_of_stray_words_goes_only_with_the_suggestions(token):
    assert WHOLE.clean(Document(token.example)).text == token.example
    assert token.surface not in WHOLE_SUGGESTING.clean(Document(token.example)).text


@pytest.mark.parametrize("token", CONTENT_TOKENS, ids=lambda token: token.surface)
def test_a_displaced_word_is_reported_and_kept(token):
    result = WHOLE_SUGGESTING.clean(Document(token.example))
    assert result.text == token.example
    assert any(token.mechanism in d.finding.message for d in result.decisions)


JAPANESE = "市の消防は、けさから続いた捜索が夜までに終わったと述べた。"
SEARCH = "The fire service of the city said the search had ended by night."


@pytest.mark.parametrize("tail", ["It was.", "I was.", "Announced.", "Become.", "I think."])
def test_a_source_without_a_short_sentence_proves_a_tail(tail):
    assert WHOLE.clean(Document(f"{SEARCH} {tail}", source_text=JAPANESE)).text == SEARCH


@pytest.mark.parametrize("tail", ["It was.", "I was.", "Announced.", "Become.", "I think."])
def test_a_short_sentence_of_the_source_protects_a_tail(tail):
    text = f"{SEARCH} {tail}"
    assert WHOLE.clean(Document(text, source_lang="ja", source_text=f"{JAPANESE}そうだった。")).text == text


@pytest.mark.parametrize("tail", ["It was.", "I was.", "I did.", "I think."])
def test_a_tail_that_may_be_a_sentence_stays_behind_a_plain_sentence(tail):
    text = f"{SEARCH} {tail}"
    assert WHOLE.clean(Document(text, source_lang="ja")).text == text


@pytest.mark.parametrize("tail", ["Ability.", "Held.", "Carried out.", "Winning Streak."])
def test_a_source_without_a_short_sentence_proves_an_orphan(tail):
    document = Document(f"{SEARCH} {tail}", source_text="市消防局表示，从今天早上开始的搜索工作已于夜间全部结束。")
    result = WHOLE.clean(document)
    assert result.text == document.text
    assert [(d.raw, d.finding.code) for d in result.decisions] == [(tail, "STR103")]
    assert "夜间全部结束" in result.decisions[0].finding.message


@pytest.mark.parametrize("word", ["Intersection", "Bleak"])
def test_one_stray_word_is_a_word(word):
    text = f"What a view! {word}! {word} lies behind the hill."
    assert not WHOLE_SUGGESTING.clean(Document(text)).changed


@pytest.mark.parametrize("token", TOKENS, ids=lambda token: token.surface)
def test_a_stray_token_inside_a_sentence_is_a_word(token):
    text = f"Nobody knew what the words {token.surface} meant to them."
    assert WHOLE.clean(Document(text)).text == text


# What a scraper's accident or a spiteful page may hold, over and over.
NOISE = [
    *"(\"“”'’.,-=＝<[`_*|\\# \t\n\r1AaİI@:/",
    *(
        "\u00a0",
        "\u3000",
        "\u2028",
        "\u0301",
        "。",
        "「」",
        "😀",
        "\x00",
        "\r\n",
        "- ",
        " -",
        " - ",
        ". ",
        ", ",
        " ,",
        " .",
    ),
    *(". ", ", ", " ,", " ."),
    *("a ", "A ", "Aa ", "Aaa ", "the ", "the the ", "not not ", "a a a a ", "a,", "a.A", "a.Aaa ", ".A", '".A', 'a"'),
    *("“a” ", "“ ", '" ', ' "', "said.” ", '"a.\n', "“a.\n\n", "’s", "a’", "1,", "1.", "1%of ", "1%", "100 ", ",,,"),
    *("Essence", "Essence ", ".Essence", ".Essence ", "Essence. ", '.Essence"', "rice field. ", "a. rice field.\n"),
    *("I was. ", 'a." I was.\n', 'a" I was.\n', 'a." It was.\n', "I ", "Me. It was.\n", "a. did. ", "did.\n"),
    *("= ", "A=B ", "AB = ", "AB = Aa Bb = ", "AB=Aa of of of ", "Aa of ", "AB＝Aa "),
    *("Ab, the foo bar, ", "Ab, the ", "NATO, the x, ", "said, ", 'said "a," he said ', 'told, "a," he '),
    *("a -b", "a- ", "a -a ", "Asia -", "Asia -Pacific ", "a-a-", "a - ", "x-y - "),
    *("- a\n", "-\n", "• a\n", "POPULAR ARTICLE\n", "POPULAR ARTICLE\n-\n", '"World" POPULAR ARTICLE\n', "World "),
    *(
        "MOST READ\n- One\n- Two\nThen.\n",
        "& ",
        "(Aa ",
        "(Oslo Comprehensive)",
        "the Shikoku. four countries ",
        "Four ",
    ),
    *("in the Cordonia capital of ", "in the Cordonia capital of the Cordonor of Lithuania ", " capital of Lithuania"),
    *("on the 30th ", "on the 30th. ", "on the 30th\n", "of the 19th century ", "difficult for themselves to a "),
    *("Kishida ", "Kishida Kishida ", "Ki", "Japan. and shared ", "a. and b ", "and. ", "http://", "www.", "a@", "`a`"),
    *(
        "<a ",
        "<!--",
        "<!-- ",
        "](",
        "---\n",
        "```\n",
        "Mr. ",
        "U.S. ",
        "U.S.",
        "Inc. ",
        "uh, the the ",
        "1. ",
        "x" * 60,
    ),
    *("&amp;", "&#39;", "@@ ", "▁", "⁇ ", "<unk>", "？", "・", "１２", "Ａｂ ", "万", "亿", "五百万", "â€œ", "\u200b"),
    *("1,234 ", "1. 2", "1, 000 ", "1.1.1 ", "12,3456 ", "11th ", "2th ", "3 rd ", "3: 30 ", "$5 yen ", "<>% ", "%"),
    *("5 million ", "one 100 million ", "30 billion trillion ", "4000 ten thousand ", "five (7) cars ", "10,000 "),
    *("( ", " )", "( a )", " | ", "Photo: ", "Photo: A/B ", "(Editor: A) ", "Click here ", "© A ", "a/b "),
    *("according to x reported that ", "According to a a a ", "although a, but ", "Because it is a b, so the "),
    *("A and A ", "and but ", "he have ", "has became ", "many city of ", "one of the most a city, ", "would is "),
    *("what refers to is ", "the report believes that ", "report of a a a is regarded as a rival ", "a, which is. "),
    *("an official, who leads the ", "outbreak of Aa ", "Announced that ", "Has become ", "a. of the ", "Aa? Aa "),
    *('said "a".Aa ', '"a.Aa ', "n't ", " 's "),
]
HEADS = {
    "bare": "",
    "prose": "Four countries met in Lithuania, the capital of which is “Vilnius,” he said. I was there.\n",
}
SIZE = 300_000  # code points
BOUND = 2.0  # seconds of process time at that size
QUICK = 16  # the quick test takes this part of the size, and of the bound

# Patterns on which a rule takes quadratic time; each is to go.
QUADRATIC: dict[str, set[str]] = {}


@cache
def noisy(head: str, noise: str, size: int) -> Document:
    """A document of ``noise`` with what all rules share worked out."""
    document = Document(HEADS[head] + noise * (size // len(noise)))
    document.paragraphs, document.sentences, document.quotation, document.lowered  # noqa: B018
    return document


def spend(rule: Rule, document: Document) -> float:
    start = time.process_time()
    for _ in rule.find(document):
        pass
    return time.process_time() - start


@pytest.mark.parametrize("head", HEADS)
@each_rule
def test_time_is_linear_whatever_the_text(rule, head):
    """At a sixteenth of the size, which quadratic time with any weight does not survive either."""
    known = QUADRATIC.get(rule.code, set())
    slow = [n for n in NOISE if n not in known and spend(rule, noisy(head, n, SIZE // QUICK)) > BOUND / QUICK]
    # A busy machine may have been the cause once, and hardly twice.
    assert [n for n in slow if spend(rule, noisy(head, n, SIZE // QUICK)) > BOUND / QUICK] == []


@pytest.mark.slow
@each_rule
def test_time_is_linear_at_full_size(rule):
    known = QUADRATIC.get(rule.code, set())
    for noise in NOISE:
        if noise not in known:
            assert spend(rule, Document(noise * (SIZE // len(noise)))) < BOUND * 2, noise


@pytest.mark.slow
@pytest.mark.parametrize("noise", NOISE, ids=repr)
def test_the_whole_cleaner_is_linear_too(noise):
    if any(noise in known for known in QUADRATIC.values()):
        pytest.skip("a rule is known to be quadratic here")

    def spent(size: int) -> float:
        start = time.process_time()
        WHOLE.clean(Document(HEADS["prose"] + noise * (size // len(noise))))
        return time.process_time() - start

    small, large = spent(SIZE // 16), spent(SIZE // 4)
    # The first text of its kind may have had an expression compiled or an index opened for it.
    assert large < 8 * small + 0.5 or spent(SIZE // 4) < 8 * small + 0.5


@pytest.mark.slow
@pytest.mark.parametrize("noise", ["(((", "a a a a ", '"', " "], ids=repr)
def test_a_megabyte_takes_linear_time(noise):
    """Four times the text takes four times the time, with room for what a busy machine adds."""
    times = []
    for size in (1_000_000 // 4, 1_000_000):
        text = noise * (size // len(noise))
        start = time.process_time()
        WHOLE.clean(Document(text))
        times.append(time.process_time() - start)
    assert times[1] < 8 * times[0] + 0.5


def test_all_rules_refuses_a_file_without_a_rule(tmp_path, monkeypatch):
    (tmp_path / "abc101_no_rule.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(rules, "__path__", [str(tmp_path)])
    with pytest.raises(TypeError, match="neither RULE nor build"):
        rules.all_rules(lexicon.Lexicon())


def test_all_rules_refuses_a_file_named_after_another_rule(tmp_path, monkeypatch):
    source = "from cleaners.rules.spc105_missing_space_after_percent import RULE\n"
    (tmp_path / "abc102_other.py").write_text(source, encoding="utf-8")
    monkeypatch.setattr(rules, "__path__", [str(tmp_path)])
    with pytest.raises(ValueError, match="holds the rule SPC105 missing-space-after-percent: rename one of them"):
        rules.all_rules(lexicon.Lexicon())


def test_a_finding_of_a_rule_may_override_its_values():
    def find(document: Document) -> Iterator[Finding]:
        yield rule.finding(0, 1, "", level=Level.REPORT, confidence=0.0, message="m", drops="x", proof=3)
        yield rule.finding(0, 1, None)

    rule = Rule("TST101", "a-test", "told", Level.SAFE, Severity.MINOR, "a/b", 0.9, find, (), (), origin="ja")
    first, second = rule.find(Document("x"))
    assert (first.level, first.confidence, first.message, first.drops, first.proof) == (Level.REPORT, 0.0, "m", "x", 3)
    assert (second.level, second.confidence, second.message, second.drops) == (Level.SAFE, 0.9, "told", "")
    assert first.origin == second.origin == "ja"
