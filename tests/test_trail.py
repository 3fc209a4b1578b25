"""The trail: what it says of every edit, and that it leads forth and back byte for byte."""

import gzip
import hashlib
import io
import json
import re
from pathlib import Path

import commandline
import pytest
from commandline import leftovers, mtclean
from hypothesis import given
from hypothesis import strategies as st

from cleaners import __version__, trail
from cleaners.aligning import source_of
from cleaners.cleaned import CleanFile, replay
from cleaners.core import Document
from cleaners.errors import MtcleanError
from cleaners.formats import Fields

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
TEXTS = sorted(SEEDS.glob("*.txt"))
MIXED = SEEDS / "10-mixed-page.txt"

RAW = "He met the the press. The Asia -Pacific states came.\nNobody knew why.\n"
CLEAN = "He met the press. The Asia-Pacific states came.\nNobody knew why.\n"
DECISION_KEYS = ["path", "record", "code", "name", "stage", "start", "end", "line", "column", "raw", "fix"]
DECISION_KEYS += ["level", "severity", "mqm", "confidence", "message", "origin", "verdict", "reason"]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name, content=RAW):
    return commandline.put(name, content)


def cleaned(name="a.txt", content=RAW, *options):
    """Clean one file into ``out`` and give the clean file."""
    put(name, content)
    run = mtclean("clean", name, "-o", "out", *options)
    assert run.status == 0, run.err
    return Path("out", name)


def trail_of(path):
    return Path(f"{path}.trail.jsonl")


def lines_of(path):
    return [json.loads(line) for line in trail_of(path).read_text(encoding="utf-8").splitlines()]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def spliced(raw, rows):
    """The clean text, by the contract alone: applied rows replace their spans of the raw text."""
    for row in sorted((r for r in rows if r["verdict"] == "applied"), key=lambda r: -r["start"]):
        assert raw[row["start"] : row["end"]] == row["raw"]
        raw = raw[: row["start"]] + row["fix"] + raw[row["end"] :]
    return raw


# ---------------------------------------------------------------- what it says


def test_the_first_line_is_a_header():
    clean = cleaned()
    header = lines_of(clean)[0]
    assert header == {
        "mtclean": __version__,
        "path": "a.txt",
        "raw_sha256": sha256(RAW.encode()),
        "clean_sha256": sha256(CLEAN.encode()),
        "fingerprint": header["fingerprint"],
    }
    assert re.fullmatch(r"[0-9a-f]{16,}", header["fingerprint"])


def test_a_file_without_findings_has_a_header_only():
    (header,) = lines_of(cleaned("a.txt", "Nobody knew why.\n"))
    assert header["raw_sha256"] == header["clean_sha256"]


def test_the_hashes_of_packed_records_are_of_the_unpacked_bytes():
    data = json.dumps({"text": RAW}).encode() + b"\n"
    clean = cleaned("r.jsonl.gz", gzip.compress(data))
    header = lines_of(clean)[0]
    assert header["raw_sha256"] == sha256(data)
    assert header["clean_sha256"] == sha256(gzip.decompress(clean.read_bytes()))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("option", [[], ["--suggest"]], ids=["safe", "suggest"])
def test_every_row_has_its_verdict_and_reason_and_leads_from_raw_to_clean(path, option):
    clean = cleaned(path.name, path.read_bytes(), *option)
    rows = lines_of(clean)[1:]
    assert all(list(row) == [*DECISION_KEYS, *(["entry"] if "entry" in row else [])] for row in rows)
    assert {row["verdict"] for row in rows} <= {"applied", "suggested", "refused", "open"}
    assert all(row["reason"] for row in rows)
    assert rows == sorted(rows, key=lambda row: (row["start"], row["end"]))
    raw = path.read_bytes().decode()
    assert spliced(raw, rows).encode() == clean.read_bytes()
    assert not [r for r in rows if r["level"] == "report" and r["verdict"] not in ("open", "refused")]
    assert not option or not [r for r in rows if r["verdict"] == "suggested"]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_row_names_its_glossary_entry_where_there_is_one_and_only_there(cleaner, path):
    raw = path.read_bytes().decode()
    decisions = cleaner.clean(Document(raw)).decisions
    rows = list(trail.trail_rows("a.txt", None, raw, decisions))
    assert len(rows) == len(decisions)
    for row, decision in zip(rows, decisions, strict=True):
        assert ("entry" in row) == bool(decision.finding.entry) == (row["stage"] == "glossary")


