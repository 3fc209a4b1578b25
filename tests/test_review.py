"""The review: what people decide is kept, written and undone; and nobody else gets in."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import commandline
import httpx
import pytest
from commandline import mtclean, put
from starlette.testclient import TestClient

from cleaners import choices, reporting, trail
from cleaners.config import Settings
from cleaners.review.app import Review
from cleaners.review.command import HOST, _bound, prepared
from cleaners.review.gate import LARGEST_BODY, Gate

PORT = 8123
HOME = f"http://{HOST}:{PORT}"
TOKEN = "the-token-of-this-test"
JSON = {"Content-Type": "application/json", "Origin": HOME}
# One edit that is applied, one that is only suggested, and words that no rule minds.
TEXT = "He met the the press. The plan was dropped. Essence Essence\n\nIt is difficult for themselves to stay away.\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cleaned(name="a.txt", content=TEXT, *options):
    put(f"raw/{name}", content)
    assert mtclean("clean", "-q", "--no-rewrite", "-o", "out", "raw", *options).status == 0
    return Path("out", name)


def rows(name="a.txt"):
    lines = Path("out", f"{name}{trail.SUFFIX}").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines[1:-1]]


def gate(token=TOKEN, **options):
    keeping = prepared("out", **{"config": None, "ignore_file": None, "glossary": None, "text_field": None} | options)
    app = Review(keeping, RULES).app()
    return Gate(app, host=HOST, port=PORT, token=token)


RULES = reporting.rules_of(Settings())


class Page:
    """A browser's part of the review of one document."""

    def __init__(self, name="a.txt", **options):
        self.client = TestClient(gate(**options), base_url=HOME)
        assert self.client.get(f"/?token={TOKEN}").status_code == 200
        index = self.client.get("/").text
        self.id = re.search(rf'/document/(\w+)"[^>]*>(?:<[^>]*>)*{re.escape(name)}<', index)[1]
        self.sha256 = re.search(r'data-sha256="(\w+)"', self.client.get(f"/document/{self.id}").text)[1]

    def ask(self, path, **more):
        body = {"id": self.id, "sha256": self.sha256, **more}
        return self.client.post(f"/api/{path}", headers=JSON, content=json.dumps(body))

    def decide(self, number, choice, text=None):
        answer = self.ask("decide", n=number, choice=choice, text=text)
        if answer.status_code == 200:
            self.sha256 = answer.json()["sha256"]
        return answer


def of(code, found=None):
    """The number of the first finding of a rule."""
    return next(n for n, row in enumerate(found or rows()) if row["code"] == code)


def is_whole(name="a.txt"):
    """The clean file, its trail and the raw file fit each other."""
    return mtclean("apply", f"out/{name}{trail.SUFFIX}", f"raw/{name}").out == Path("out", name).read_bytes()


# ---------------------------------------------------------------- decisions


def test_an_applied_edit_is_undone_and_taken_back_again():
    clean = cleaned()
    before, as_cleaned = clean.read_bytes(), rows()
    page, number = Page(), of("REP101")
    assert page.decide(number, "undone").json()["summary"].startswith("1 edit")
    assert b"the the press" in clean.read_bytes()
    assert (rows()[number]["verdict"], rows()[number]["reason"]) == ("open", "undone by hand")
    assert is_whole()
    assert page.decide(number, "withdrawn").status_code == 200
    assert clean.read_bytes() == before
    assert rows() == as_cleaned


def suggestion():
    """A clean file with a suggestion in it: its number and row."""
    cleaned("a.txt", "The alliance met. He joined the board of directors of NATO yesterday, and the the talks\n"
            "went on. Prime Minister Kishida Kishida visited Vernis.\nThey met. Essence He left. Nobody knew why.\n"
            )  # fmt: skip
    found = [(n, row) for n, row in enumerate(rows()) if row["verdict"] == "suggested"]
    assert found, rows()
    return found[0]


