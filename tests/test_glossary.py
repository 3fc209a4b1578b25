"""The glossary: what it replaces, what it leaves alone, and how it complains."""

from __future__ import annotations

import random
import re
import time
from datetime import date

import pytest

from cleaners import glossary as glossaries
from cleaners.core import Document, Level, Stage
from cleaners.errors import MtcleanError
from cleaners.glossary import Condition, Entry, Glossary, compile_entries
from cleaners.glossary_file import Fuzzy
from cleaners.guard import Guards
from cleaners.settle import Policy, settle


@pytest.fixture
def load(tmp_path):
    def loader(text: str) -> Glossary:
        path = tmp_path / "terms.yaml"
        path.write_text(text, encoding="utf-8")
        return glossaries.load([path], shipped=False)

    return loader


def clean(glossary: Glossary, text: str, **facts: object) -> str:
    policy = Policy(frozenset({Level.SAFE}), Guards(glossary.protected))
    return settle(Document(text, **facts), glossary.find, policy).text


def one(term: str, *variants: str, kind: str = "place", **rest: object) -> Glossary:
    return compile_entries([Entry(term, kind, "terms.yaml:1", variants, **rest)])


VILNIUS = one("Vilnius", "Vernis", "Wilnius city")
COUNCIL = one("North Atlantic Council", "NATO board", kind="organisation", inflect=("the",))
SUPPORT = one("host nation support", "nation support", "host aid", kind="term", inflect=("plural",))


@pytest.mark.parametrize(
    ("glossary", "bad", "good"),
    [
        # whole words, whatever stands around them
        (VILNIUS, "Vernis", "Vilnius"),
        (VILNIUS, "“To Vernis,” he said.", "“To Vilnius,” he said."),
        (VILNIUS, "Vernis's mayor", "Vilnius's mayor"),
        (VILNIUS, "Vernis’ mayor", "Vilnius’ mayor"),
        (VILNIUS, "Riga–Vernis", "Riga–Vilnius"),
        (VILNIUS, "Riga - Vernis -", "Riga - Vilnius -"),
        (VILNIUS, "(Vernis)...", "(Vilnius)..."),
        (VILNIUS, "会談Vernis", "会談Vernis"),
        (VILNIUS, "Vernissage in Vernisau", None),
        (VILNIUS, "InVernis", None),
        (VILNIUS, "Vernis-based, pro-Vernis", None),
        (VILNIUS, "Vernis_1 @Vernis _Vernis", None),
        (VILNIUS, "Wilnius  city", None),
        # case
        (VILNIUS, "VERNIS IS COLD", "VILNIUS IS COLD"),
        (VILNIUS, "vernis", None),
        (VILNIUS, "VerNis", None),
        (SUPPORT, "Host aid is dear.", "Host nation support is dear."),
        (SUPPORT, "HOST AID", "HOST NATION SUPPORT"),
        (SUPPORT, "host Aid", None),
        # plural
        (SUPPORT, "Three host aids.", "Three host nation supports."),
        (one("policy", "polity", kind="term", inflect=("plural",)), "Polities differ.", "Policies differ."),
        (one("church", "shrine", kind="term", inflect=("plural",)), "two shrines", "two churches"),
        (one("policy", "polity", kind="term"), "polities", None),
        # the article the term takes
        (COUNCIL, "He met NATO board today.", "He met the North Atlantic Council today."),
        (COUNCIL, "He met the NATO board.", "He met the North Atlantic Council."),
        (COUNCIL, "Talks. NATO board met.", "Talks. The North Atlantic Council met."),
        (COUNCIL, "A NATO board met.", "A North Atlantic Council met."),
        # a and an, as the new word sounds
        (one("Oslo", "Christiania"), "a Christiania man", "an Oslo man"),
        (one("Riga", "Origa"), "An Origa man", "A Riga man"),
        (one("Riga", "Origa"), "than Origa, to Riga, for Origa", "than Riga, to Riga, for Riga"),
        (one("hour", "time unit", kind="term"), "a time unit", "an hour"),
        (one("union", "association", kind="term"), "an association", "a union"),
        (one("US", "Amerika"), "an Amerika man", "a US man"),
        (one("EU", "Union"), "a Union law", "an EU law"),
        (one("SDF", "Defense Force"), "a Defense Force ship", "an SDF ship"),
        (one("FBI", "Fed Bureau"), "a Fed Bureau man, an Fed Bureau man", "a FBI man, an FBI man"),
        (one("Oslo", "Christiania", kind="term"), "See the a Christiania", "See the an Oslo"),
        (one("Oslo", "Christiania"), "A Christiania man. A Christiania man.", "An Oslo man. An Oslo man."),
        (one("Oslo", "Christiania"), "a vitamin-a Christiania", "a vitamin-a Oslo"),
        # a term may hold a number that its variant lacks, and the other way round
        (one("F-35", "new fighter", kind="term"), "a new fighter", "an F-35"),
        (one("Group of Seven", "7 countries group", kind="term"), "the 7 countries group", "the Group of Seven"),
        # keep
        (one("Vilnius", "Vernis", keep=True), "Vernis", None),
        # forbidden words are told and never replaced
        (one("Vilnius", "Vernis", forbid=True), "Vernis", None),
        (one("Vilnius", "Vernis", level=Level.SUGGEST), "Vernis", None),
    ],
)
def test_what_becomes_of_it(glossary, bad, good):
    came_out = clean(glossary, bad)
    assert came_out == (bad if good is None else good)
    assert clean(glossary, came_out) == came_out