def test_an_entry_of_a_shipped_file_is_told_without_the_place_of_the_program_and_leads_to_its_line():
    entries = {row["entry"]: row for row in lines_of(cleaned("a.txt", MIXED.read_bytes()))[1:] if "entry" in row}
    assert entries
    for entry, row in entries.items():
        name, line = re.fullmatch(r"(glossary/\w+\.yaml):(\d+)", entry).groups()
        text = (SEEDS.parent / name).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        term = re.fullmatch(r"\s*- term: (.+)", text)[1]
        assert term in (row["fix"] or term)


def test_an_entry_of_a_glossary_of_ones_own_is_told_as_it_was_named():
    put("terms.yaml", "entries:\n- {term: Kwidgetton, kind: place, variants: [Kwidgeton]}\n")
    clean = cleaned("a.txt", "They met in Kwidgeton.\n", "--glossary", "terms.yaml")
    assert [row["entry"] for row in lines_of(clean)[1:]] == ["terms.yaml:2"]


def test_the_rows_are_the_findings_of_check():
    put("a.txt", MIXED.read_bytes())
    mtclean("clean", "--no-rewrite", "a.txt", "-o", "out")
    found = [json.loads(line) for line in mtclean("check", "a.txt", "--format", "jsonl").text.splitlines()]
    more = ("verdict", "reason", "entry")
    rows = [{k: v for k, v in row.items() if k not in more} for row in lines_of("out/a.txt")[1:]]
    assert rows == found
    assert found


def test_the_fingerprint_tells_what_decides_the_result_and_only_that():
    def fingerprint(*options):
        return lines_of(cleaned("a.txt", RAW, *options))[0]["fingerprint"]

    put("b.txt")
    put("terms.yaml", "entries:\n- {term: Kwidgetton, kind: place, variants: [Kwidgeton]}\n")
    plain = fingerprint()
    for option in (["-q"], ["--jobs", "2"], ["b.txt"], ["-v"]):
        assert fingerprint(*option) == plain, option
    changed = [["--suggest"], ["--ignore", "SPC"], ["--select", "SPC"], ["--no-glossary"], ["--no-names"]]
    changed += [["--glossary", "terms.yaml"], ["--source-lang", "ja"], ["--date", "2023-07-01"]]
    others = [fingerprint(*option) for option in changed]
    put("mtclean-ignore.yaml", "ignore:\n- {code: REP101, text: the the, before: He met, after: press. The}\n")
    others.append(fingerprint())
    assert len({plain, *others}) == len(others) + 1


# ---------------------------------------------------------------- there and back