def test_a_suggestion_is_accepted_and_the_text_follows_at_once():
    number, row = suggestion()
    answer = Page().decide(number, "accepted").json()
    text = Path("out/a.txt").read_text(encoding="utf-8")
    assert row["fix"] in text if row["fix"] else row["raw"] not in text
    assert (rows()[number]["verdict"], rows()[number]["reason"]) == ("applied", "accepted by hand")
    assert is_whole()
    assert f'id="f{number}"' in answer["rows"][str(number)]
    assert all('class="line' in line for line in answer["lines"].values())


def test_a_suggestion_is_rejected_and_says_so():
    number, _ = suggestion()
    before = Path("out/a.txt").read_bytes()
    Page().decide(number, "rejected")
    assert Path("out/a.txt").read_bytes() == before
    assert (rows()[number]["verdict"], rows()[number]["reason"]) == ("refused", "rejected by hand")


ODD = 'a 𝔸 \u202e <b> & "q"\n\nnew line\u2028\x85\r'


@pytest.mark.parametrize("text", ["", ODD, "x" * 10_000], ids=["nothing", "odd", "long"])
def test_an_edit_of_ones_own_is_put_in_letter_by_letter(text):
    cleaned()
    page, number = Page(), of("REP101")
    assert page.decide(number, "edited", text).status_code == 200
    assert rows()[number]["fix"] == text
    assert Path("out/a.txt").read_bytes().decode().startswith(f"He met {text} press.")
    assert is_whole()
    page.decide(number, "withdrawn")
    assert Path("out/a.txt").read_text(encoding="utf-8").startswith("He met the press.")


def test_decisions_outlive_cleaning_the_same_text_again_and_a_new_page():
    clean = cleaned()
    Page().decide(of("REP101"), "undone")
    decided, kept = clean.read_bytes(), rows()
    assert mtclean("clean", "-q", "--no-rewrite", "-o", "out", "raw").status == 0
    assert clean.read_bytes() == decided
    assert rows() == kept
    assert "1 finding decided by hand" in Page().client.get("/").text


def test_a_text_that_has_changed_asks_anew():
    cleaned()
    Page().decide(of("REP101"), "undone")
    clean = cleaned("a.txt", "New. " + TEXT)
    assert b"the the" not in clean.read_bytes()


def test_what_was_kept_is_done_before_a_page_is_shown():
    clean = cleaned()
    page = Page()
    page.decide(of("REP101"), "undone")
    decided = clean.read_bytes()
    kept = Path("out", choices.FILE_NAME).read_bytes()
    Path("out", choices.FILE_NAME).unlink()
    Path("out", f"a.txt{trail.SUFFIX}").unlink()
    cleaned()
    assert clean.read_bytes() != decided
    Path("out", choices.FILE_NAME).write_bytes(kept)  # as if the machine had stopped between the two writes
    Page()
    assert clean.read_bytes() == decided
    assert is_whole()


def test_an_edit_by_hand_goes_before_what_it_overlaps_and_gives_it_back():
    cleaned("a.txt", "He met the the press and the the king.\n")
    base = rows()
    page = Page()
    page.decide(0, "edited", "nobody of")
    assert Path("out/a.txt").read_text(encoding="utf-8") == "He met nobody of press and the king.\n"
    page.decide(0, "withdrawn")
    assert rows() == base


