"""The review in a browser: accept, reject, edit, undo, keep; and the files on disk are what the page showed."""

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import commandline
import pytest
from commandline import mtclean, put

from cleaners import choices

pytest_plugins = ["browsing"]
pytestmark = pytest.mark.slow

TEXT = (
    "He met the the press in Tokyo. They chose the date so that visitors could fly on to Vernis, in Lithuania.\n"
    "\n"
    "The plan was dropped. Essence They met. It is difficult for themselves to stay away.\n"
    "\n"
    "Nobody knew why the the train was late.\n"
)
HOSTILE = "<script>window.pwned = true</script><img src=x onerror=window.pwned=true> He met the the press \u202ehere.\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def review(opened):
    """The review of two documents, opened at the first; the server ends with the test."""
    put("raw/a.txt", TEXT)
    put('raw/b "<i>".txt', HOSTILE)
    assert mtclean("clean", "-q", "--no-rewrite", "-o", "out", "raw").status == 0
    server = subprocess.Popen([*commandline.PROGRAM, "review", "out", "--no-browser"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)  # fmt: skip
    try:
        address = server.stdout.readline().strip()
        page = opened(address, allowed=address.partition("/?")[0], expected="409 (Conflict)")
        go_to(page, "a.txt")
        yield SimpleNamespace(page=page, rows=rows)
    finally:
        server.terminate()
        server.wait(10)
        server.stdout.close()


def rows(name="a.txt"):
    return [json.loads(line) for line in Path(f"out/{name}.trail.jsonl").read_text(encoding="utf-8").splitlines()[1:]]


def clean_text(name="a.txt"):
    return Path("out", name).read_bytes().decode()


def of(verdict, code=""):
    """The number of the first finding with this verdict, of a rule."""
    return next(n for n, row in enumerate(rows()) if row["verdict"] == verdict and row["code"].startswith(code))


def go_to(page, name):
    page.click(f"text={name}")
    page.wait_for_url("**/document/*")
    page.wait_for_selector("form.decide", state="attached")


def stand_on(page, number):
    page.evaluate("number => window.mtcleanReport.select(number)", number)
    page.wait_for_selector("form.decide:not([hidden])")


def told(page):
    """What the page says once the server has answered."""
    page.wait_for_function("() => document.querySelector('form.decide .told').textContent !== ''")
    return page.text_content("form.decide .told")


def shown(page):
    """The clean text as the page shows it: all that is not deleted, letter for letter."""
    return page.evaluate(
        """() => {
            const text = document.querySelector("#text").cloneNode(true);
            for (const gone of text.querySelectorAll("del, .no, .flag, .eol, h2")) gone.remove();
            return [...text.querySelectorAll(".line .t")].map((line) => line.textContent).join("");
        }"""
    )


def as_shown(page):
    return shown(page) == clean_text()


def test_the_page_shows_what_lies_on_disk(review):
    assert as_shown(review.page)
    assert review.page.locator("[id^=m]").count() >= len(rows())


@pytest.mark.parametrize("way", ["button", "key"])
def test_an_edit_is_undone_and_taken_back(review, way):
    page, number, before = review.page, of("applied", "REP"), clean_text()
    stand_on(page, number)
    page.click("[data-choice=undone]") if way == "button" else page.keyboard.press("u")
    assert "Undone" in told(page)
    assert clean_text() != before
    assert "the the press" in clean_text()
    assert as_shown(page)
    assert page.get_attribute(f"#f{number}", "data-verdict") == rows()[number]["verdict"] == "open"
    page.click("[data-choice=withdrawn]") if way == "button" else page.keyboard.press("u")
    page.wait_for_function("() => document.querySelector('.told').textContent.startsWith('Back')")
    assert clean_text() == before
    assert as_shown(page)


@pytest.mark.parametrize(("key", "verdict"), [("a", "applied"), ("r", "refused")])
def test_a_suggestion_is_accepted_or_rejected(review, key, verdict):
    page, number = review.page, of("suggested")
    stand_on(page, number)
    page.keyboard.press(key)
    told(page)
    assert rows()[number]["verdict"] == verdict == page.get_attribute(f"#f{number}", "data-verdict")
    assert as_shown(page)
    page.reload()
    assert as_shown(page)
    assert page.get_attribute(f"#f{number}", "data-verdict") == verdict


def test_a_text_of_ones_own_is_put_in(review):
    page, number = review.page, of("applied", "NAM")
    stand_on(page, number)
    page.keyboard.press("e")
    page.wait_for_selector("#edit[open]")
    assert page.input_value("#edit textarea") == rows()[number]["fix"]
    page.fill("#edit textarea", '<b>Vilnius</b> & "so on"')
    page.click("#edit .go")
    assert "in place" in told(page)
    assert '<b>Vilnius</b> & "so on"' in clean_text()
    assert as_shown(page)


def test_decisions_are_kept_when_the_text_is_cleaned_again(review):
    page = review.page
    stand_on(page, of("applied", "REP"))
    page.keyboard.press("u")
    told(page)
    decided = clean_text()
    assert len(Path("out", choices.FILE_NAME).read_text(encoding="utf-8").splitlines()) == 1
    assert mtclean("clean", "-q", "--no-rewrite", "-o", "out", "raw").status == 0
    assert clean_text() == decided
    page.reload()
    assert as_shown(page)


def test_a_hit_is_set_aside_after_a_preview(review):
    page = review.page
    stand_on(page, of("applied", "REP"))
    page.click("[data-open=aside]")
    page.wait_for_selector("#aside[open]")
    assert "1 place in 1 document" in page.text_content("#aside .preview")
    assert not Path("out/mtclean-ignore.yaml").exists()
    page.click("#aside .go")
    assert "Set aside" in told(page)
    assert "REP101" in Path("out/mtclean-ignore.yaml").read_text(encoding="utf-8")


def test_a_name_becomes_a_glossary_entry_after_a_preview(review):
    page = review.page
    stand_on(page, of("applied", "NAM"))
    page.click("[data-open=glossary]")
    page.wait_for_selector("#glossary[open]")
    assert page.input_value("#glossary [name=variant]") == "Vernis"
    assert page.input_value("#glossary [name=term]") == "Vilnius"
    assert page.is_disabled("#glossary .go")
    page.fill("#glossary [name=variant]", "press")
    page.click("#glossary .look")
    page.wait_for_function("() => document.querySelector('#glossary .preview').textContent.includes('2 places')")
    page.fill("#glossary [name=variant]", "Wernis")
    assert page.is_disabled("#glossary .go"), "what was shown is no longer what would be added"
    page.click("#glossary .look")
    page.click("#glossary .go")
    assert "Added" in told(page)
    assert "Wernis" in Path("out/mtclean-glossary.yaml").read_text(encoding="utf-8")


def test_what_the_server_refuses_is_told_and_nothing_is_lost(review):
    page = review.page
    stand_on(page, of("applied", "REP"))
    Path("out/a.txt").write_text("mine\n", encoding="utf-8")
    page.evaluate("document.querySelector('[data-choice=undone]').click()")
    page.wait_for_selector(".told.error")
    assert "hash differs" in page.text_content(".told")
    assert clean_text() == "mine\n"


def test_a_hostile_document_is_only_shown(review):
    page = review.page
    page.goto(page.url.rpartition("/document/")[0])
    go_to(page, 'b "<i>".txt')
    assert "<script>window.pwned" in shown(page)
    stand_on(page, 0)
    page.keyboard.press("u")
    told(page)
    assert page.evaluate("window.pwned") is False
    assert page.locator("#text script, #text img, h1 i").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(review, violations, fits, scheme):
    page = review.page
    page.emulate_media(color_scheme=scheme)
    stand_on(page, of("suggested"))
    assert violations(page) == []
    for name in ("edit", "aside", "glossary"):
        page.click(f"[data-open={name}]") if page.is_visible(f"[data-open={name}]") else None
        if page.locator(f"#{name}[open]").count() or page.is_visible(f"[data-open={name}]"):
            page.wait_for_selector(f"#{name}[open]")
            assert violations(page) == []
            page.keyboard.press("Escape")
    page.set_viewport_size({"width": 400, "height": 800})
    assert fits(page)
    page.goto(page.url.rpartition("/document/")[0])
    assert violations(page) == []