SHAPES = {
    "plain": RAW,
    "crlf": RAW.replace("\n", "\r\n"),
    "carriage returns": RAW.replace("\n", "\r"),
    "no end": RAW.rstrip("\n"),
    "mark": "\ufeff" + RAW,
    "astral": "𝔸 🗾 " + RAW,
    "empty": "",
    "fine": "Nobody knew why.\n",
    **{path.stem: path.read_bytes() for path in TEXTS},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_undo_gives_the_raw_text_and_apply_the_clean_text_byte_for_byte(here, shape):
    clean = cleaned("a.txt", SHAPES[shape])
    raw_bytes, clean_bytes = Path("a.txt").read_bytes(), clean.read_bytes()
    assert mtclean("apply", trail_of(clean), "a.txt").out == clean_bytes
    assert mtclean("apply", trail_of(clean), "a.txt", "-o", "again/a.txt").out == b""
    assert Path("again/a.txt").read_bytes() == clean_bytes
    applied = sum(row["verdict"] == "applied" for row in lines_of(clean)[1:])
    undone = mtclean("undo", clean)
    edits = "1 edit" if applied == 1 else f"{applied} edits"
    assert (undone.status, undone.err) == (0, f"out/a.txt: {applied} of {edits} undone\n")
    assert clean.read_bytes() == raw_bytes
    assert mtclean("apply", trail_of(clean), "a.txt").out == raw_bytes
    assert leftovers(here) == []


def test_undo_one_by_one_ends_at_the_raw_text():
    clean = cleaned("a.txt", MIXED.read_bytes())
    applied = [row for row in lines_of(clean)[1:] if row["verdict"] == "applied"]
    assert len(applied) > 10
    while applied:
        number = len(applied) // 2 + 1
        assert mtclean("undo", clean, "--edit", number).status == 0
        del applied[number - 1]
        rows = lines_of(clean)[1:]
        assert [row["start"] for row in rows if row["verdict"] == "applied"] == [row["start"] for row in applied]
        expected = spliced(MIXED.read_bytes().decode(), rows).encode()
        assert clean.read_bytes() == expected
        assert mtclean("apply", trail_of(clean), "a.txt").out == expected
    assert clean.read_bytes() == MIXED.read_bytes()


@pytest.mark.parametrize("code", ["SPC102", "spc102"])
def test_undo_takes_back_the_edits_of_one_rule(code):
    clean = cleaned()
    run = mtclean("undo", clean, "--code", code)
    assert run.err == "out/a.txt: 1 of 2 edits undone\n"
    assert clean.read_text() == RAW.replace("the the", "the")
    rows = {row["code"]: row for row in lines_of(clean)[1:]}
    assert (rows["REP101"]["verdict"], rows["SPC102"]["verdict"]) == ("applied", "open")
    assert rows["SPC102"]["reason"] == "undone by hand"


def test_undo_takes_several_edits_back_by_their_numbers():
    clean = cleaned("a.txt", "He met the the press.\nShe saw the the king.\nThey left the the town.\n")
    run = mtclean("undo", clean, "--edit", "3", "--edit", "1", "--edit", "3")
    assert (run.status, run.err) == (0, "out/a.txt: 2 of 3 edits undone\n")
    assert clean.read_text() == "He met the the press.\nShe saw the king.\nThey left the the town.\n"
    assert [row["verdict"] for row in lines_of(clean)[1:]] == ["open", "applied", "open"]


def test_undo_lists_the_edits_with_their_numbers_and_changes_nothing():
    clean = cleaned("a.txt", "He met the the press.\nHe met the the king.\n")
    before = clean.read_bytes(), trail_of(clean).read_bytes()
    assert mtclean("undo", clean, "--list").text.splitlines() == [
        "1  1:8  REP101  'the the' -> 'the'",
        "2  2:8  REP101  'the the' -> 'the'",
    ]
    assert (clean.read_bytes(), trail_of(clean).read_bytes()) == before


def test_undo_of_a_packed_file_keeps_it_packed_and_its_permission_bits():
    clean = cleaned("a.txt.gz", gzip.compress(RAW.encode()))
    clean.chmod(0o600)
    assert mtclean("undo", clean).status == 0
    assert gzip.decompress(clean.read_bytes()) == RAW.encode()
    assert clean.stat().st_mode & 0o777 == 0o600


def test_apply_packs_what_is_called_packed():
    clean = cleaned("a.txt.gz", gzip.compress(RAW.encode()))
    assert mtclean("apply", trail_of(clean), "a.txt.gz", "-o", "b.txt.gz").status == 0
    assert gzip.decompress(Path("b.txt.gz").read_bytes()) == CLEAN.encode()
    assert mtclean("apply", trail_of(clean), "a.txt.gz").out == CLEAN.encode()


def test_a_text_in_another_encoding_comes_back_as_the_same_text_in_utf8():
    raw = "Le café “met” the the press.\n"
    clean = cleaned("a.txt", raw.encode("cp1252"))
    assert mtclean("apply", trail_of(clean), "a.txt").out == clean.read_bytes()
    mtclean("undo", clean)
    assert clean.read_text(encoding="utf-8") == raw


def test_half_a_surrogate_pair_in_a_record_survives_in_the_trail():
    clean = cleaned("r.jsonl", '{"text": "He met \\ud83d the the press."}\n')
    (row,) = lines_of(clean)[1:]
    assert (row["raw"], row["start"]) == ("the the", 9)
    assert "\\ud83d the press" in clean.read_text()


# ---------------------------------------------------------------- refusals


def refused(*arguments):
    """The refusal, after which nothing has changed."""
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    told = mtclean(*arguments).refusal
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before
    return told


def test_undo_refuses_a_text_that_was_changed_since():
    clean = cleaned()
    clean.write_text(CLEAN + "A new line.\n")
    told = refused("undo", clean)
    assert told.startswith("out/a.txt: this is not the clean text of its trail (its hash differs); clean it again")


def test_undo_refuses_without_a_trail():
    put("a.txt")
    assert re.match(r"a\.txt: there is no trail a\.txt\.trail\.jsonl beside it; \w+", refused("undo", "a.txt"))


def test_undo_refuses_an_edit_or_a_rule_that_is_not_there():
    clean = cleaned()
    assert (
        refused("undo", clean, "--edit", "3") == "out/a.txt: there is no edit 3, only 2 edits; see mtclean undo --list"
    )
    assert "there is no edit 3, only 2 edits" in refused("undo", clean, "--edit", "3", "--edit", "1")
    assert (
        refused("undo", clean, "--code", "STR101")
        == "out/a.txt: no edit of STR101 was applied; see mtclean undo --list"
    )
    assert refused("undo", clean, "--code", "REP101", "--edit", "1").startswith(
        "undo: --code and --edit exclude each other"
    )
    assert "--edit" in refused("undo", clean, "--edit", "0")


def test_apply_refuses_another_text():
    clean = cleaned()
    put("b.txt", RAW + " ")
    assert refused("apply", trail_of(clean), "b.txt") == (
        "b.txt: this is not the raw text of the trail (its hash differs); give the raw text"
    )
    assert re.match(r"nothere: there is no such file.*; \w+", refused("apply", "nothere", "b.txt"))
    assert re.match(r"out: .*; \w+", refused("apply", "out", "b.txt"))


def row(**changes):
    base = {"code": "REP101", "start": 7, "end": 14, "line": 1, "column": 8, "raw": "the the", "fix": "the"}
    base |= {"path": "a.txt", "record": None, "name": "doubled-function-word", "stage": "rule", "origin": None}
    base |= {"level": "safe", "severity": "minor", "mqm": "fluency/grammar", "confidence": 0.97, "message": "Twice."}
    base |= {"verdict": "applied", "reason": "proved"} | changes
    return json.dumps({key: value for key, value in base.items() if value is not ...})


GARBAGE = {
    "empty": "",
    "binary": b"\xff\xfe\x00",
    "prose": "He met the press.\n",
    "a list": "[]\n",
    "a number": "1\n",
    "a header without hashes": '{"mtclean": "1", "path": "a"}\n',
    "a header of numbers": '{"mtclean": 1, "path": 2, "raw_sha256": 3, "clean_sha256": 4, "fingerprint": 5}\n',
    "nested": "[" * 100_000 + "\n",
}
GARBAGE_ROWS = {
    "cut": '{"code": "REP101", "sta',
    "a list": "[1, 2]",
    "nothing": "null",
    "nested": "[" * 100_000,
    "no fix": row(fix=...),
    "null for a fix": row(fix=None),
    "a number for a fix": row(fix=3),
    "a number for the text": row(raw=4),
    "a list for a code": row(code=[]),
    "no place": row(line=..., column=...),
    "text for offsets": row(start="7"),
    "true for an offset": row(start=True),
    "half offsets": row(start=7.5),
    "before the text": row(start=-2),
    "turned round": row(start=14, end=7),
    "overlapping": row() + "\n" + row(start=10, end=16),
    "out of order": row(start=20, end=22) + "\n" + row(),
    "beyond the text": row(start=5000, end=5007),
    "another text": row(raw="the one"),
    "another fix": row(fix="this"),
    "a longer span": row(end=16),
}


def commands_on(clean):
    return (["undo", clean], ["undo", clean, "--edit", "1"], ["apply", trail_of(clean), "a.txt"])


@pytest.mark.parametrize("case", GARBAGE)
def test_what_is_no_trail_is_refused(case):
    clean = cleaned()
    trail_of(clean).write_bytes(GARBAGE[case] if isinstance(GARBAGE[case], bytes) else GARBAGE[case].encode())
    for arguments in (*commands_on(clean), ["undo", clean, "--list"]):
        assert re.match(r"out/a\.txt\.trail\.jsonl(:1)?: .+; .+", refused(*arguments))
    compared = mtclean("diff", "--stat", "a.txt", clean)
    assert (compared.status, compared.text) == (0, "out/a.txt: 1 changed line\n")
    (complaint,) = compared.complaints
    assert complaint.startswith("The trail is passed over, and the words are aligned: out/a.txt.trail.jsonl")


@pytest.mark.parametrize("case", GARBAGE_ROWS)
def test_a_row_that_does_not_fit_is_refused(case):
    clean = cleaned("a.txt", "He met the the press.\n")
    header = trail_of(clean).read_text().splitlines()[0]
    trail_of(clean).write_text(f"{header}\n{GARBAGE_ROWS[case]}\n")
    for arguments in commands_on(clean):
        assert re.match(r"(out/)?a\.txt(\.trail\.jsonl:[23])?: .+; .+", refused(*arguments))
    for arguments in (["undo", clean, "--list"], ["diff", "--stat", "a.txt", clean]):
        assert mtclean(*arguments).status in (0, 2)


def test_a_sound_row_is_not_refused():
    clean = cleaned("a.txt", "He met the the press.\n")
    header = trail_of(clean).read_text().splitlines()[0]
    trail_of(clean).write_text(f"{header}\n\n{row()}\n")
    assert mtclean("apply", trail_of(clean), "a.txt").out == b"He met the press.\n"
    assert mtclean("undo", clean).status == 0


values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 30) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
KEYS = st.sampled_from(["code", "start", "end", "line", "column", "raw", "fix", "verdict", "record", "reason"])