@pytest.mark.parametrize("name", ["r.jsonl", "r.csv", "r.tsv", "r.jsonl.gz"])
def test_records_are_reviewed_too(name):
    import gzip

    texts = ["Nobody knew why.", "He met the the press.", "They saw the the king."]
    if "jsonl" in name:
        data = "".join(json.dumps({"id": f"x{n}", "text": t, "more": n}) + "\n" for n, t in enumerate(texts)).encode()
    else:
        data = "\r\n".join(["id\ttext", *(f"x{n}\t{t}" for n, t in enumerate(texts)), ""]).encode()
        data = data if name == "r.tsv" else data.replace(b"\t", b",")
    clean = cleaned(name, gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
    page = Page(name)
    assert page.decide(1, "undone").status_code == 200
    written = gzip.decompress(clean.read_bytes()) if name.endswith(".gz") else clean.read_bytes()
    assert b"met the press" in written
    assert b"saw the the king" in written
    assert rows(name)[1]["verdict"] == "open"
    assert len(written.splitlines()) == len(data.splitlines())


def test_only_what_a_decision_changes_is_sent():
    cleaned("a.txt", "He met the the press.\n" * 50)
    answer = Page().decide(30, "undone").json()
    assert list(answer["lines"]) == ["30"]
    assert list(answer["rows"]) == ["30"]


@pytest.mark.parametrize(
    ("number", "choice", "text"),
    [
        (0, "rejected", None),
        (0, "edited", None),
        (0, "nonsense", None),
        (0, "edited", "x" * 10_001),
        (0, "edited", "\ud800"),
        (99, "undone", None),
        (-1, "undone", None),
        ("0", "undone", None),
        (True, "undone", None),
        (0, None, None),
        (0, "edited", 5),
    ],
)
def test_a_decision_that_makes_no_sense_changes_nothing_and_is_told_in_one_line(number, choice, text):
    clean = cleaned()
    before = clean.read_bytes()
    answer = Page().decide(number, choice, text)
    assert answer.status_code == 409
    assert answer.json()["error"]
    assert "\n" not in answer.json()["error"]
    assert clean.read_bytes() == before
    assert not Path("out", choices.FILE_NAME).exists()


def test_a_page_that_shows_an_older_text_is_told_so():
    cleaned()
    first, second = Page(), Page()
    assert first.decide(of("REP101"), "undone").status_code == 200
    answer = second.decide(of("REP101"), "undone")
    assert answer.status_code == 409
    assert "load the page anew" in answer.json()["error"]


def test_a_file_changed_by_hand_is_told_and_left_alone():
    clean = cleaned()
    page = Page()
    clean.write_text("mine\n", encoding="utf-8")
    answer = page.decide(0, "undone")
    assert answer.status_code == 409
    assert "its hash differs" in answer.json()["error"]
    assert clean.read_text(encoding="utf-8") == "mine\n"
    assert "its hash differs" in page.client.get("/").text


def test_while_a_run_writes_nothing_is_decided():
    from cleaners.batch import lock

    cleaned()
    page = Page()
    with lock.held(str(Path("out").resolve()), "another"):
        answer = page.decide(of("REP101"), "undone")
    assert answer.status_code == 409
    assert "another run is writing" in answer.json()["error"]
    assert page.decide(of("REP101"), "undone").status_code == 200


@pytest.mark.parametrize("text", ["a\0b", "\ud800"], ids=["nul", "half a pair"])
def test_an_edit_that_no_file_can_hold_is_refused(text):
    clean = cleaned()
    before = clean.read_bytes()
    assert Page().decide(0, "edited", text).status_code == 409
    assert clean.read_bytes() == before


class StopError(BaseException):
    """The machine stops."""


@pytest.mark.parametrize("at", [0, 1])
@pytest.mark.parametrize("choice", ["undone", "edited", "withdrawn"])
@pytest.mark.parametrize("name", ["a.txt", "r.jsonl"])
def test_a_stop_between_the_files_is_mended(monkeypatch, name, choice, at):
    records = "".join(json.dumps({"id": n, "text": "He met the the press."}) + "\n" for n in "xy")
    clean = cleaned(name, TEXT if name == "a.txt" else records)
    shutil.rmtree("raw")  # as after cleaning in place
    page = Page(name)
    if choice == "withdrawn":
        page.decide(0, "undone")
    before, replace, done = clean.read_bytes(), Path.replace, []

    def stopping(self, target):
        if len(done) == at:
            raise StopError
        done.append(target)
        return replace(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", stopping)
        with pytest.raises(StopError):
            page.decide(0, choice, "some of the" if choice == "edited" else None)
    Page(name)
    assert clean.read_bytes() != before
    words = {"undone": b"the the", "edited": b"some of the", "withdrawn": b"met the press"}
    assert words[choice] in clean.read_bytes()
    expected = "proved and guarded" if choice == "withdrawn" else f"{choice} by hand"
    assert rows(name)[0]["reason"] == expected


def test_two_reviews_of_a_folder_go_by_the_same_decisions():
    clean = cleaned()
    as_cleaned = clean.read_bytes()
    first, second = Page(), Page()
    second.decide(0, "undone")
    assert b"the the" in clean.read_bytes()
    first.client.get(f"/document/{first.id}")
    second.decide(0, "withdrawn")
    first.client.get(f"/document/{first.id}")
    first.client.get("/")
    assert clean.read_bytes() == as_cleaned


@pytest.mark.parametrize("name", [b"\xff\xfe.txt", b"a\nb.txt", b"[x]*.txt", "s\u202e.txt".encode()])
def test_a_file_of_any_name_is_reviewed(name):
    Path("raw").mkdir()
    Path("raw", os.fsdecode(name)).write_text(TEXT, encoding="utf-8")
    assert mtclean("clean", "-q", "--no-rewrite", "-o", "out", "raw").status == 0
    client = TestClient(gate(), base_url=HOME)
    index = client.get("/", params={"token": TOKEN})
    page = client.get(re.search(r"/document/\w+", index.text)[0])
    asked = {"id": re.search(r'data-id="(\w+)"', page.text)[1], "n": 0}
    asked["sha256"] = re.search(r'data-sha256="(\w+)"', page.text)[1]
    entry = {"term": "Wij", "variant": "press", "kind": "place"}
    for path, more in (
        ("finding", {}),
        ("ignore/preview", {}),
        ("glossary/preview", entry),
        ("decide", {"choice": "undone"}),
    ):
        answer = client.post(f"/api/{path}", headers=JSON, content=json.dumps(asked | more))
        assert answer.status_code == 200, (path, answer.text)
    aside = client.post("/api/ignore", headers=JSON, content=json.dumps(asked | {"sha256": answer.json()["sha256"]}))
    assert aside.status_code == (409 if name.startswith(b"\xff") else 200)


def test_the_list_reads_no_text_and_no_trail_twice(monkeypatch):
    cleaned()
    page = Page()
    monkeypatch.setattr("cleaners.cleaned.load", None)
    assert page.client.get("/").status_code == 200


def test_a_mistake_in_the_program_is_one_line_and_no_traceback(monkeypatch):
    cleaned()
    page = Page()
    monkeypatch.setattr("cleaners.cleaned.load", None)
    for answer in (page.ask("finding", n=0), page.client.get(f"/document/{page.id}")):
        assert answer.status_code == 500
        assert "a mistake in mtclean" in answer.text
        assert "Traceback" not in answer.text


@pytest.mark.parametrize("part", ["0", "2", "-1", "x", "1" * 5000, ""])
def test_a_part_that_is_not_there_is_the_first(part):
    cleaned()
    page = Page()
    assert 'id="f0"' in page.client.get(f"/document/{page.id}", params={"part": part}).text


# ---------------------------------------------------------------- what lasts


def test_a_hit_is_set_aside_with_a_preview_of_what_else_it_touches():
    cleaned("a.txt")
    cleaned("b.txt")
    cleaned("c.txt", "She met the the king.\n")
    page, number = Page(), of("REP101")
    preview = page.ask("ignore/preview", n=number).json()
    assert (preview["count"], preview["documents"]) == (2, 2)
    assert {place["where"] for place in preview["places"]} == {"a.txt:1", "b.txt:1"}
    assert not Path("out/mtclean-ignore.yaml").exists()
    assert page.ask("ignore", n=number).json()["written"] == "out/mtclean-ignore.yaml"
    put("raw/a.txt", TEXT)
    done = mtclean("clean", "-q", "--no-rewrite", "--ignore-file", "out/mtclean-ignore.yaml", "raw/a.txt", "-")
    assert "the the press" in done.text


def test_a_name_is_added_to_the_glossary_with_a_preview():
    cleaned("a.txt", "Reporters asked about Widgetown. He met the the press.\n")
    cleaned("b.txt", "In Widgetown it rained.\n")
    page = Page()
    entry = {"term": "Wijtown", "variant": "Widgetown", "kind": "place", "document": "", "keep": False}
    preview = page.ask("glossary/preview", **entry).json()
    assert (preview["count"], preview["documents"]) == (2, 2)
    assert preview["places"][0]["fix"] == "Wijtown"
    assert not Path("out/mtclean-glossary.yaml").exists()
    assert page.ask("glossary", **entry).json()["written"] == "out/mtclean-glossary.yaml"
    done = mtclean("clean", "-q", "--no-rewrite", "--glossary", "out/mtclean-glossary.yaml", "raw/b.txt", "-")
    assert done.text == "In Wijtown it rained.\n"


def test_a_name_that_is_right_is_kept_for_good():
    cleaned()
    page = Page()
    assert page.ask("glossary", term="Vernis", variant="", kind="person", keep=True).status_code == 200
    assert "keep: true" in Path("out/mtclean-glossary.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "entry",
    [{}, {"term": "", "kind": "place"}, {"term": "A", "variant": "A", "kind": "place"}, {"term": "A", "variant": "B"},
     {"term": "A", "variant": "B", "kind": "x"}, {"term": 1, "variant": "B", "kind": "place"},
     {"term": "A", "variant": "B", "kind": "place", "document": 5}],
)  # fmt: skip
def test_an_entry_that_is_none_is_refused(entry):
    cleaned()
    page = Page()
    for path in ("glossary/preview", "glossary"):
        answer = page.ask(path, **entry)
        assert answer.status_code == 409, answer.text
        assert answer.json()["error"]
    assert not Path("out/mtclean-glossary.yaml").exists()


# ---------------------------------------------------------------- who gets in


@pytest.fixture
def attacked():
    """A review with a session of its owner, and a client without one."""
    cleaned()
    page = Page()
    return page, TestClient(page.client.app, base_url=HOME, follow_redirects=False)


PATHS = ["/", "/document/x", "/text/x", "/assets/report.js"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("cookie", [None, f"mtclean-review-{PORT}=guess", f"mtclean-review-{PORT}=", "x" * 5000])
def test_without_the_session_nothing_is_shown(attacked, path, cookie):
    _, stranger = attacked
    answer = stranger.get(path, headers={"Cookie": cookie} if cookie else {})
    assert answer.status_code == 403
    assert "a.txt" not in answer.text


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", TOKEN])
def test_a_wrong_token_opens_nothing_and_the_right_one_opens_once(attacked, token):
    _, stranger = attacked  # whose token was used when the owner came in
    assert stranger.get("/", params={"token": token}).status_code == 403
    assert not stranger.cookies


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1]])
def test_a_wrong_token_does_not_use_up_the_right_one(token):
    cleaned()
    client = TestClient(gate(), base_url=HOME)
    assert client.get("/", params={"token": token}).status_code == 403
    assert client.get("/", params={"token": TOKEN}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", f"https://{HOST}:{PORT}", f"http://{HOST}:{PORT + 1}", f"http://localhost:{PORT}",
     f"{HOME}.evil.example", ""],
)  # fmt: skip
def test_a_foreign_origin_is_refused_though_it_brings_the_cookie(attacked, origin):
    page, _ = attacked
    before = Path("out/a.txt").read_bytes()
    body = json.dumps({"id": page.id, "sha256": page.sha256, "n": 0, "choice": "undone"})
    headers = {"Content-Type": "application/json", "Origin": origin}
    assert page.client.post("/api/decide", headers=headers, content=body).status_code == 403
    assert page.client.get("/", headers={"Origin": origin}).status_code == 403
    assert Path("out/a.txt").read_bytes() == before


