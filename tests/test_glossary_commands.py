"""The commands of `mtclean glossary`: what they print, what they write, and what they leave as it was."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from commandline import leftovers, mtclean, put

from cleaners import glossary as glossaries
from cleaners import glossary_cli, glossary_file
from cleaners.core import Document
from cleaners.glossary_suggest import Miner


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def now(path: str = "terms.yaml") -> str:
    return Path(path).read_bytes().decode()


def entries(path: str = "terms.yaml") -> list[dict]:
    return yaml.safe_load(now(path))["entries"]


# --- add ------------------------------------------------------------------------------------------------------------

LONG = "a note that runs on " * 12
# A file as somebody keeps it, and the same after `add Wilna --term Vilnius --kind place` and a new entry for Riga.
AWKWARD = {
    "comments between entries": (
        "# ours\nentries:\n\n  # the Baltic\n  - term: Vilnius # a capital\n    kind: place\n"
        "    variants: [Vernis]   # from ヴィリニュス\n\n  # more to come\n",
        "# ours\nentries:\n\n  # the Baltic\n  - term: Vilnius # a capital\n    kind: place\n"
        "    variants: [Vernis, Wilna]   # from ヴィリニュス\n\n  # more to come\n"
        "  - term: Riga\n    kind: place\n    variants: [Liga-shi]\n",
    ),
    "dashes at the margin": (
        'entries:\n- term: \'Vilnius\'\n  kind: "place"\n  variants:\n  - Vernis\n  - "Vernice"\n',
        'entries:\n- term: \'Vilnius\'\n  kind: "place"\n  variants:\n  - Vernis\n  - "Vernice"\n  - Wilna\n'
        "- term: Riga\n  kind: place\n  variants: [Liga-shi]\n",
    ),
    "flow style": (
        "entries:\n  - {term: Vilnius, kind: place}\n",
        "entries:\n  - {term: Vilnius, kind: place, variants: [Wilna]}\n"
        "  - term: Riga\n    kind: place\n    variants: [Liga-shi]\n",
    ),
    "all on one line": (
        "entries: [{term: Vilnius, kind: place, variants: []}]\n",
        "entries: [{term: Vilnius, kind: place, variants: [Wilna]}, {term: Riga, kind: place, variants: [Liga-shi]}]\n",
    ),
    "no variants yet": (
        "entries:\n  - kind: place\n    term: Vilnius # here\n",
        "entries:\n  - kind: place\n    term: Vilnius # here\n    variants: [Wilna]\n"
        "  - term: Riga\n    kind: place\n    variants: [Liga-shi]\n",
    ),
    "long lines": (
        f"entries:\n  - term: Vilnius\n    kind: place\n    note: {LONG}end\n    variants: [Vernis]\n",
        f"entries:\n  - term: Vilnius\n    kind: place\n    note: {LONG}end\n    variants: [Vernis, Wilna]\n"
        "  - term: Riga\n    kind: place\n    variants: [Liga-shi]\n",
    ),
    "a folded note at the end": (
        "entries:\n  - term: Vilnius\n    kind: place\n    note: >\n      one\n      two\n",
        "entries:\n  - term: Vilnius\n    kind: place\n    note: >\n      one\n      two\n    variants: [Wilna]\n"
        "  - term: Riga\n    kind: place\n    variants: [Liga-shi]\n",
    ),
    "blank lines between entries": (
        "entries:\n  - term: Oslo\n    kind: place\n\n  - term: Vilnius\n    kind: place\n    variants: [Vernis]\n\n\n",
        "entries:\n  - term: Oslo\n    kind: place\n\n  - term: Vilnius\n    kind: place\n"
        "    variants: [Vernis, Wilna]\n\n  - term: Riga\n    kind: place\n    variants: [Liga-shi]\n\n\n",
    ),
    "end of the document marked": (
        "---\nentries:\n  - term: Vilnius\n    kind: place\n    variants: [Vernis]\n...\n",
        "---\nentries:\n  - term: Vilnius\n    kind: place\n    variants: [Vernis, Wilna]\n"
        "  - term: Riga\n    kind: place\n    variants: [Liga-shi]\n...\n",
    ),
}


def add_two(path: str = "terms.yaml") -> None:
    for variant, term in (("Wilna", "Vilnius"), ("Liga-shi", "Riga")):
        done = mtclean("glossary", "add", variant, "--term", term, "--kind", "place", "--to", path)
        assert (done.status, done.out) == (0, b""), done.err


@pytest.mark.parametrize("name", AWKWARD)
@pytest.mark.parametrize("way", ["as it is", "CRLF", "byte-order mark", "no final newline"])
def test_add_leaves_every_other_character_as_it_was(name, way):
    def kept_so(text: str) -> bytes:
        if way == "CRLF":
            text = text.replace("\n", "\r\n")
        if way == "no final newline":
            text = text.rstrip("\n")
        return ("\ufeff" * (way == "byte-order mark") + text).encode()

    before, after = AWKWARD[name]
    put("terms.yaml", kept_so(before))
    add_two()
    assert now() == kept_so(after).decode()
    glossaries.load([Path("terms.yaml")], shipped=False)


@pytest.mark.parametrize("name", AWKWARD)
def test_entries_and_variants_come_at_once(name):
    before, after = AWKWARD[name]
    put("terms.yaml", before)
    put("new.csv", "term,kind,variants\nRiga,place,Liga-shi\nVilnius,place,Wilna\n")
    assert mtclean("glossary", "import", "new.csv", "--to", "terms.yaml").status == 0
    assert now() == after


@pytest.mark.parametrize("text", ["", "# mine\n", "entries: []\n", "entries: []  # none\n", "entries:\n  []", "{}\n"])
def test_add_to_a_file_without_entries(text):
    put("terms.yaml", text)
    if text == "{}\n":
        assert "a glossary needs the key 'entries'" in add_one().refusal
        return
    add_two()
    assert [entry["term"] for entry in entries()] == ["Vilnius", "Riga"]
    assert text.partition("#")[2] in now()


def add_one(*options: str, variant: str = "Wilna", term: str = "Vilnius"):
    return mtclean("glossary", "add", variant, "--term", term, "--to", "terms.yaml", *options)


def test_add_makes_the_file_with_the_schema_for_editors():
    assert add_one("--kind", "place").err.splitlines()[-1] == "terms.yaml: a new entry for 'Vilnius'"
    head = now().splitlines()[0]
    assert head.startswith("# yaml-language-server: $schema=/")
    assert head.endswith("glossary.schema.json")


@pytest.mark.parametrize(
    "variant", ["No", "on", "12", "1:30", "2024-01-01", "~", "a: b", "? x", "{x}", "it's #1", "“q”"]
)
def test_add_puts_in_quotes_what_yaml_would_take_for_something_else(variant):
    put("terms.yaml", "entries:\n  - {term: Vilnius, kind: term, variants: [Vernis]}\n")
    assert add_one(variant=variant).status == 0
    assert add_one(variant="Riga, old: new", term=variant).status == 0
    assert [(e["term"], e["variants"]) for e in entries()] == [
        ("Vilnius", ["Vernis", variant]),
        (variant, ["Riga, old: new"]),
    ]


def test_add_breaks_a_long_list_between_variants():
    put("terms.yaml", f"entries:\n  - term: Vilnius\n    kind: term\n    variants: [{'Vernis' * 15}]\n")
    assert add_one(variant="Vilnyus of the north").status == 0
    assert now().endswith(f"Vernis,\n{' ' * 15}Vilnyus of the north]\n")


def test_add_twice_adds_once():
    add_two()
    before = now()
    add_two()
    assert now() == before


def test_an_entry_that_asks_for_other_company_stands_by_itself():
    add_one("--kind", "place")
    add_one("--kind", "place", "--document", "Lithuania", variant="Bilna")
    add_one("--kind", "place", "--document", "Lithuania", variant="Birna")
    assert [(e["variants"], e.get("when")) for e in entries()] == [
        (["Wilna"], None),
        (["Bilna", "Birna"], {"document": ["Lithuania"]}),
    ]


def test_add_tells_what_the_lint_says_of_what_was_added():
    put("terms.yaml", "entries:\n- {term: Oslo, kind: place, variants: [Verona]}\n")
    done = add_one("--kind", "place", variant="work")
    assert done.err.splitlines() == [
        "terms.yaml:5:14: warning: the variant 'work' is an English word of its own; "
        "say with 'when' in which company it is wrong",
        "terms.yaml: a new entry for 'Vilnius'",
    ]


@pytest.mark.parametrize(
    ("text", "arguments", "refusal"),
    [
        (b"entries:\n\t- term: x\n", (), "terms.yaml:2:1: not valid YAML"),
        (b"entries:\n- term: x\n", (), "terms.yaml:2:3: the entry has no 'kind'"),
        (b"entries: [{term: caf\xe9}]\n", (), "terms.yaml: not UTF-8; save the file as UTF-8"),
        (b"entries:\n- &a {term: Vilnius, kind: term}\n", (), "terms.yaml:2:3: &a makes an entry say"),
        (b"entries: []\n", ("--kind", "plaice"), "'plaice' is not one of"),
        (b"entries: []\n", ("--level", "sure"), "'sure' is not one of"),
        (b"entries:\n- {term: Wilna, kind: term, variants: [Vilnius]}\n", (), "nothing was written: "),
        (b"entries:\n- {term: Oslo, kind: term, variants: [Wilna]}\n", (), "stands for another term in terms.yaml:2"),
    ],
)
def test_add_refuses_in_one_line_and_writes_nothing(text, arguments, refusal):
    put("terms.yaml", text)
    assert refusal in add_one(*arguments).refusal
    assert Path("terms.yaml").read_bytes() == text
    assert not leftovers(put("terms.yaml", text).parent)


def test_add_to_what_is_no_file_or_below_one():
    put("folder/x", "")
    assert mtclean("glossary", "add", "a", "--term", "b", "--to", "folder").refusal.startswith("folder: ")
    assert mtclean("glossary", "add", "a", "--term", "b", "--to", "folder/x/t.yaml").refusal.startswith("folder/x")
    assert "is the term itself" in mtclean("glossary", "add", "a", "--term", "a", "--to", "t.yaml").refusal
    assert "must be text, not blank" in mtclean("glossary", "add", " ", "--term", "a", "--to", "t.yaml").refusal


# --- import and export -----------------------------------------------------------------------------------------------

HEADER = "term,kind,variants,document,near,level,source,ja,zh,note,more\n"
EVERY_KEY = """entries:
  - term: Vilnius
    kind: place
    variants: [Vernis, "a | b", {text: wilna, whole: false}, {regex: 'Viln[ao]'}, {fuzzy: Vilnius, distance: 2}]
    case: any
    when: {document: [Lithuania, "<x>&y"], near: [Baltic], source: ja, since: 2020-01-31, until: 2024-02-29}
    unless: {before: [house of], after: [<capital>]}
    level: suggest
    source: ja
    native: {ja: [ヴィリニュス], zh: [维尔纽斯, 維爾紐斯]}
    note: "a capital, \\"the\\" capital"
    examples: [{bad: "a Vernis, Baltic, Lithuania", good: "a Vilnius, Baltic, Lithuania"}]
  - {term: G7, kind: organisation, expand: Group of Seven (G7), keep: true}
  - {term: Xi Jinping, kind: person, surname: Xi}
  - {term: aid, kind: term, variants: [help out], inflect: [plural, the], forbid: true}
