"""The report as files: what is written, what is linked, what goes away again; how it looks is for a browser to say."""

import gzip
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from commandline import leftovers, mtclean, put

from cleaners.report.html import markup, writer

DEBRIS = "He met the the press in Tokyo.\n"
CLEAN = "Nobody knew why the train was late.\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Reader(HTMLParser):
    """What a page links to, and the marks in it."""

    def __init__(self, place):
        super().__init__()
        self.place, self.links, self.ids, self.tags = place, [], [], Counter()
        self.feed(place.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags[tag] += 1
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given[key] for key in ("href", "src") if key in given]

    def targets(self):
        """The files that the page links to."""
        named = [link.partition("#")[0] for link in self.links]
        return {(self.place.parent / unquote(link)).resolve() for link in named if link}


def reported(*arguments):
    done = mtclean("clean", "--no-rewrite", "--report", "report", *arguments)
    assert done.status == 0, done.err
    return done


def pages():
    return sorted(path.relative_to("report/documents").as_posix() for path in Path("report/documents").rglob("*.html"))


def test_the_report_alone_writes_nothing_else(here):
    put("raw/a.txt", DEBRIS)
    done = reported("raw")
    assert "report in report/index.html" in done.err
    assert {path.name for path in here.iterdir()} == {"raw", "report"}
    assert Path("raw/a.txt").read_text(encoding="utf-8") == DEBRIS
    assert leftovers(here) == []


@pytest.mark.parametrize("how", [["-o", "out"], ["--in-place"]], ids=["folder", "in place"])
def test_the_report_goes_with_cleaning(how):
    put("raw/a.txt", DEBRIS)
    reported("raw", *how)
    assert pages() == ["a.txt.html"]
    clean = Path("out/a.txt" if how[0] == "-o" else "raw/a.txt")
    assert clean.read_text(encoding="utf-8") == "He met the press in Tokyo.\n"


@pytest.mark.parametrize("how", [["--diff"], ["-"]])
def test_the_report_does_not_go_with_what_is_printed(how):
    put("a.txt", DEBRIS)
    assert "--report" in mtclean("clean", "a.txt", "--report", "r", *how).refusal


def test_settings_name_the_report():
    put("raw/a.txt", DEBRIS)
    put("mtclean.toml", 'output = "out"\nreport = "report"\n')
    assert mtclean("clean", "--no-rewrite", "raw").status == 0
    assert pages() == ["a.txt.html"]
    assert mtclean("clean", "--no-rewrite", "--diff", "raw").status == 0


def test_every_link_leads_to_a_file_of_the_report():
    for name in (
        "a.txt",
        "deep/er/a.txt",
        "with space & 'quotes' \"too\".txt",
        "日本?#%41.txt",
        "[x]*.md",
        "x.txt.html.txt",
    ):
        put(f"raw/{name}", DEBRIS)
    reported("raw")
    inside = Path("report").resolve()
    for page in Path("report").rglob("*.html"):
        reader = Reader(page)
        assert all(target.is_file() and target.is_relative_to(inside) for target in reader.targets()), page
        assert not any("//" in link for link in reader.links)
    assert len(pages()) == 6


def test_each_document_knows_its_neighbours():
    for name in ("a.txt", "b.txt", "c.txt"):
        put(f"raw/{name}", DEBRIS)
    reported("raw")
    names = {page: {t.name for t in Reader(Path("report/documents", page)).targets()} for page in pages()}
    documents = {page: {name for name in found if name.endswith(".txt.html")} for page, found in names.items()}
    assert documents == {
        "a.txt.html": {"b.txt.html"},
        "b.txt.html": {"a.txt.html", "c.txt.html"},
        "c.txt.html": {"b.txt.html"},
    }


def test_a_document_in_which_nothing_was_found_is_only_counted():
    put("raw/a.txt", DEBRIS)
    put("raw/b.txt", CLEAN)
    reported("raw")
    assert pages() == ["a.txt.html"]
    assert "1 document in which nothing was found" in Path("report/index.html").read_text(encoding="utf-8")


def test_pages_of_a_former_report_go_and_other_files_stay():
    put("raw/a.txt", DEBRIS)
    put("raw/b.txt", DEBRIS)
    reported("raw")
    put("report/documents/mine.html", "mine")
    put("raw/b.txt", CLEAN)
    reported("raw")
    assert pages() == ["a.txt.html", "mine.html"]