def test_the_leftmost_longest_counts():
    glossary = compile_entries(
        [
            Entry("AX", "term", "x:1", ("board",)),
            Entry("BX", "term", "x:2", ("board of directors",)),
            Entry("CX", "term", "x:3", ("directors",)),
            Entry("DX", "term", "x:4", ("the board",)),
        ]
    )
    assert clean(glossary, "board, board of directors, directors") == "AX, BX, CX"
    assert clean(glossary, "the board of directors") == "DX of CX"


def test_a_variant_inside_a_term_is_part_of_the_term():
    glossary = compile_entries(
        [Entry("Board of Audit", "organisation", "x:1"), Entry("NAC", "organisation", "x:2", ("Board",))]
    )
    assert clean(glossary, "The Board of Audit met the Board.") == "The Board of Audit met the NAC."


def test_a_variant_goes_before_an_equal_term_of_another_entry():
    glossary = compile_entries([Entry("Board", "term", "x:1"), Entry("NAC", "organisation", "x:2", ("Board",))])
    assert clean(glossary, "The Board met.") == "The NAC met."


@pytest.mark.parametrize("text", ["A nation support.", "Nation support", "nation supports", "NATION SUPPORT"])
def test_a_term_that_holds_its_own_variant_is_set_down_once(text):
    came_out = clean(SUPPORT, text)
    assert came_out.lower().count("host") == 1
    assert clean(SUPPORT, came_out) == came_out


def test_neighbours_do_not_share_an_article(load):
    glossary = load(
        "entries:\n- {term: Beta, kind: place, variants: [plan a]}\n"
        "- {term: Oslo, kind: place, variants: [Olso], examples: [{bad: The plan a Olso., good: The Beta Oslo.}]}\n"
    )
    assert clean(glossary, "The plan a Olso. A Olso.") == "The Beta Oslo. An Oslo."


WHEN = """
entries:
  - term: Vilnius
    kind: place
    variants: [Vernis, Vernis Lithuania]
    when: {%s}
"""


@pytest.mark.parametrize(
    ("when", "text", "hit"),
    [
        ("document: [Lithuania, NATO]", "Vernis.\n\nNATO.", True),
        ("document: [Lithuania, NATO]", "Vernis.\n\nLithuania.", True),
        ("document: [Lithuania]", "Vernis.\n\nLithuanian.", False),
        ("document: [Lithuania]", "Vernis.\n\nlithuania.", False),
        ("document: [Lithuania]", "Vernis Lithuania", False),  # its own words are no proof
        ("document: [Lithuania]", "Vernis Lithuania. Lithuania.", True),
        ("near: [Lithuania]", "Lithuania.\nVernis.", False),
        ("near: [Lithuania]", "Lithuania. Vernis.", True),
        ("near: [Lithuania]", "Vernis. Lithuania.\nVernis.", True),
        ("near: [Lithuania]", "Vernis Lithuania.", False),
        ("document: [NATO], near: [Lithuania]", "Lithuania, Vernis.", False),
        ("document: [NATO], near: [Lithuania]", "NATO\nLithuania, Vernis.", True),
        ("before: [in, to the]", "In Vernis.", True),
        ("before: [in, to the]", "Up to the Vernis.", True),
        ("before: [in, to the]", "Into Vernis.", False),
        ("before: [in, to the]", "In old Vernis.", False),
        ("before: [In]", "They met in Vernis.", False),
        ("after: [sold]", "Vernis sold it.", True),
        ("after: [sold]", "Vernis, sold", False),
        ("after: [sold]", "Vernis solders it.", False),
        ("after: [',']", "Vernis, sold", True),
        ("after: [<plural verb>]", "Vernis has asked.", False),
        ("after: [<plural verb>]", "Vernis also asked.", True),
        ("after: [<plural verb>]", "Vernis and would ask.", True),
        ("after: [<plural verb>]", "Vernis willows ask.", False),
        ("after: [<no noun>]", "On Vernis", True),
        ("after: [<no noun>]", "Vernis, then", True),
        ("after: [<no noun>]", "Vernis will ask.", True),
        ("after: [<no noun>]", "Vernis of old.", False),
        ("after: [<no noun>]", "Vernis games.", False),
    ],
)
def test_when(load, when, text, hit):
    assert ("Vilnius" in clean(load(WHEN % when), text)) is hit


@pytest.mark.parametrize(
    ("unless", "text", "hit"),
    [
        ("document: [wine]", "Vernis.\nA wine.", False),
        ("document: [wine]", "Vernis.\nWinery.", True),
        ("near: [wine]", "Vernis.\nA wine.", True),
        ("near: [wine]", "Vernis, a wine.", False),
        ("near: [Vernis Lithuania]", "Vernis Lithuania", False),  # its own words count
        ("document: [wine], near: [red]", "Vernis has wine.", True),
        ("document: [wine], near: [red]", "Vernis has red wine.", False),
        ("before: [house of]", "The house of Vernis.", False),
        ("after: [<capital>]", "Vernis’s Hall", True),
    ],
)
def test_unless(load, unless, text, hit):
    assert ("Vilnius" in clean(load(WHEN.replace("when", "unless") % unless), text)) is hit