"""


@pytest.mark.parametrize("suffix", ["csv", "tbx"])
@pytest.mark.parametrize("glossary", ["own", "shipped"])
def test_what_is_exported_and_imported_is_the_same(suffix, glossary):
    put("own.yaml", EVERY_KEY)
    sources = ["own.yaml"] if glossary == "own" else []
    assert mtclean("glossary", "export", *sources, "-o", f"a.{suffix}").status == 0
    done = mtclean("glossary", "import", f"a.{suffix}", "--to", "terms.yaml")
    assert done.status == 0, done.err
    before = [replace(e, place="") for path in sources for e in glossaries.read_entries(Path(path))]
    before = before or [replace(e, place="") for e in glossaries.shipped_glossary().entries]
    assert [replace(e, place="") for e in glossaries.read_entries(Path("terms.yaml"))] == before
    mtclean("glossary", "export", "terms.yaml", "-o", f"b.{suffix}")
    assert now(f"a.{suffix}") == now(f"b.{suffix}")
    written = now()
    assert "0 new entries, 0 variants" in mtclean("glossary", "import", f"b.{suffix}", "--to", "terms.yaml").err
    assert now() == written


def test_a_translation_tool_reads_and_rewrites_the_tbx():
    tbx = pytest.importorskip("translate.storage.tbx")
    put("own.yaml", EVERY_KEY)
    mtclean("glossary", "export", "own.yaml", "-o", "a.tbx")
    store = tbx.tbxfile.parsefile("a.tbx")
    first, *_ = [unit.get_source_terms() for unit in store.units]
    assert [(term.text, term.deprecated) for term in first] == [("Vilnius", False), ("Vernis", True), ("a | b", True)]
    assert [term.text for term in store.units[0].get_target_terms("zh")] == ["维尔纽斯", "維爾紐斯"]
    store.savefile("b.tbx")
    for name in ("a", "b"):
        assert mtclean("glossary", "import", f"{name}.tbx", "--to", f"{name}.yaml").status == 0
    assert now("a.yaml") == now("b.yaml")


def test_a_table_with_nothing_but_terms_and_variants():
    put("a.csv", "\ufeffterm,variants\r\nVilnius,Vernis | Wernis | Vernis\r\n,\r\nRiga,\r\n")
    assert mtclean("glossary", "import", "a.csv", "--to", "terms.yaml").status == 0
    assert entries() == [
        {"term": "Vilnius", "kind": "term", "variants": ["Vernis", "Wernis"]},
        {"term": "Riga", "kind": "term"},
    ]


def test_the_table_is_one():
    put("own.yaml", EVERY_KEY)
    mtclean("glossary", "export", "own.yaml", "-o", "a.csv")
    first, *_ = rows = list(csv.DictReader(io.StringIO(now("a.csv"))))
    assert (len(rows), first["variants"], first["document"], first["zh"]) == (
        4, "Vernis", "Lithuania | <x>&y", "维尔纽斯 | 維爾紐斯",
    )  # fmt: skip


FOREIGN_TBX = """<?xml version='1.0' encoding='ISO-8859-1'?>
<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
<tbx style="dct" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">
<text><body>
<conceptEntry id="c1"><langSec xml:lang="en-GB">
 <termSec><term>admitted  caf\u00e9</term></termSec>
 <termSec><term>coffee <hi>house</hi></term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote>
 </termSec>
 <termSec><term>bean bar</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termSec>