def test_a_change_without_an_origin_is_refused(attacked):
    page, _ = attacked
    body = json.dumps({"id": page.id, "sha256": page.sha256, "n": 0, "choice": "undone"})
    answer = page.client.post("/api/decide", headers={"Content-Type": "application/json"}, content=body)
    assert answer.status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_request_that_the_browser_calls_foreign_is_refused(attacked, site):
    page, _ = attacked
    assert page.client.get("/", headers={"Sec-Fetch-Site": site}).status_code == 403


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"evil.example:{PORT}",
        HOST,
        f"{HOST}:{PORT + 1}",
        f"localhost:{PORT}",
        "",
        f"{HOST}:{PORT}@evil",
    ],
)
def test_a_wrong_host_is_refused_though_it_brings_cookie_and_token(attacked, host):
    page, _ = attacked
    assert page.client.get("/", headers={"Host": host}).status_code == 403
    fresh = TestClient(gate("another"), base_url=HOME)
    assert fresh.get("/", params={"token": "another"}, headers={"Host": host}).status_code == 403
    assert fresh.get("/", params={"token": "another"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/document/../../secret.txt", "/document/..%2f..%2fsecret.txt", "/text/..%2fsecret.txt",
     "/text/%2e%2e%2fsecret.txt", "/assets/../gate.py", "/assets/..%2f..%2f..%2freview%2fgate.py",
     "/text/a.txt", "/text//etc/passwd", "/api/decide",
     "/text/..%5csecret.txt", "/text/%00"],
)  # fmt: skip
def test_no_path_leads_out_of_the_folder(attacked, path):
    page, _ = attacked
    put("secret.txt", "secret")
    answer = page.client.get(path)
    assert answer.status_code in (404, 405), answer.text
    assert "secret" not in answer.text.replace(path, "")


