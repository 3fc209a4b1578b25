"""A hit that was set aside stays so while its words and their neighbours do, and no longer."""

from __future__ import annotations

import pytest

from cleaners import ignore
from cleaners.config import Settings
from cleaners.core import Document, Verdict
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError

TEXT = "A first line.\nHe will chair the the Group of Seven summit in May.\nOf of note: they joined the the club.\n"


@pytest.fixture
def set_aside(tmp_path, cleaner):
    """Write the hits of a text that hold ``raw`` to a file, and give a cleaner that knows it."""

    def setter(text: str, raw: str, path: str = "") -> Cleaner:
        document = Document(text, path=path)
        hits = [(document, d) for d in cleaner.clean(document).decisions if d.raw == raw]
        assert hits
        file = tmp_path / ignore.FILE_NAME
        assert ignore.write(file, hits[:1]) == 1
        return Cleaner(Settings(), ignore.load(file))

    return setter


def test_one_hit_is_left_alone_and_the_others_are_not(set_aside):
    result = set_aside(TEXT, "the the").clean(Document(TEXT))
    assert result.text == TEXT.replace("Of of", "Of").replace("the the club", "the club")
    assert result.ignored == 1
    assert all(d.verdict is not Verdict.APPLIED or d.raw != "the the" or d.start > 40 for d in result.decisions)


@pytest.mark.parametrize(
    "edited",
    [
        "\ufeffAnother head.\n" + TEXT,
        TEXT.replace("A first line.\n", ""),
        TEXT.replace("\n", "\r\n"),
        TEXT + "More.\n",
        TEXT.replace("in May", "in June of next year"),
        TEXT.replace("chair  the", "chair the").replace("A first line.", "The the line.Another line."),
    ],
)
def test_an_edit_elsewhere_does_not_unhook_it(set_aside, edited):
    result = set_aside(TEXT, "the the").clean(Document(edited))
    assert "chair the the Group" in result.text
    assert result.ignored == 1


@pytest.mark.parametrize(
    "edited",
    [
        TEXT.replace("the the Group", "the the the Group"),
        TEXT.replace("chair the the", "head the the"),
        TEXT.replace("the the Group", "the the Band"),
        TEXT.replace("the the Group", "of of Group"),
    ],
)
def test_an_edit_of_its_own_words_unhooks_it(set_aside, edited):
    result = set_aside(TEXT, "the the").clean(Document(edited))
    assert result.ignored == 0
    assert "the the" not in result.text
    assert "of of" not in result.text


def test_the_same_words_elsewhere_are_another_hit(set_aside):
    text = "He will chair the the Group of Seven summit.\n"
    assert set_aside(TEXT, "the the").clean(Document(text + "She joined the the club.\n")).ignored == 0


def test_a_hit_of_another_rule_at_the_same_words_is_not_meant():
    entry = ignore.IgnoreEntry("SPC101", "the the", "He will chair", "Group of Seven summit")
    hits = ignore.IgnoreList(frozenset({entry}))
    text = "He will chair the the Group of Seven summit."
    assert Cleaner(Settings(), hits).clean(Document(text)).text == text.replace("the the", "the")


@pytest.mark.parametrize(
    ("written", "read", "same"),
    [
        ("raw/a.txt", "raw/a.txt", True),
        ("raw/a.txt", "/srv/x/raw/a.txt", True),
        ("/srv/x/raw/a.txt", "a.txt", True),
        ("raw/a.txt", "raw/b.txt", False),
        ("raw/a.txt", "raw/aa.txt", False),
    ],
)
def test_a_path_narrows_it(set_aside, written, read, same):
    cleaner = set_aside(TEXT, "the the", path=written)
    assert cleaner.clean(Document(TEXT, path=read)).ignored == int(same)


def test_a_hit_in_a_later_pass_is_known_by_its_raw_words(set_aside):
    text = "He left. I saw the the end.Essence"
    assert "the the" in set_aside(text, "the the").clean(Document(text)).text


def test_a_long_hit_is_known_by_its_head(set_aside, cleaner):
    text = (
        "The ministers agreed to meet again in Tokyo in the autumn of next year, officials said.\nMOST READ\n"
        + "".join(f"- Headline number {n} of the page\n" for n in range(20))
    )
    raw = next(d.raw for d in cleaner.clean(Document(text)).applied)
    assert len(raw) > 200
    assert set_aside(text, raw).clean(Document(text)).text == text


def test_writing_adds_and_never_doubles(tmp_path, cleaner):
    file = tmp_path / ignore.FILE_NAME
    document = Document(TEXT, path="raw/a.txt")
    hits = [(document, d) for d in cleaner.clean(document).applied]
    assert ignore.write(file, hits[:1]) == 1
    before = ignore.load(file).entries
    assert ignore.write(file, hits) == len(hits) - 1 == 2
    assert ignore.write(file, hits) == 0
    assert before < ignore.load(file).entries
    assert Cleaner(Settings(), ignore.load(file)).clean(document).text == TEXT


@pytest.mark.parametrize("words", ["12", "yes", "null", "1.50", "a: b", "'x'", "- x", "会談", "[x]", "#x", "😀"])
def test_any_words_survive_the_file(tmp_path, words, cleaner):
    text = f"Then {words} the the {words} end."
    document = Document(text)
    file = tmp_path / ignore.FILE_NAME
    ignore.write(file, [(document, d) for d in cleaner.clean(document).applied])
    assert Cleaner(Settings(), ignore.load(file)).clean(document).text == text


def test_an_empty_file_sets_nothing_aside(tmp_path):
    for text in ("", "# nothing\n", "ignore:\n", "ignore: []\n"):
        (tmp_path / "i.yaml").write_text(text, encoding="utf-8")
        assert ignore.load(tmp_path / "i.yaml") == ignore.IgnoreList()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("ignor: []\n", ":1:1: unknown key 'ignor' in an ignore file; did you mean 'ignore'?"),
        ("ignore: 3\n", ":1:1: ignore must be a list"),
        ("ignore:\n  - code: A\n", ":2:5: an ignore entry needs 'code' and 'text'"),
        ("ignore:\n  - {code: A, text: ''}\n", ":2:5: 'code' and 'text' may not be empty"),
        ("ignore:\n  - code: A\n    text: 30\n", ":3:5: text must be text, not int 30; put it in quotes"),
        ("ignore:\n  - code: A\n    text: [x]\n", ":3:5: text must be text, not a list"),
        ("ignore:\n  - code: A\n    text: x\n    befor: y\n", ":4:5: unknown key 'befor'"),
    ],
)
def test_a_broken_file_is_told_with_its_place(tmp_path, text, complaint):
    file = tmp_path / "i.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(MtcleanError) as caught:
        ignore.load(file)
    assert str(caught.value).startswith(f"{file}{complaint}")


def test_empty_context_in_a_handwritten_entry_means_none(tmp_path):
    file = tmp_path / "i.yaml"
    file.write_text(
        "ignore:\n  - {code: REP101, text: of of, before: '', after: Europe ended., reason: }\n", encoding="utf-8"
    )
    text = "of of Europe ended."
    assert Cleaner(Settings(), ignore.load(file)).clean(Document(text)).text == text