@pytest.mark.parametrize(
    ("key", "language", "hit"),
    [
        ("when", "ja", True),
        ("when", "zh", False),
        ("when", None, True),
        ("unless", "ja", False),
        ("unless", "zh", True),
        ("unless", None, True),
    ],
)
def test_the_source_language(load, key, language, hit):
    text = WHEN.replace("when", key) % "source: ja"
    assert ("Vilnius" in clean(load(text), "Vernis", source_lang=language)) is hit


# Words around a hit that make it another's. {}: the garbled name.
ANOTHERS = {
    "place": [
        "Anna {}, who sings", "The {} Nails shop", "a Le {}", "a bag by {} & Sons", "House {} stands",
        "by J. {} of Lyon", "Follow #{} daily", "the word *{}* in print", "He wrote “{}” on it", "in '{},' they say",
        "{}, a poet, came", "the spelling {} is wrong", "In the novel {} burns", "a shop called {} opened",
        "a film titled The {} opened", "{}, as the menu has it, is far", "her book, The {}, sells",
        "WATCH {} TONIGHT",
    ],
    "person": ["Jean {} came", "{} Jr. came", "{}, a jockey, came", "of {} & Hall", "They call him {} there"],
    "organisation": ["the Red {} sailed", "the {} Staff met", "the “{}” met", "{} & Sons met", "The firm {} Labs"],
    "title": ["Kerala {} left", "was titled {} then"],
    "programme": ["a Blue {} began", "a novel on the {} appeared"],
}  # fmt: skip
OURS = {
    "place": [
        "In {} it rained.", "The {} summit began.", "Since {}’s mayor", "They left {} Monday", "NATO {} talks",
        "To {}.", "the Friday {} talks", "“To {},” he said", "{}, a city of towers", "Lithuania's {} is old",
        "{} Is Cold", "the {} Summit ended", "It rained. {} slept.", "Japan: {} slept.",
        "Mr. Smith came to {}.", "IN {} IT RAINED",
    ],
    "person": ["President {} came", "Foreign Minister {} came", "Mr. {} came", "{}, a former minister, came"],
    "organisation": ["Peru's {} met", "the government's {} met", "the NATO {} met", "{}, a body of ten, met"],
    "title": ["{} Matsuno left", "the “{}” left"],
    "programme": ["NATO’s “{}” began", "known as the {}, it began"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in ANOTHERS.items() for text in texts])
def test_what_is_anothers_stays(kind, text):
    bad = text.format("VERNIS" if text.replace("{}", "").isupper() else "Vernis")
    assert clean(one("Vilnius", "Vernis", kind=kind), bad) == bad


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in OURS.items() for text in texts])
def test_what_only_looks_like_anothers_is_mended(kind, text):
    glossary = one("Vilnius", "Vernis", kind=kind)
    upper = text.replace("{}", "").isupper()
    came_out = clean(glossary, text.format("VERNIS" if upper else "Vernis"))
    assert came_out == text.format("VILNIUS" if upper else "Vilnius")


def test_the_company_an_entry_asks_for_makes_no_other_name(load):
    glossary = load(WHEN % "document: [Lithuania, Lithuanian]")
    assert clean(glossary, "Lithuanian Vernis is in Lithuania.") == "Lithuanian Vilnius is in Lithuania."


@pytest.mark.parametrize("kind", ["organisation", "programme", "treaty", "title"])
@pytest.mark.parametrize("owner", ["Peru's", "Peru's new", "the bank’s", "the pirates'"])
def test_what_another_owns_stays_where_an_entry_asks_for_company(load, kind, owner):
    glossary = load((WHEN % "document: [Japan]").replace("place", kind))
    text = f"Japan's new %s began. The government's %s went on. So did {owner} Vernis."
    assert clean(glossary, text % ("Vernis", "Vernis")) == text % ("Vilnius", "Vilnius")


def test_a_place_that_is_somebody_once_is_so_throughout():
    text = "Vernis sells honey. Professor Vernis of Lyon buys it."
    assert clean(VILNIUS, text) == text
    headline = "Leaders Leave Vernis\n\nThey met in Vernis."
    assert clean(VILNIUS, headline) == "Leaders Leave Vernis\n\nThey met in Vilnius."


def test_of_entries_with_one_variant_the_first_that_fits_counts(load):
    glossary = load(
        WHEN % "near: [Lithuania]"
        + "  - {term: Vernish, kind: place, level: suggest, variants: [Vernis], when: {document: [Lithuania]}}\n"
        + "  - {term: Verdun, kind: place, variants: [Vernis], when: {near: [France]}}\n"
    )
    found = glossary.find(Document("Lithuania, to Vernis.\nTo Vernis.\nFrance, to Vernis.\n"))
    assert [(f.fix, f.level) for f in found] == [("Vilnius", "safe"), ("Vernish", "suggest"), ("Vernish", "suggest")]
    assert [f.fix for f in glossary.find(Document("France, to Vernis."))] == ["Verdun"]


