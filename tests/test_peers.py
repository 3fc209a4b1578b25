"""The benchmark that compares with other tools: what it counts, and what it makes of a tool that fails."""

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from conftest import ROOT

from cleaners.config import Settings
from cleaners.core import splice
from cleaners.engine import Cleaner
from cleaners.evaluate import detection


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("peers", ROOT / "benchmarks" / "peers.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["peers"] = module
    spec.loader.exec_module(module)
    return module


peers = load()

RAW = "The fleet sailed. rice field.\nTurnout was 98%of the roll in Riga.\n"
ROWS = (
    {"bad": " rice field.", "good": [""], "tier": "fix", "family": "stray-token"},
    {"bad": "98%of", "good": ["98% of"], "tier": "fix", "family": "missing-space"},
    {"bad": "Riga", "good": [], "tier": "flag", "family": "place-name"},
)

FAKES = '''
import os
import time


class Fake:
    version = "1.2"

    def __init__(self, fix, flags=None):
        self.fix, self.flags = fix, flags

    def run(self, texts):
        for text in texts:
            yield self.fix(text), None if self.flags is None else self.flags(text)


def editor():
    """Mends one row, flags another and spoils a word outside the gold."""
    mend = lambda text: text.replace("98%of", "98% of").replace("fleet", "navy")
    return Fake(mend, lambda text: [(at, at + 4)] if (at := text.find("Riga")) >= 0 else [])


def changer():
    return Fake(lambda text: text.replace("fleet", "navy"))


def squeezer():
    return Fake(lambda text: text.replace("  ", " ").replace("three", "3"))


def absent():
    import a_package_that_nobody_has


def raising():
    return Fake(lambda text: 1 / 0)


def dying():
    return Fake(lambda text: os._exit(7))


def sleeping():
    return Fake(lambda text: time.sleep(60))


def forgetful():
    fake = Fake(str)
    fake.run = lambda texts: iter(())
    return fake


def astray():
    return Fake(str, lambda text: [(0, len(text) + 1)])
'''


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """A gold file with one damaged document, and one beside it that is right."""
    (tmp_path / "a.txt").write_text(RAW, encoding="utf-8")
    (tmp_path / "b.txt").write_text("The fleet came home.\n", encoding="utf-8")
    rows = [
        {"doc": "a.txt", "start": (at := RAW.index(row["bad"])), "end": at + len(row["bad"]), **row} for row in ROWS
    ]
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def human(tmp_path: Path) -> Path:
    path = tmp_path / "human.jsonl"
    texts = ["The fleet and the fleet met in Riga.", "One two three four."]
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return path


@pytest.fixture
def fakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a module of fake peers that a peer's process can import, and this one too."""
    folder = tmp_path / "fakes"
    folder.mkdir()
    (folder / "fake_peers.py").write_text(FAKES, encoding="utf-8")
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    monkeypatch.setenv("PYTHONPATH", path)
    monkeypatch.syspath_prepend(folder)
    yield "fake_peers"
    sys.modules.pop("fake_peers", None)


# --- counting --------------------------------------------------------------------------------------


def test_flags_and_edits_of_a_peer_are_counted(gold: Path, human: Path, fakes: str):
    row = peers.compare(
        peers.find_peer(f"{fakes}:editor"), peers.read_gold(gold), peers.read_human([str(human)], "text"), timeout=60
    )
    assert row.report.version == "1.2"
    assert (row.counts.recall.hits, row.counts.recall.trials) == (2, 3)
    assert (row.counts.restoration.hits, row.counts.restoration.trials) == (1, 2)
    assert row.counts.outside == 2  # the fleet, also that of the document without rows
    assert (row.words, row.edits, row.flags) == (12, 2, 1)
    assert row.pace > 0
    assert row.report.peak > 1_000_000


def test_a_peer_that_only_changes_has_no_flags(gold: Path, human: Path, fakes: str):
    documents = peers.read_gold(gold)
    row = peers.compare(peers.find_peer(f"{fakes}:changer"), documents, peers.read_human([str(human)], "text"), 60)
    assert row.counts.recall.hits == 0
    assert row.flags is None
    (shown,) = peers.harm_table([row], 12).rows
    assert shown[1:5] == (12, round(2 / 12 * 1_000_000), 0, None)


def test_edits_of_nothing_but_blanks_are_counted_apart(gold: Path, fakes: str):
    row = peers.compare(
        peers.find_peer(f"{fakes}:squeezer"), peers.read_gold(gold), ["One.  Two three.", "Four  fleets."], timeout=60
    )
    assert (row.edits, row.blanks) == (3, 2)


def test_doing_nothing_finds_nothing(gold: Path):
    documents = peers.read_gold(gold)
    counts = peers.score(documents, [peers.Outcome(item.document.text) for item in documents])
    assert (counts.recall.hits, counts.restoration.hits, counts.outside) == (0, 0, 0)


@pytest.mark.parametrize("suggest", [False, True])
def test_mtclean_scores_as_in_its_own_evaluation(suggest: bool):
    documents = peers.read_gold(peers.GOLD)
    settings = Settings(suggest=suggest)
    report = peers.work(peers.Peer("own", "", lambda: peers.Own(settings)), [item.document.text for item in documents])
    ours, theirs = peers.score(documents, report.outcomes), detection.measure(Cleaner(settings), documents)
    assert (ours.recall, ours.restoration, ours.outside) == (theirs.recall, theirs.restoration, theirs.outside)


@pytest.mark.parametrize(
    ("raw", "clean", "edits"),
    [
        ("a b c", "a b c", []),
        ("a b c", "a x c", [(2, 3, "x")]),
        ("a b c d", "a x y d", [(2, 5, "x y")]),  # side by side: one edit
        ("98%of it", "98% of it", [(3, 3, " ")]),
        ("end. rice field.\nNext", "end.\nNext", [(4, 16, "")]),
        ("one\ntwo\nthree\n", "one\nthree\n", [(4, 8, "")]),
        ('so."\n\nMore\n- a\n', "so.”\n", [(3, 4, "”"), (5, 15, "")]),  # not one edit across lines
        ("a\r\nb", "a\nb", [(1, 2, "")]),
        ("", "x", [(0, 0, "x")]),
        ("x", "", [(0, 1, "")]),
    ],
)
def test_edits_between_two_texts(raw: str, clean: str, edits: list[tuple[int, int, str]]):
    found = peers.edits_between(raw, clean)
    assert splice(raw, found) == clean
    assert found == edits


def test_an_insertion_that_touches_a_row_finds_it(gold: Path):
    documents = peers.read_gold(gold)
    outcomes = [peers.Outcome(item.document.text.replace("Riga.", "Riga!.")) for item in documents]
    assert peers.score(documents, outcomes).recall.hits == 1


def test_first_suggestions_are_applied_in_order_without_overlaps():
    marks = [peers.Mark(4, 7, "X"), peers.Mark(0, 3, None), peers.Mark(5, 9, "Y"), peers.Mark(8, 11, "")]
    outcome = peers.apply_first("one two six.", marks)
    assert outcome.text == "one X ."
    assert outcome.flags == [(0, 3), (4, 7), (5, 9), (8, 11)]


def test_a_budget_draws_the_same_texts_each_time():
    texts = [f"text {number} " + "word " * number for number in range(20)]
    assert sorted(peers.sample(texts, None)) == sorted(texts)
    assert peers.sample(texts, 50) == peers.sample(texts, 50)
    assert 40 <= peers.words_in(peers.sample(texts, 50)) <= 50


# --- peers that fail -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("absent", "not installed (No module named 'a_package_that_nobody_has')"),
        ("raising", "crashed: ZeroDivisionError: division by zero"),
        ("dying", "crashed: status 7"),
        ("forgetful", "crashed: ValueError: zip() argument 2 is shorter than argument 1"),
        ("astray", "crashed: ValueError: a flag lies outside its text"),
    ],
)
def test_a_peer_that_fails_has_a_row_that_says_so(gold: Path, fakes: str, name: str, remark: str):
    row = peers.compare(peers.find_peer(f"{fakes}:{name}"), documents := peers.read_gold(gold), [], timeout=60)
    assert row.report.remark == remark
    (shown,) = peers.found_table([row], documents).rows
    assert shown == (f"{fakes}:{name}", "", None, None, None, remark)
    assert peers.harm_table([row], 0).rows == ()