def test_a_list_of_pages_that_names_others_deletes_none_outside(here):
    put("raw/a.txt", DEBRIS)
    put("precious.html", "mine")
    put("report/.mtclean-report.json", json.dumps(["../precious.html", str(here / "precious.html"), 5]))
    reported("raw")
    assert Path("precious.html").exists()


def test_a_name_as_long_as_names_may_be_gets_a_page():
    put(f"raw/{'x' * 239}.txt", DEBRIS)
    done = reported("raw")
    assert "1 file" in done.err
    (page,) = pages()
    assert len(page) < 100


@pytest.mark.parametrize("packed", [False, True])
def test_records_stand_on_one_page_with_their_names(packed):
    rows = [{"id": "x & 1", "text": DEBRIS}, {"text": CLEAN}, {"text": DEBRIS}]
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    put("raw/r.jsonl.gz" if packed else "raw/r.jsonl", gzip.compress(data) if packed else data)
    reported("raw")
    (page,) = pages()
    text = Path("report/documents", page).read_text(encoding="utf-8")
    assert re.findall(r"<h2>Record (.*?)</h2>", text) == ["x &amp; 1", "2"]
    ids = Reader(Path("report/documents", page)).ids
    assert len(ids) == len(set(ids))
    assert {"m0", "m1", "f0", "f1"} <= set(ids)


def test_very_many_records_are_split_over_pages(monkeypatch):
    monkeypatch.setattr(writer, "_MOST_FINDINGS", 3)
    put("raw/r.jsonl", "".join(json.dumps({"text": DEBRIS}) + "\n" for _ in range(7)))
    reported("raw")
    assert pages() == ["r.jsonl.html", "r.jsonl.part2.html", "r.jsonl.part3.html"]
    found = [Reader(Path("report/documents", page)).ids for page in pages()]
    assert [sum(id_.startswith("m") and id_[1:].isdigit() for id_ in ids) for ids in found] == [3, 3, 1]


def test_a_file_that_cannot_be_cleaned_is_not_in_the_way():
    put("raw/a.txt", DEBRIS)
    put("raw/b.jsonl", "{\n")
    done = mtclean("clean", "--no-rewrite", "--report", "report", "raw")
    assert done.status == 2
    assert pages() == ["a.txt.html"]


def test_a_report_that_cannot_be_written_is_told_in_one_line():
    put("raw/a.txt", DEBRIS)
    put("report", "a file")
    assert mtclean("clean", "--no-rewrite", "-q", "--report", "report", "raw").refusal


def test_one_file_needs_no_other():
    put("a.txt", DEBRIS)
    assert mtclean("clean", "-q", "--no-rewrite", "a.txt", "-o", "out").status == 0
    assert mtclean("diff", "a.txt", "out/a.txt", "--html", "one.html").status == 0
    reader = Reader(Path("one.html"))
    assert all(link.startswith("#") for link in reader.links), reader.links
    policy = re.search(
        r'http-equiv="Content-Security-Policy" content="([^"]*)"', Path("one.html").read_text(encoding="utf-8")
    )
    assert "unsafe" not in policy[1]
    assert policy[1].count("sha256-") == 2


def test_a_hostile_text_brings_no_element_with_it():
    hostile = "<script>x</script> </textarea></div> <b id=bold>He met the the press.</b> &lt;i&gt; \u202e\x1b[31m\n"
    put("raw/<img src=x>.txt", hostile)
    put("raw/b.txt", DEBRIS)
    reported("raw")
    page, plain = (Reader(Path("report/documents", name)) for name in ("<img src=x>.txt.html", "b.txt.html"))
    assert page.tags["script"] == plain.tags["script"]
    assert not {"img", "textarea", "script"} & set(page.tags - plain.tags)
    assert "bold" not in page.ids
    text = Path("report/documents/<img src=x>.txt.html").read_text(encoding="utf-8")
    assert "⟨U+202E⟩" in text
    assert not re.search("[\x00-\x08\x1b\u202e]", text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a<b>&\"'", "a&lt;b&gt;&amp;&#34;&#39;"),
        ("a\u200bb", 'a<span class="ctl">⟨U+200B⟩</span>b'),
        ("a\u200db", 'a<span class="ctl">⟨U+200D⟩</span>b'),
        ("👩\u200d👧", "👩\u200d👧"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ud800", '<span class="ctl">⟨U+D800⟩</span>'),
        ("tab\tand\xa0space", "tab\tand\xa0space"),
    ],
)
def test_what_nobody_can_see_is_written_out(text, shown):
    assert str(markup.shown(text)) == shown