def test_an_example_shows_a_plain_run_and_what_its_own_entry_does(load):
    load(HEAD + "    variants: [Vernis]\n    level: suggest\n    examples: [{bad: To Vernis., good: To Vilnius.}]\n")
    weak = "  - {term: Verdun, kind: place, level: suggest, variants: [Virdun]}\n"
    load(HEAD + "    variants: [Vernis]\n    examples: [{bad: Vernis and Virdun, good: Vilnius and Virdun}]\n" + weak)


def test_every_shipped_variant_can_be_replaced():
    """The conditions, the words around and the guards let each through somewhere."""
    shipped = glossaries.shipped_glossary()
    policy = Policy(frozenset({Level.SAFE, Level.SUGGEST}), Guards(shipped.protected))
    sides = {"<plural verb>": "will", "<no noun>": "today", "<capital>": "Oslo"}
    for entry in shipped.entries:
        when = entry.when or Condition()
        beside = when.before[0] if when.before else "named"
        after = when.after[0] if when.after else "there"
        company = ", ".join([*when.document[:1], *when.near[:1]])
        for variant in () if entry.keep or entry.forbid else entry.variants:
            text = f"They {beside} {variant} {sides.get(after, after)}, {company}."
            document = Document(text, source_lang=entry.source)
            applied = settle(document, shipped.find, policy).applied
            assert entry.place in {decision.finding.entry for decision in applied}, text


def test_a_finding_says_where_it_comes_from(load):
    glossary = load("\nentries:\n  - term: Vilnius\n    kind: place\n    note: a capital\n    variants: [Vernis]\n")
    (found,) = glossary.find(Document("In Vernis."))
    assert (found.code, found.stage, found.start, found.end) == ("NAM001", Stage.GLOSSARY, 3, 9)
    assert found.entry.endswith("terms.yaml:3")
    assert found.message == "'Vernis' stands for 'Vilnius': a capital"


def test_the_code_follows_the_kind():
    codes = {kind: {f.code for f in one("X1", "Y1", kind=kind).find(Document("Y1"))} for kind in glossaries.KINDS}
    assert {kind for kind, found in codes.items() if found == {"NAM001"}} == {"place", "person", "organisation"}
    assert set.union(*codes.values()) == {"NAM001", "TRM001"}


def test_terms_are_protected():
    assert SUPPORT.protected("Host nation supports, host nation support") == ["host nation support"] * 2
    assert SUPPORT.protected("host aid") == []


def test_lone_surrogates_and_odd_letters_do_no_harm():
    assert clean(VILNIUS, "\ud800 Vernis \udfff") == "\ud800 Vilnius \udfff"
    assert clean(VILNIUS, "İİ ß ſ ﬁ 😀 Vernis") == "İİ ß ſ ﬁ 😀 Vilnius"


HEAD = "entries:\n  - term: Vilnius\n    kind: place\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("entries:\n\t- term: x\n", ":2:1: not valid YAML: "),
        (HEAD + "    kind: place\n", ":4:5: the key 'kind' stands here a second time; keep one of them"),
        ("entries:\n", ":1:1: entries must be a list, not nothing"),
        ("entires: []\n", ":1:1: unknown key 'entires' in a glossary; did you mean 'entries'?"),
        ("[]\n", ":1:1: a glossary must be a mapping, not a list"),
        ("entries:\n  - Vilnius\n", ":2:5: an entry must be a mapping, not text"),
        ("entries:\n  - kind: place\n", ":2:5: the entry has no 'term'"),
        ("entries:\n  - term: Vilnius\n", ":2:5: the entry has no 'kind'"),
        ("entries:\n  - term: NO\n    kind: place\n", ":2:5: term must be text, not true/false; put it in quotes"),
        ("entries:\n  - term: X\n    kind: plce\n", ":3:5: kind cannot be 'plce'; did you mean 'place'?"),
        (HEAD + "    variant:\n      - Vernis\n", ":4:5: unknown key 'variant' in an entry; did you mean 'variants'?"),
        (HEAD + "    variants: Vernis\n", ":4:5: variants must be a list, not text"),
        (HEAD + "    variants:\n      - Vernis\n      - 7\n", ":6:9: each item of variants must be text, not int 7"),
        (HEAD + "    variants: [Vernis, Vilnius]\n", ":4:5: the variant 'Vilnius' is the term itself"),
        (HEAD + "    keep: yse\n", ":4:5: keep must be true or false, not 'yse'"),
        (HEAD + "    level: saef\n", ":4:5: level cannot be 'saef'; did you mean 'safe'?"),
        (HEAD + "    source: jp\n", ":4:5: source cannot be 'jp'"),
        (HEAD + "    inflect: [plurals]\n", ":4:15: inflect cannot be 'plurals'; did you mean 'plural'?"),
        (
            HEAD + "    when: {}\n",
            ":4:5: when is empty; give it 'document', 'near', 'source', 'before', 'after', 'since', 'until'",
        ),
        (HEAD + "    when:\n      before: [<noun>]\n", ":5:16: before cannot be '<noun>'; did you mean '<no noun>'?"),
        (HEAD + "    when:\n      after: [on]\n", ":5:15: each item of after must be text, not true/false; put it"),
        (HEAD + "    when: NATO\n", ":4:5: when must be a mapping, not text"),
        (HEAD + "    when:\n      documents: [NATO]\n", ":5:7: unknown key 'documents' in when"),
        (HEAD + "    unless:\n      near: NATO\n", ":5:7: near must be a list, not text"),
        (HEAD + "    examples:\n      - bad: x\n", ":5:9: an example needs both 'bad' and 'good'"),
        (HEAD + "    examples:\n      - bad: x\n        godo: x\n", ":6:9: unknown key 'godo' in an example"),
    ],
)
def test_a_broken_file_is_told_with_its_place(load, tmp_path, text, complaint):
    with pytest.raises(MtcleanError) as caught:
        load(text)
    assert str(caught.value).startswith(f"{tmp_path / 'terms.yaml'}{complaint}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("bad", "good", "came_out"),
    [("In Vernis.", "In Vilna.", "In Vilnius."), ("Vernissage", "Vilnius", "Vernissage"), ("vernis", "X", "vernis")],
)
def test_an_example_that_fails_stops_the_load(load, tmp_path, bad, good, came_out):
    text = HEAD + f"    variants: [Vernis]\n    examples:\n      - bad: {bad}\n        good: {good}\n"
    place = tmp_path / "terms.yaml"
    message = f"{place}:2:1: the example of 'Vilnius' fails: {bad!r} became {came_out!r}, not {good!r}"
    with pytest.raises(MtcleanError, match=re.escape(message)):
        load(text)