def test_a_peer_that_hangs_is_stopped(gold: Path, fakes: str):
    row = peers.compare(peers.find_peer(f"{fakes}:sleeping"), peers.read_gold(gold), [], timeout=3)
    assert row.report.remark == "stopped after 3 s"


def test_unknown_peer_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]):
    assert peers.main(["--peer", "nobody"]) == 2
    assert "there is no peer 'nobody'" in capsys.readouterr().err


@pytest.mark.parametrize("peer", peers.PEERS, ids=lambda peer: peer.name)
@pytest.mark.filterwarnings("default")
def test_every_peer_runs_or_is_reported_as_missing(peer):
    report = peers.measure(peer.name, [RAW], timeout=120)
    if report.remark:
        assert report.remark.startswith("not installed (")
    else:
        (outcome,) = report.outcomes
        assert isinstance(outcome.text, str)


# --- LanguageTool, with a server that answers as its own does --------------------------------------

SERVER = """
import http.server, json, sys, urllib.parse

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        text = urllib.parse.parse_qs(body)["text"][0]
        at = len(text[: text.find("teh")].encode("utf-16-le")) // 2
        match = {"offset": at, "length": 3, "replacements": [{"value": "the"}, {"value": "tea"}]}
        answer = {"software": {"version": "6.6"}, "matches": [match] if "teh" in text else []}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_):
        pass

http.server.HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Handler).serve_forever()
"""


def test_languagetool_is_started_asked_and_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "languagetool-server.jar").touch()
    (tmp_path / "server.py").write_text(SERVER, encoding="utf-8")
    java = tmp_path / "java"
    java.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{tmp_path}/server.py" "$@"\n', encoding="utf-8")
    java.chmod(0o755)
    monkeypatch.setenv("LTP_JAR_DIR_PATH", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    tool = peers.LanguageTool()
    outcomes = list(tool.run(["😀 teh end", "right"]))
    assert tool.version == "6.6"
    assert outcomes == [("😀 the end", [(2, 5)]), ("right", [])]


# --- the page --------------------------------------------------------------------------------------


def test_page_is_written_from_the_run(
    gold: Path, human: Path, fakes: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    page = tmp_path / "peers.md"
    done = peers.main([
        *(str(human), "--gold", str(gold), "--about", "two sentences", "--write", str(page)),
        *("--peer", f"{fakes}:editor", "--peer", f"{fakes}:absent", "--example", " rice field.", "--example", "98%of"),
    ])  # fmt: skip
    assert done == 0
    printed, written = capsys.readouterr().out, page.read_text(encoding="utf-8")
    for text in (printed, written):
        assert "not installed (No module named 'a_package_that_nobody_has')" in text
        assert f"{fakes}:editor:1.2" in text
        assert "The fleet sailed. **rice field.**" in text
    assert f"| {fakes}:editor | 1.2 | 2 | 1 | 2 |  |" in written
    assert "`98%of` → `98% of`" in written
    assert "The human text is two sentences." in written
    assert str(tmp_path) not in written