@pytest.mark.parametrize("id_", ["../secret.txt", "/etc/passwd", "", "0" * 16, 5, None, ["x"], {"a": 1}])
def test_no_request_names_a_file(attacked, id_):
    page, _ = attacked
    body = json.dumps({"id": id_, "sha256": page.sha256, "n": 0, "choice": "undone"})
    assert page.client.post("/api/decide", headers=JSON, content=body).status_code == 409


def outside():
    """A clean file with its trail that lies beside the folder."""
    put("raw/x/secret.txt", "He met the the secret press.\n")
    assert mtclean("clean", "-q", "--no-rewrite", "-o", "beside", "raw/x").status == 0
    return Path("beside/secret.txt").resolve()


@pytest.mark.parametrize("kind", ["file", "trail", "folder", "both"])
def test_a_link_out_of_the_folder_is_neither_read_nor_written(kind):
    cleaned()
    secret = outside()
    before = secret.read_bytes()
    name = Path("out/secret.txt")
    beside = Path(f"{secret}{trail.SUFFIX}")
    if kind == "folder":
        Path("out/way").symlink_to(secret.parent, target_is_directory=True)
    if kind in ("file", "both"):
        name.symlink_to(secret)
    if kind in ("trail", "both"):
        Path(f"{name}{trail.SUFFIX}").symlink_to(beside)
    if kind == "file":
        shutil.copy(beside, f"{name}{trail.SUFFIX}")
    if kind == "trail":
        shutil.copy(secret, name)
    index = Page().client.get("/").text
    assert "a.txt" in index
    assert "secret" not in index
    assert secret.read_bytes() == before