def test_the_shipped_glossary_is_proved_by_its_examples():
    compile_entries(glossaries.shipped_glossary().entries)


def test_an_example_is_proved_against_the_whole_glossary(load):
    other = "  - {term: Riga, kind: place, variants: [In Vernis]}\n"
    entry = HEAD + "    variants: [Vernis]\n    examples: [{bad: In Vernis., good: In Vilnius.}]\n"
    assert load(entry)
    with pytest.raises(MtcleanError, match="became 'Riga"):
        load(entry + other)


def test_empty_files_load(load):
    for text in ("", "# nothing\n", "entries: []\n"):
        assert list(load(text).find(Document("Vernis"))) == []


def test_files_follow_the_shipped_ones(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("entries:\n- {term: Zzyzx, kind: place, variants: [Zyzzx]}\n", encoding="utf-8")
    shipped = glossaries.shipped_glossary()
    both = glossaries.load([path])
    assert [e.term for e in both.entries] == [*(e.term for e in shipped.entries), "Zzyzx"]
    assert clean(both, "From Zyzzx to Vernis in Lithuania.") == "From Zzyzx to Vilnius in Lithuania."


def test_surnames():
    entries = [
        Entry("Fumio Kishida", "person", "x:1"),
        Entry("Fumio Kishida", "person", "x:9", level=Level.SUGGEST),
        Entry("Nobuo Kishi", "person", "x:2"),
        Entry("Nobusuke Kishi", "person", "x:3"),
        Entry("Xi Jinping", "person", "x:4", surname="Xi"),
        Entry("Oslo", "place", "x:5"),
    ]
    assert glossaries.surnames(entries) == {
        "Kishida": ("Fumio Kishida",),
        "Kishi": ("Nobuo Kishi", "Nobusuke Kishi"),
        "Xi": ("Xi Jinping",),
    }


def test_no_shipped_term_grows_when_it_is_cleaned():
    shipped = glossaries.shipped_glossary()
    for entry in shipped.entries:
        for term in (entry.term, entry.term.upper(), f"The {entry.term}s", f"{entry.term[0].upper()}{entry.term[1:]}"):
            assert clean(shipped, term) == term
            assert clean(shipped, f"In {term}, NATO met Japan and Lithuania.") == (
                f"In {term}, NATO met Japan and Lithuania."
            )


# --- every way to write a variant, and every key ----------------------------------------------------------------------


def both(entry: Entry, text: str, **facts: object) -> str:
    """What comes out with suggestions applied; cleaning it again changes nothing."""
    glossary = compile_entries([entry])
    policy = Policy(frozenset({Level.SAFE, Level.SUGGEST}), Guards(glossary.protected))
    came_out = settle(Document(text, **facts), glossary.find, policy).text
    assert settle(Document(came_out, **facts), glossary.find, policy).text == came_out
    return came_out


def entry(term: str = "Vilnius", *variants: str, **rest: object) -> Entry:
    return Entry(term, rest.pop("kind", "place"), "x:1", variants, **rest)


@pytest.mark.parametrize(
    ("case", "term", "variant", "bad", "good"),
    [
        ("exact", "Vilnius", "Vernis", "Vernis", "Vilnius"),
        ("exact", "Vilnius", "Vernis", "VERNIS", None),
        ("exact", "Vilnius", "vernis", "vernis Vernis", "Vilnius Vernis"),
        ("exact", "host nation support", "host aid", "Host aid", None),
        ("any", "Vilnius", "Vernis", "to vernis, to VERNIS, to veRnis", "to Vilnius, to VILNIUS, to Vilnius"),
        ("any", "host nation support", "host aid", "Host aid, host Aid", "Host nation support, host nation support"),
        ("any", "NATO", "nato", "Nato, NATO, nato", "NATO, NATO, NATO"),
        ("smart", "NATO", "Nato", "Nato, NATO, nato", "NATO, NATO, nato"),
        ("smart", "Vilnius", "Vernis", "vernis", None),
    ],
)
def test_case(case, term, variant, bad, good):
    assert both(entry(term, variant, case=case), bad) == (bad if good is None else good)


@pytest.mark.parametrize(
    ("expression", "bad", "good"),
    [
        ("V[ei]rnis?", "In Vernis and Virni.", "In Vilnius and Vilnius."),
        ("V[ei]rnis?", "Vernissage, InVernis, pro-Vernis, Vernis_1", None),  # whole words
        ("V[ei]rnis?", "Vernis’s mayor", "Vilnius’s mayor"),
        ("V[ei]rnis?", "vernis VERNIS", None),  # as written, where nothing else is said
        ("V[ei]rnis?", "Anna Vernis", None),  # somebody's name
        ("(?:old )?Vernis", "the old Vernis", "the Vilnius"),
        (r"Vernis\s+city", "Vernis  city", "Vilnius"),
        (r"Vernis\s+city", "Vernis\ncity", None),  # a line is a paragraph
        ("Viln.*", "Vilnius", None),  # the term itself
        ("Vernis|Vernis city", "Vernis city", "Vilnius city"),
    ],
)
def test_expressions(expression, bad, good):
    assert both(entry(regexes=(expression,)), bad) == (bad if good is None else good)


def test_many_expressions_are_asked_together():
    words = made_up(1200)
    entries = [Entry(f"Oslo {w}", "term", f"x:{i}", regexes=(f"{w}[xz]",), case="any") for i, w in enumerate(words)]
    glossary = compile_entries([*entries, Entry("Big", "term", "x:b", regexes=(r"B(?:[a-z]{1,400}q){2}x",))])
    text = "Ministers of the treaty " * 2000 + "".join(f"{w.lower()}z 維 " for w in words[::100])
    assert [f.fix for f in glossary.find(Document(text))] == [f"Oslo {w}" for w in words[::100]]
    assert [f.fix for f in glossary.find(Document("Bqqx, Baqbqx"))] == ["Big"]
    few = compile_entries(entries[:1])
    assert seconds(glossary, text) < 10 * seconds(few, text) + 0.2


def test_an_expression_in_any_case_follows_the_text():
    found = both(entry(regexes=("v[ei]rnis",), case="any"), "In VERNIS, to virnis, for Vernis.")
    assert found == "In VILNIUS, to Vilnius, for Vilnius."


def test_an_expression_goes_after_what_is_literal():
    glossary = compile_entries([entry(regexes=("V.rnis",)), Entry("Verona", "place", "x:2", ("Vernis hill",))])
    assert clean(glossary, "Vernis hill and Varnis") == "Verona and Vilnius"


FUZZY = entry("Kaliningrad", fuzzies=(Fuzzy("Kaliningrad", 2),))


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ("In Kalinigrad.", "In Kaliningrad."),
        ("In Caliningrat.", "In Kaliningrad."),
        ("KALINIGRAD IS COLD", "KALININGRAD IS COLD"),
        ("Kalinigrad’s port", "Kaliningrad’s port"),
        ("In Kalingat.", None),  # three letters
        ("in kalinigrad", None),  # no name
        ("Anna Kalinigrad", None),
        ("Kalinigrad-based, @Kalinigrad, www.Kalinigrad.org", None),
    ],
)
def test_near_spellings(bad, good):
    assert both(FUZZY, bad) == (bad if good is None else good)