@given(st.lists(st.dictionaries(KEYS, values, max_size=4), max_size=3))
def test_whatever_a_trail_holds_it_leads_to_the_clean_text_or_is_refused(tmp_path_factory, changes):
    raw, clean = "He met the the press.", "He met the press."
    raw_path, clean_path = (tmp_path_factory.mktemp("trail") / name for name in ("raw.txt", "clean.txt"))
    raw_path.write_text(raw)
    clean_path.write_text(clean)
    header = trail.Header("1", "a.txt", trail.sha256(raw), trail.sha256(clean), "f")
    lines = [header.line(), row(), *(json.dumps(json.loads(row()) | change) for change in changes)]
    again, back = io.BytesIO(), io.BytesIO()
    try:
        read = trail.read(lines, "a.trail.jsonl")
        replay(read, "a.trail.jsonl", source_of(raw_path), Fields(), again)
        file = CleanFile(source_of(clean_path), read)
        left = file.without(frozenset(range(len(read.applied))), Fields(), back)
    except MtcleanError:
        return
    assert again.getvalue().decode() == clean
    assert (back.getvalue().decode(), left.applied) == (raw, ())


def test_records_that_share_an_id_are_not_cleaned_in_place_and_undo_tells_why():
    raw = "".join(
        json.dumps({"id": 1, "text": text}) + "\n" for text in ("The Asia -Pacific came.", "He met the the press.")
    )
    Path("r.jsonl").write_text(raw)
    run = mtclean("clean", "--in-place", "--no-rewrite", "r.jsonl")
    assert run.status == 2
    assert "r.jsonl: several records have the id 1, so that no trail could lead back to the raw text; give" in run.err
    assert Path("r.jsonl").read_text() == raw
    assert not Path(f"r.jsonl{trail.SUFFIX}").exists()
    Path("r.jsonl").write_text(raw.replace("Asia -Pacific came", "states. The Asia -Pacific came"))
    assert mtclean("clean", "-o", "out", "--no-rewrite", "r.jsonl").status == 0
    run = mtclean("undo", "out/r.jsonl")
    assert run.status == 2
    assert "rows of the record 1 overlap, as where several records have this id; give each its own id" in run.err