def test_a_link_put_in_the_place_of_a_file_later_is_not_followed():
    clean = cleaned()
    page = Page()
    secret = outside()
    before = secret.read_bytes(), Path(f"{secret}{trail.SUFFIX}").read_bytes()
    clean.unlink()
    clean.symlink_to(secret)
    Path(f"{clean}{trail.SUFFIX}").unlink()
    Path(f"{clean}{trail.SUFFIX}").symlink_to(f"{secret}{trail.SUFFIX}")
    assert page.decide(0, "undone").status_code == 409
    assert "secret" not in page.client.get(f"/text/{page.id}").text
    assert (secret.read_bytes(), Path(f"{secret}{trail.SUFFIX}").read_bytes()) == before


@pytest.mark.parametrize("name", [".mtclean.lock", "mtclean-ignore.yaml", "mtclean-glossary.yaml"])
def test_a_link_in_the_place_of_an_own_file_is_not_written_through(name):
    cleaned()
    page = Page()
    Path("secret").write_text("", encoding="utf-8")
    Path("out", name).symlink_to("../secret")
    asked = {".mtclean.lock": ("decide", {"n": 0, "choice": "undone"}), "mtclean-ignore.yaml": ("ignore", {"n": 0})}
    path, more = asked.get(name, ("glossary", {"term": "Vernis", "kind": "place", "keep": True}))
    answer = page.ask(path, **more)
    assert answer.status_code == 409
    assert "is a link" in answer.json()["error"]
    assert Path("secret").read_text(encoding="utf-8") == ""