@pytest.mark.parametrize(
    ("term", "word"),
    [
        ("Works", "Words"),  # English
        ("Vernona", "Verona"),  # a place of its own
        ("Minshk", "Minsk"),
        ("Georgina", "Georgia"),
    ],
)
def test_a_near_spelling_is_no_word_and_no_place_of_its_own(term, word):
    assert both(entry(term, fuzzies=(Fuzzy(term, 1),)), f"In {word}.") == f"In {word}."


def test_a_near_spelling_is_no_part_of_another_term_and_never_safe():
    others = [Entry("Nobuo Kishira", "person", "x:2"), Entry("Kashida Line", "term", "x:3", ("Keshida",))]
    kishida = Entry("Kishida", "person", "x:1", fuzzies=(Fuzzy("Kishida", 1),))
    glossary = compile_entries([kishida, *others])
    assert list(glossary.find(Document("To Kishira and Kashida."))) == []
    (found,) = glossary.find(Document("To Kishiba."))
    assert (found.fix, found.level) == ("Kishida", Level.SUGGEST)
    assert clean(glossary, "To Kishiba, to Keshida.") == "To Kishiba, to Kashida Line."


def test_as_near_to_one_as_to_another_proves_neither():
    glossary = compile_entries(
        [entry("Marolin", fuzzies=(Fuzzy("Marolin"),)), entry("Marolix", fuzzies=(Fuzzy("Marolix"),))]
    )
    assert list(glossary.find(Document("In Marolis."))) == []


def test_a_near_spelling_of_a_garble_stands_for_the_term():
    glossary = compile_entries([entry(fuzzies=(Fuzzy("Weierniusi"),))])
    assert [f.fix for f in glossary.find(Document("Weierniusi, Weirniusi, Vilnius"))] == ["Vilnius", "Vilnius"]