</langSec><langSec xml:lang="zh_CN"><termSec><term>咖啡馆</term></termSec></langSec>
<langSec xml:lang="de"><termSec><term>Kaffeehaus</term></termSec></langSec></conceptEntry>
<conceptEntry id="c2"><langSec xml:lang="de"><termSec><term>Tee</term></termSec></langSec></conceptEntry>
</body></text></tbx>
"""


def test_the_tbx_of_other_tools_and_what_of_it_is_left_out():
    put("a.tbx", FOREIGN_TBX)
    done = mtclean("glossary", "import", "a.tbx", "--to", "terms.yaml")
    assert done.err.splitlines() == [
        "a.tbx: 1 further lawful terms left out",
        "a.tbx: 1 terms in other languages left out",
        "a.tbx: 1 entries without an English term left out",
        "terms.yaml: 1 new entry, 0 variants to entries that were there",
    ]
    assert entries() == [
        {"term": "coffee house", "kind": "term", "variants": ["bean bar"], "native": {"zh": ["咖啡馆"]}}
    ]


ENTITIES = '<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]><m>&b;</m>'
DEEP = "<termEntry>" * 100_000


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("a.tbx", ENTITIES, "a.tbx: declares entities of its own; remove the internal DTD"),
        ("a.tbx", "<martif><text>", "a.tbx:1:15: not well-formed XML"),
        ("a.tbx", "", "a.tbx:1:1: not well-formed XML"),
        ("a.tbx", DEEP, "a.tbx: nests too deep"),
        ("a.tbx", "<martif/>", "a.tbx: holds no English term"),
        ("a.tbx", "<martif>&undefined;</martif>", "a.tbx:1:9: not well-formed XML"),
        ("a.tbx", "<m/>".encode("utf-16"), "a.tbx: not UTF-8"),
        ("a.csv", b"term\ncaf\xe9\n", "a.csv: not UTF-8; save the file as UTF-8"),
        ("a.csv", "", "a.csv:1: has no column 'term'"),
        ("a.csv", "term;kind\nA;place\n", "a.csv:1: has a column 'term;kind'; use term, kind, "),
        ("a.csv", "term,term\nA,B\n", "a.csv:1: has two columns 'term'"),
        ("a.csv", "kind\nplace\n", "a.csv:1: has no column 'term'"),
        ("a.csv", "term\nA,B\n", "a.csv:2: has more cells than the header"),
        ("a.csv", 'term\n"A\n', "a.csv:2: not valid CSV: unexpected end of data"),
        ("a.csv", "term,kind\nA,plaice\n", "a.csv:2: kind cannot be 'plaice'; did you mean 'place'?"),
        ("a.csv", "term,kind\n,place\n", "a.csv:2: has no term"),
        ("a.csv", "term,level\nA,sure\n", "a.csv:2: level cannot be 'sure'"),
        ("a.csv", "term,variants\nA,A\n", "a.csv:2: the variant 'A' is the term itself"),
        ("a.csv", "term,more\nA,{\n", "a.csv:2: 'more' is no JSON"),
        ("a.csv", "term,more\nA,[]\n", "a.csv:2: 'more' is no mapping"),
        ("a.csv", 'term,more\nA,"{""trem"": 1}"\n', "a.csv:2: unknown key 'trem' in an entry"),
        ("a.csv", 'term,more\nA,"{""variants"": [{""regex"": ""(a+)+""}]}"\n', "a.csv:2: the expression '(a+)+'"),
        ("a.csv", 'term,more\nA,"{""when"": {""since"": ""soon""}}"\n', "a.csv:2: since must be a date"),
        ("a.csv", "term\nA\x07B\n", "a.csv:2: the character U+0007 may not stand in YAML"),
        ("a.csv", "term,variants\nA,X\nB,X\n", "nothing was written: the variant 'X' stands for another term"),
        ("a.csv", "term\n" + "A" * 200_000 + "\n", "a.csv:2: not valid CSV: field larger than field limit"),
        ("a.txt", "term\nA\n", "a.txt: is neither .csv nor .tbx"),
    ],
)
def test_hostile_input_gives_one_line_and_no_file(name, content, refusal):
    put(name, content)
    assert refusal in mtclean("glossary", "import", name, "--to", "terms.yaml").refusal
    assert not Path("terms.yaml").exists()


def test_missing_and_huge_files_are_told():
    assert mtclean("glossary", "import", "no.csv", "--to", "t.yaml").refusal == "no.csv: no such file or directory"
    with Path("a.csv").open("wb") as stream:
        stream.truncate(51 * 1024 * 1024)
    assert mtclean("glossary", "import", "a.csv", "--to", "t.yaml").refusal == "a.csv: is larger than 50 MB; split it"
    assert mtclean("glossary", "export", "-o", "a.xls").refusal == "a.xls: is neither .csv nor .tbx; name it so"
    assert mtclean("glossary", "export", "no.yaml", "-o", "b.csv").refusal.startswith("no.yaml: no such file")
    assert not Path("b.csv").exists()
    put("folder/x", "")
    assert mtclean("glossary", "export", "-o", "folder/x/a.csv").refusal.startswith("folder/x")


# --- try and list ----------------------------------------------------------------------------------------------------


def test_try_shows_every_hit_and_changes_nothing():
    put("a.txt", "They met in Alice Palace.\n\nThe Alice Palace said 3 no.\n")
    done = mtclean("glossary", "try", "Alice Palace", "--term", "Élysée Palace", "a.txt")
    assert done.text.splitlines() == [
        "a.txt:1:13: They met in [Alice Palace → Élysée Palace].",
        "a.txt:3:5: The [Alice Palace → Élysée Palace] said 3 no.",
    ]
    assert done.err == "2 places\n"


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("Al[il]ce Pal+ace", "--as", "regex"), ["[Alice Palace → Palais]", "[Allce Pallace → Palais]"]),
        (("Pallais", "--as", "fuzzy", "--kind", "place"), ["[Palkais → Palais]"]),
        (("Alice Palace", "--near", "France"), ["[Alice Palace → Palais]"]),
        (("Alice Palace", "--document", "Spain"), []),
    ],
)
def test_try_takes_expressions_near_spellings_and_company(arguments, shown):
    put("a.txt", "In France the Alice Palace.\nThe Allce Pallace.\nIn Palkais.\n")
    found = mtclean("glossary", "try", *arguments, "--term", "Palais", "a.txt").text
    assert [part for part in shown if part in found] == shown
    assert len(found.splitlines()) == len(shown)


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (("(a+)+", "--as", "regex", "--term", "b", "a.txt"), "command line:1:1: the expression '(a+)+' repeats"),
        (("ab", "--as", "fuzzy", "--term", "b", "a.txt"), "command line:1:1: 'ab' is no capitalised word"),
        (("b", "--term", "b", "a.txt"), "try: 'b' is the term itself"),
        (("a", "--term", "b", "no.txt"), "no.txt: there is no such file or folder"),
        (("a", "--term", "b"), "Missing argument 'PATH...'"),
        (("a", "a.txt"), "Missing option '--term'"),
    ],
)
def test_try_refuses_in_one_line(arguments, refusal):
    put("a.txt", "a")
    assert refusal in mtclean("glossary", "try", *arguments).refusal


def test_list_filters_by_text_and_kind():
    put("own.yaml", EVERY_KEY)
    (row,) = json.loads(mtclean("glossary", "list", "維爾", "--glossary", "own.yaml", "--format", "json").out)
    assert (row["term"], row["kind"], row["level"]) == ("Vilnius", "place", "suggest")
    assert "G7" in mtclean("glossary", "list", "--kind", "organisation", "--glossary", "own.yaml").text
    assert mtclean("glossary", "list", "no such thing").out == b""


# --- suggest ---------------------------------------------------------------------------------------------------------

CORPUS = (
    "Talks in Virniux, the capital of Lithuania, ended.\nVirniux's mayor met Mr Strobulsky of Lithuania.\n",
    "In Virnniux the Individually Tailored Partnership Programme (ITPP) was signed. An Individual Tailored Partnership"
    " Programme (ITPP) is new. Trade in Los Angeles grew; the irrigators, or Irrigators, of NATO-led Kosovo agreed.\n",
)


def corpus() -> None:
    for number, text in enumerate(CORPUS):
        put(f"texts/{number}.txt", text)


def test_suggest_names_what_nobody_knows_and_terms_in_several_wordings():
    corpus()
    told = json.loads(mtclean("glossary", "suggest", "texts", "--format", "json").out)
    first, second = told["names"]
    assert (first["name"], first["spellings"], first["kind"]) == ("Virniux", {"Virniux": 2, "Virnniux": 1}, "place")
    assert [(p["path"][6:], p["line"]) for p in first["places"]] == [("0.txt", 1), ("0.txt", 2), ("1.txt", 1)]
    assert first["nearest"][0]["name"] == "Vilnius"
    assert (second["name"], second["kind"]) == ("Strobulsky", "person")
    (term,) = told["terms"]
    assert term["known"] == "Individually Tailored Partnership Programme"
    assert term["why"] == "both stand for ITPP"
    assert set(term["wordings"].values()) == {1}


def test_suggest_has_a_floor_and_a_limit():
    corpus()
    assert mtclean("glossary", "suggest", "texts", "--min", "2").text.startswith("Virniux  3 in ")
    for options in (("--min", "2"), ("--limit", "1")):
        assert "Strobulsky  1 in" not in mtclean("glossary", "suggest", "texts", *options).text
    assert mtclean("glossary", "suggest", "texts").err == "2 unknown names, 1 term in several wordings\n"


def test_what_is_accepted_becomes_entries_that_ask_for_their_countries():
    corpus()
    pairs = ("Virniux=Vilnius", "Strobulsky=Jan Strobulski", "Individual Tailored Partnership Programme="
             "Individually Tailored Partnership Programme")  # fmt: skip
    options = [part for pair in pairs for part in ("--accept", pair)]
    done = mtclean("glossary", "suggest", "texts", *options, "--to", "terms.yaml")
    assert (done.status, done.out) == (0, b""), done.err
    place, person, programme = entries()
    assert place == {
        "term": "Vilnius", "kind": "place", "variants": ["Virniux"], "when": {"document": ["Lithuania", "Lithuanian"]},
    }  # fmt: skip
    assert (person["kind"], programme["kind"]) == ("person", "programme")
    assert mtclean("glossary", "lint", "terms.yaml").status == 0
    cleaned = mtclean("clean", "--no-rewrite", "-q", "--glossary", "terms.yaml", "-", stdin=CORPUS[0].encode()).text
    assert cleaned.startswith("Talks in Vilnius, the capital of Lithuania")


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (("--accept", "Virniux=Vilnius"), "suggest: --accept and --to go together"),
        (("--to", "t.yaml"), "suggest: --accept and --to go together"),
        (("--accept", "Virniux", "--to", "t.yaml"), "--accept: 'Virniux' is not WRONG=RIGHT"),
        (("--accept", "A=A", "--to", "t.yaml"), "--accept: 'A=A' is not WRONG=RIGHT"),
        (("--accept", "Nowhere=Oslo", "--to", "t.yaml"), "--accept: 'Nowhere' does not stand in the texts"),
        (("--min", "0"), "0 is not in the range"),
        (("--glossary", "no.yaml"), "no.yaml: no such file or directory"),
        (("no.txt",), "no.txt: there is no such file or folder"),
    ],
)
def test_suggest_refuses_in_one_line(arguments, refusal):
    corpus()
    assert refusal in mtclean("glossary", "suggest", "texts", *arguments).refusal
    assert not Path("t.yaml").exists()


def test_what_suggest_keeps_does_not_grow_with_the_corpus():
    miner = Miner([])
    for number in range(300):
        miner.read(Document(f"Talks in Virniux, Lithuania, with the Great Northern Virniux Council {number}.\n" * 3))
    assert miner.seen.keys() == {"Virniux"}
    assert (miner.seen["Virniux"].count, len(miner.seen["Virniux"].places)) == (1800, 3)
    assert len(miner.phrases) == 1


# --- docs/glossary.md ------------------------------------------------------------------------------------------------

PAGE = (Path(__file__).parent.parent / "docs/glossary.md").read_text(encoding="utf-8")


def test_the_page_has_every_key_and_every_command():
    for key in (*glossary_file.KEYS, *glossary_file.CONDITION_KEYS, *glossary_file.VARIANT_KEYS):
        assert f"`{key}`" in PAGE or f"{key}:" in PAGE, key
    for name in glossary_cli.glossary.commands:
        assert f"mtclean glossary {name} " in PAGE, name


def test_what_the_page_shows_loads():
    whole, variants = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (entry,) = glossaries.load([put("terms.yaml", whole)], shipped=False).entries
    assert len(entry.examples) == 2
    shown = re.findall(r"^\| `\w+`(?:, `\w+`)? \|.*\| `([^`]+: [^`]+)` \|$", PAGE, re.MULTILINE)
    assert len(shown) == 20
    for line in shown:
        lines = [line] if line.startswith("term") else ["term: The Group of Seven (G7)", line]
        lines += [] if line.startswith("kind") else ["kind: place"]
        put("one.yaml", "entries:\n- " + "\n  ".join(line.replace("expand: ", "note: ") for line in lines) + "\n")
        glossaries.load([Path("one.yaml")], shipped=False)
    put("two.yaml", "entries:\n- term: Vilnius\n  kind: place\n  " + variants.replace("\n", "\n  "))
    (entry,) = glossaries.load([Path("two.yaml")], shipped=False).entries
    assert (len(entry.variants), len(entry.regexes), len(entry.fuzzies)) == (2, 1, 1)