def test_links_in_a_circle_are_passed_over():
    cleaned()
    for name in ("out/x.txt", f"out/x.txt{trail.SUFFIX}", f"out/a.txt{trail.SUFFIX}.txt{trail.SUFFIX}"):
        Path(name).symlink_to(Path(name).name)
    assert "a.txt" in Page().client.get("/").text


@pytest.mark.parametrize("other", ['x={"a":1, "b":2}', "x=a b", 'x="q;q"', "bad[]=1", "expires=1"])
def test_a_cookie_of_another_program_on_this_machine_does_not_lock_the_owner_out(attacked, other):
    page, stranger = attacked
    ((name, value),) = page.client.cookies.items()
    assert stranger.get("/", headers={"Cookie": f"{other}; {name}={value}"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"Content-Type": "text/plain"}, b"{}", 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"a=1", 415),
        ({}, b"{", 400),
        ({}, b"[]", 400),
        ({}, b"\xff", 400),
        ({}, b"[" * 100_000, 400),
        ({}, b" " * (LARGEST_BODY + 1), 413),
        ({"Transfer-Encoding": "chunked"}, b"{}", 413),
    ],
)
def test_a_request_that_is_not_small_json_is_refused(attacked, headers, content, status):
    page, _ = attacked
    assert page.client.post("/api/decide", headers=JSON | headers, content=content).status_code == status


def test_every_answer_keeps_the_browser_from_doing_more_with_it(attacked):
    page, stranger = attacked
    for answer in (page.client.get("/"), page.client.get(f"/text/{page.id}"), stranger.get("/")):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert page.client.get(f"/text/{page.id}").headers["content-type"] == "text/plain; charset=utf-8"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites():
    cleaned()
    client = TestClient(gate(), base_url=HOME, follow_redirects=False)
    cookie = client.get("/", params={"token": TOKEN}).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert TOKEN not in cookie


def test_text_of_a_document_is_never_markup():
    cleaned("<b>&.txt", 'He met the the <script>alert(1)</script> "press" & the the </textarea>.\n')
    page = Page("&lt;b&gt;&amp;.txt")
    shown = page.client.get(f"/document/{page.id}").text + json.dumps(page.decide(0, "undone").json())
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown


# ---------------------------------------------------------------- the command


@pytest.mark.slow
def test_the_command_serves_on_this_machine_alone_and_ends_with_ctrl_c():
    cleaned()
    command = [*commandline.PROGRAM, "review", "out", "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        address = server.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{40,}", address), address
        with httpx.Client(follow_redirects=True, trust_env=False) as owner:
            assert "a.txt" in owner.get(address).text
        assert httpx.get(address, trust_env=False).status_code == 403
        if sys.platform == "linux":
            port = int(address.rpartition(":")[2].partition("/")[0])
            sockets = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
            listening = {row[1] for row in sockets if row[3] == "0A" and row[1].endswith(f":{port:04X}")}
            assert listening == {f"0100007F:{port:04X}"}
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=15)
    finally:
        server.kill()
    assert server.returncode == 0
    assert "Traceback" not in out + err
    assert "0 findings decided by hand" in err


def test_the_address_answers_as_soon_as_it_is_printed():
    with _bound(0) as bound, socket.create_connection(bound.getsockname(), timeout=5):
        assert bound.getsockname()[0] == HOST


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "there is no such folder"),
        (["empty"], "no clean files with trails"),
        (["out", "--config", "nowhere.toml"], "no such file"),
    ],
)
def test_what_cannot_be_reviewed_is_told_in_one_line(arguments, words):
    cleaned()
    Path("empty").mkdir()
    assert words in mtclean("review", *arguments, "--no-browser").refusal


def test_a_port_that_is_taken_is_told_in_one_line():
    import socket

    cleaned()
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert "leave --port out" in mtclean("review", "out", "--no-browser", "--port", str(port)).refusal


def test_with_settings_hits_are_set_aside_where_their_runs_look():
    cleaned()
    put("settings/mtclean.toml", 'text_field = "text"\n')
    page = Page(config="settings/mtclean.toml")
    assert page.ask("ignore", n=of("REP101")).json()["written"] == "settings/mtclean-ignore.yaml"
    assert Path("settings/mtclean-ignore.yaml").is_file()