@pytest.mark.parametrize(
    ("bad", "good"),
    [("InVernisau", "InVilniusau"), ("Vernis-based", "Vilnius-based"), ("invernisau", None)],
)
def test_a_partial_variant_may_stand_inside_words(bad, good):
    assert both(entry("Vilnius", "Vernis", partial=frozenset({"Vernis"})), bad) == (bad if good is None else good)


def test_a_partial_variant_inside_its_own_term_is_refused(load):
    with pytest.raises(MtcleanError, match="each run would add to the last"):
        load("entries: [{term: Vilnius, kind: place, variants: [{text: viln, whole: false}]}]")


G7 = Entry("G7", "organisation", "x:1", ("seven-power club",), expand="Group of Seven (G7)", inflect=("the",))


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ("The G7 met. The G7 left.", "The Group of Seven (G7) met. The G7 left."),
        ("The Group of Seven met. The G7 left.", None),
        ("The G7 met. The Group of Seven left.", None),
        ("G7’s leaders met. The G7 left.", None),
        ("pre-G7 G7x", None),
        ("A seven-power club met.", "A Group of Seven (G7) met."),
    ],
)
def test_a_short_form_is_written_out_once(bad, good):
    assert both(G7, bad) == (bad if good is None else good)
    assert clean(compile_entries([G7]), "The G7 met.") == "The G7 met."  # suggested, never done by itself


def test_a_short_form_is_written_out_where_its_conditions_hold():
    told = Condition(document=("Japan",))
    summit = Entry("G7", "organisation", "x:1", expand="Group of Seven (G7)", when=told)
    assert both(summit, "The G7 road.") == "The G7 road."
    assert both(summit, "Japan left the G7.") == "Japan left the Group of Seven (G7)."


@pytest.mark.parametrize(
    ("key", "dates", "day", "hit"),
    [
        ("when", "since: 2024-03-07", None, True),  # what nobody knows is not held against it
        ("when", "since: 2024-03-07", "2024-03-07", True),
        ("when", "since: 2024-03-07", "2024-03-06", False),
        ("when", "until: 2024-03-07", "2024-03-07", True),
        ("when", "until: 2024-03-07", "2024-03-08", False),
        ("when", "since: 2024-01-01, until: 2024-03-07", "2023-12-31", False),
        ("unless", "since: 2024-03-07", None, True),
        ("unless", "since: 2024-03-07", "2024-03-07", False),
        ("unless", "since: 2024-03-07", "2024-03-06", True),
    ],
)
def test_dates(load, key, dates, day, hit):
    told = date.fromisoformat(day) if day else None
    assert ("Vilnius" in clean(load(WHEN.replace("when", key) % dates), "Vernis", date=told)) is hit


def test_native_forms_are_kept_and_change_nothing_by_themselves(load):
    glossary = load(HEAD + "    native: {ja: ヴィリニュス, zh: [维尔纽斯, 維爾紐斯]}\n")
    assert glossary.entries[0].native == (("ja", "ヴィリニュス"), ("zh", "维尔纽斯"), ("zh", "維爾紐斯"))
    assert list(glossary.find(Document("In ヴィリニュス."))) == []


@pytest.mark.parametrize(
    "text", ["Vernis", "In Vernis city it rained.", "VERNIS", "Vernis’s old Vernis city", "In Verniz hill."]
)
def test_what_is_to_be_kept_is_kept_from_every_variant(text):
    others = [
        Entry("Vilnius", "place", "x:1", ("Vernis", "Vernis city"), regexes=("Vern[si]z?",)),
        Entry("Riga", "term", "x:2", ("city it",)),
    ]
    came_out = clean(compile_entries([*others, Entry("Vernis", "place", "x:3", keep=True)]), text)
    assert came_out == text.replace("city it", "Riga").replace("Verniz", "Vilnius")


# --- the user's own entries go first --------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path):
    def loader(text: str) -> Glossary:
        path = tmp_path / "own.yaml"
        path.write_text("entries:\n" + text, encoding="utf-8")
        return glossaries.load([path])

    return loader


VERNIS = "Vernis in Lithuania."


@pytest.mark.parametrize(
    ("text", "came_out"),
    [
        ("- {term: Verdun, kind: place, variants: [Vernis]}", "Verdun in Lithuania."),
        ("- {term: Verdun, kind: place, variants: [Vernis], when: {near: [France]}}", "Vilnius in Lithuania."),
        ("- {term: Vernis, kind: place, keep: true}", VERNIS),
        ("- {term: Vernis, kind: place}", VERNIS),
        ("- {term: Vilnius, kind: place, forbid: true, variants: [Vernis]}", VERNIS),
        ("- {term: Verdun, kind: place, variants: [{regex: 'Vern.s'}]}", "Vilnius in Lithuania."),  # literal ones first
        ("- {term: Verdun, kind: place, variants: [Virniux]}", "Vilnius in Lithuania."),
    ],
)
def test_an_entry_of_the_users_goes_before_a_shipped_one(own, text, came_out):
    assert clean(glossaries.shipped_glossary(), VERNIS) == "Vilnius in Lithuania."
    assert clean(own(text + "\n"), VERNIS) == came_out


def test_the_users_variant_goes_before_a_shipped_term_to_keep():
    shipped = [Entry("Vernis", "place", "x:1", keep=True)]
    mine = [Entry("Vilnius", "place", "y:1", ("Vernis", "Vernis city"))]
    assert clean(compile_entries(shipped, mine), "Vernis, Vernis city") == "Vilnius, Vilnius"


def test_examples_show_a_whole_run_guards_and_all(load):
    text = "entries: [{term: 維爾, kind: place, variants: [Vernis], examples: [{bad: In Vernis, good: In 維爾}]}]"
    with pytest.raises(MtcleanError, match=r"became 'In Vernis', not 'In 維爾' \(it would add the character"):
        load(text)
    swap = (
        "entries:\n- {term: Oslo, kind: term, variants: [{regex: 'Be[r]gen'}], examples: [{bad: Bergen, good: Oslo}]}\n"
    )
    swap += "- {term: Bergen hill, kind: term, variants: [{regex: Osl.}]}\n"
    assert "Oslo" not in clean(load(swap), "Osla")


def test_a_pair_that_never_comes_to_rest_stops_the_load(load):
    text = "entries:\n- {term: Oslo, kind: term, variants: [Bergen], examples: [{bad: Bergen, good: Oslo}]}\n"
    with pytest.raises(MtcleanError, match=r"terms.yaml:2:1: the example 'Bergen' never comes to rest"):
        load(text + "- {term: Bergen, kind: term, variants: [Oslo]}\n")


def test_every_kind_of_entry_comes_to_rest():
    """Entries of every kind at once, over texts put together from their pieces by chance."""
    entries = [
        entry("Vilnius", "Vernis", "Wilna", case="any", fuzzies=(Fuzzy("Vilnius", 2),), regexes=("Viln[ao]s?",)),
        Entry("host nation support", "term", "x:2", ("nation support", "host aid"), inflect=("plural",)),
        Entry("NATO", "organisation", "x:3", ("Nato", "Kita"), partial=frozenset({"Kita"})),
        Entry("NAC", "organisation", "x:4", ("NATO board",), inflect=("the",), expand="North Atlantic Council (NAC)"),
        Entry("Oslo", "place", "x:5", ("Christiania",), when=Condition(document=("Norway",))),
        Entry("Board of Audit", "organisation", "x:6", keep=True),
        Entry("Board", "organisation", "x:7", ("board",), forbid=True),
    ]
    glossary = compile_entries(entries)
    chips = "Vernis|wilna|Vilnus|Vilno|VILNAS|nation support|host aids|Nato|Kitafoo|the NATO board|a|an|Christiania"
    chips += "|Norway|Board of Audit|NATO board|NAC|host|nation|.|,|\n|’s"
    pieces = chips.split("|")
    chance = random.Random(3)
    for levels in ({Level.SAFE}, {Level.SAFE, Level.SUGGEST}):
        policy = Policy(frozenset(levels), Guards(glossary.protected))
        for _ in range(400):
            text = " ".join(chance.choices(pieces, k=chance.randint(1, 12)))
            came_out = settle(Document(text), glossary.find, policy).text
            assert settle(Document(came_out), glossary.find, policy).text == came_out, text


def seconds(glossary: Glossary, text: str) -> float:
    list(glossary.find(Document("warm up")))
    best = 9.9
    for _ in range(3):
        document = Document(text)
        start = time.process_time()
        list(glossary.find(document))
        best = min(best, time.process_time() - start)
    return best


def made_up(number: int) -> list[str]:
    chance = random.Random(1)
    return list(dict.fromkeys("".join(chance.choices("abdefgiklmnoprstu", k=9)).capitalize() for _ in range(number)))


@pytest.mark.slow
def test_a_hundred_thousand_entries_cost_at_most_twice_what_a_hundred_do():
    words = made_up(201_000)
    entries = [Entry(f"{t} Hill", "term", "x:1", (v,)) for t, v in zip(words[:100_000], words[100_000:], strict=False)]
    assert len(entries) == 100_000
    pool = [*["ministers", "agreed", "on", "the", "treaty", "with", "Japan"] * 100, *words[100_000:100_020]]
    text = " ".join(random.Random(2).choices(pool, k=40_000))
    few, many = compile_entries(entries[:100]), compile_entries(entries)
    assert seconds(many, text) < 2 * seconds(few, text) + 0.01


def test_ten_thousand_near_spellings_cost_little():
    words = made_up(10_000)
    text = " ".join(random.Random(2).choices([*["treaty"] * 500, *made_up(12_000)[-300:]], k=20_000))
    few, many = (
        compile_entries([entry(word, fuzzies=(Fuzzy(word, 2),)) for word in words[:number]]) for number in (100, 10_000)
    )
    assert seconds(many, text) < 4 * seconds(few, text) + 0.1


@pytest.mark.parametrize(
    "line",
    [
        "Vernis ",
        "NATO board ",
        "Vernis Lithuania ",
        "Vernis\n",
        "Anna Vernis ",
        "to Vernis ",
        "the 's Vernis ",
        "'Vernis, a ",
    ],
)
def test_time_is_linear_in_the_number_of_hits(load, line):
    glossary = load(
        WHEN % "document: [Latvia], near: [Estonia]"
        + "  - {term: NAC, kind: organisation, variants: [NATO board], unless: {near: [pension], document: [wine]}}\n"
    )
    assert seconds(glossary, line * (300_000 // len(line))) < 2
