"""Clean files read back with their trails, and the edits of files of records taken back and made again."""

import csv
import gzip
import io
import json
from pathlib import Path

import commandline
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commandline import leftovers, mtclean
from conftest import damaged
from hypothesis import given

from cleaners import aligning, cleaned, trail
from cleaners.cleaned import Text
from cleaners.core import Document
from cleaners.errors import MtcleanError
from cleaners.formats import Fields

RAW = "He met the the press. The Asia -Pacific states came.\nNobody knew why.\n"
CLEAN = "He met the press. The Asia-Pacific states came.\nNobody knew why.\n"
FINE = "Nobody knew why.\n"
# The edit of a later record may stand before that of an earlier one, and names may be texts and numbers.
ROWS = [
    {"id": "b-1", "title": "the the title", "text": "Nobody knew. " + RAW},
    {"id": "b-2", "title": "", "text": FINE},
    {"id": "b-3", "title": 'say "so"', "text": "They came , and left the the hall."},
]
CLEANED = ["Nobody knew. " + CLEAN, FINE, "They came, and left the hall."]
FORMATS = [f"{format_}{packed}" for format_ in ("jsonl", "csv", "tsv", "parquet") for packed in ("", ".gz")]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def packed(name, data):
    return gzip.compress(data) if name.endswith(".gz") else data


def unpacked(path):
    data = Path(path).read_bytes()
    return gzip.decompress(data) if str(path).endswith(".gz") else data


def file_of(rows, kind):
    """Those rows as the bytes of a file."""
    if kind.startswith("jsonl"):
        data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    elif kind.startswith("parquet"):
        out = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(rows), out)
        data = out.getvalue()
    else:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(rows[0]), delimiter="\t" if kind.startswith("tsv") else ",")
        writer.writeheader()
        writer.writerows(rows)
        data = text.getvalue().encode()
    return packed(kind, data)


def texts_in(path, field="text"):
    data, kind = unpacked(path), Path(path).name.split(".")[1]
    if kind == "jsonl":
        return [json.loads(line)[field] for line in data.decode().splitlines()]
    if kind == "parquet":
        return [row[field] for row in pq.read_table(io.BytesIO(data)).to_pylist()]
    rows = csv.DictReader(io.StringIO(data.decode(), newline=""), delimiter="\t" if kind == "tsv" else ",")
    return [row[field] for row in rows]


def clean_file(name, content, *options):
    """Clean one file into ``out`` and give the clean file."""
    commandline.put(name, content)
    run = mtclean("clean", name, "-o", "out", "--no-rewrite", *options)
    assert run.status == 0, run.err
    return Path("out", name)


def trail_of(path):
    return Path(f"{path}{trail.SUFFIX}")


def read_back(path, fields=Fields()):  # noqa: B008 - a frozen value
    return list(cleaned.load(aligning.source_of(path)).texts(fields))


def summed_up(text: Text):
    return text.record, text.raw, text.clean


def refused(*arguments):
    """The refusal, after which nothing has changed."""
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    told = mtclean(*arguments).refusal
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before
    return told


# ---------------------------------------------------------------- read back

SHAPES = {
    "plain": RAW,
    "crlf": RAW.replace("\n", "\r\n"),
    "carriage returns": RAW.replace("\n", "\r"),
    "mark": "\ufeff" + RAW,
    "no end": RAW.rstrip("\n"),
    "empty": "",
    "fine": FINE,
    "wide": "𝔸 日本 " + RAW,
}


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.txt.gz"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_text_comes_back_raw_and_clean_with_every_decision(shape, name):
    raw = SHAPES[shape]
    path = clean_file(name, packed(name, raw.encode()))
    (text,) = read_back(path)
    assert (text.record, text.raw, text.clean) == (None, raw, unpacked(path).decode())
    assert len(text.decisions) == len(trail_of(path).read_text().splitlines()) - 1
    assert bool(text.decisions) == (RAW.splitlines()[0] in raw)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_records_come_back_that_have_decisions(kind):
    path = clean_file(f"r.{kind}", file_of(ROWS, kind))
    assert [summed_up(text) for text in read_back(path)] == [
        ("b-1", ROWS[0]["text"], CLEANED[0]),
        ("b-3", ROWS[2]["text"], CLEANED[2]),
    ]


def test_records_without_an_id_come_back_by_their_number_and_bad_ones_do_not_count_less():
    lines = ['{"text": "Fine."}', "no json", json.dumps({"text": RAW})]
    path = clean_file("r.jsonl", "\n".join(lines) + "\n", "--skip-bad")
    assert [summed_up(text) for text in read_back(path, Fields(skip_bad=True))] == [(2, RAW, CLEAN)]


@given(damaged)
def test_whatever_was_cleaned_comes_back(cleaner, text):
    result = cleaner.clean(Document(text))
    rows = list(trail.trail_rows("a.txt", None, text, result.decisions))
    decisions = [trail.decision_of(json.loads(trail.dump(row))) for row in rows]
    assert cleaned.raw_of(result.text, decisions) == text
    assert [(d.start, d.end, d.raw, d.fix, d.verdict, d.reason) for d in decisions] == [
        (d.start, d.end, d.raw, d.fix, d.verdict, d.reason) for d in result.decisions
    ]


def test_a_clean_file_changed_by_hand_is_refused():
    path = clean_file("a.txt", RAW)
    path.write_text(CLEAN + "A new line.\n")
    with pytest.raises(MtcleanError, match="not the clean text of its trail"):
        read_back(path)
    run = mtclean("diff", "a.txt", path)
    assert (run.status, len(run.complaints)) == (0, 1)
    assert "words are aligned" in run.complaints[0]
    assert "{+" in run.text


@pytest.mark.parametrize("content", ["Another text.\n", RAW + " "])
def test_a_trail_of_another_raw_text_is_passed_over(content):
    path = clean_file("a.txt", RAW)
    commandline.put("b.txt", content)
    run = mtclean("diff", "b.txt", path)
    assert "not the raw text of the trail" in run.complaints[0]
    assert "REP101" not in run.text


def test_a_trail_of_another_raw_file_of_records_is_passed_over():
    path = clean_file("r.jsonl", file_of(ROWS, "jsonl"))
    commandline.put("s.jsonl", file_of(ROWS[:2], "jsonl"))
    run = mtclean("diff", "s.jsonl", path)
    assert "not the raw text of the trail" in run.complaints[0]
    assert "REP101" not in run.text


@pytest.mark.parametrize("kind", FORMATS)
def test_diff_names_the_records_and_the_rules(kind):
    path = clean_file(f"r.{kind}", file_of(ROWS, kind))
    run = mtclean("diff", f"r.{kind}", path)
    assert (run.status, run.err) == (0, "")
    lines = run.text.splitlines()
    assert [line for line in lines if line.startswith("@@")] == ["@@ record b-1", "@@ record b-3"]
    assert len([line for line in lines if line.startswith("1: ") and "REP101" in line]) == 2
    assert mtclean("diff", "--stat", f"r.{kind}", path).text.splitlines()[0] == f"out/r.{kind}: 4 edits"


def rewritten(path, change):
    """Change the rows of a trail."""
    header, *rows = trail_of(path).read_text().splitlines()
    rows = [json.dumps(change(json.loads(row))) for row in rows]
    trail_of(path).write_text("\n".join([header, *rows]) + "\n")


@pytest.mark.parametrize(
    "change",
    [
        {"level": "grave"},
        {"severity": 3},
        {"confidence": "much"},
        {"stage": None},
        {"reason": 1},
        {"record": ["b-1"]},
        {"fix": "\ud800"},
        {"raw": "the one"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_row_that_mtclean_did_not_write_is_refused(change):
    for name, content in (("a.txt", RAW), ("r.csv", file_of(ROWS, "csv"))):
        path = clean_file(name, content)
        rewritten(path, lambda row: row | change)
        with pytest.raises(MtcleanError):
            read_back(path)
        refused("undo", path)
        refused("apply", trail_of(path), name)


def test_rows_of_a_later_version_with_more_keys_are_read():
    path = clean_file("a.txt", RAW)
    rewritten(path, lambda row: row | {"novelty": [1]})
    assert [summed_up(text) for text in read_back(path)] == [(None, RAW, CLEAN)]


# ---------------------------------------------------------------- undo and apply, of records


@pytest.mark.parametrize("kind", FORMATS)
def test_undo_gives_the_raw_file_of_records_and_apply_the_clean_one(here, kind):
    path = clean_file(f"r.{kind}", file_of(ROWS, kind))
    raw, clean = unpacked(f"r.{kind}"), unpacked(path)
    assert mtclean("apply", trail_of(path), f"r.{kind}").out == clean
    assert mtclean("apply", trail_of(path), f"r.{kind}", "-o", f"again/r.{kind}").status == 0
    assert Path(f"again/r.{kind}").read_bytes() == path.read_bytes()
    run = mtclean("undo", path)
    assert (run.status, run.err) == (0, f"out/r.{kind}: 4 of 4 edits undone\n")
    assert texts_in(path) == [row["text"] for row in ROWS]
    if not kind.startswith("parquet"):  # which is packed anew
        assert unpacked(path) == raw
        assert mtclean("apply", trail_of(path), f"r.{kind}").out == raw
    assert leftovers(here) == []


@pytest.mark.parametrize("kind", FORMATS)
def test_after_an_undo_the_file_and_its_trail_belong_together(kind):
    path = clean_file(f"r.{kind}", file_of(ROWS, kind))
    assert mtclean("undo", path, "--edit", "2").status == 0
    header = json.loads(trail_of(path).read_text().splitlines()[0])
    assert header["clean_sha256"] == cleaned.digest(aligning.source_of(path))
    assert [summed_up(text) for text in read_back(path)] == [
        ("b-1", ROWS[0]["text"], CLEANED[0].replace("Asia-", "Asia -")),
        ("b-3", ROWS[2]["text"], CLEANED[2]),
    ]
    assert mtclean("undo", path, "--edit", "1").status == 0
    assert texts_in(path) == [ROWS[0]["text"], FINE, CLEANED[2]]


def test_undo_lists_the_edits_of_all_records_under_one_count():
    path = clean_file("r.jsonl", file_of(ROWS, "jsonl"))
    lines = mtclean("undo", path, "--list").text.splitlines()
    assert [line.split("  ")[:3] for line in lines] == [
        ["1", "record b-1, 1:21", "REP101"],
        ["2", "record b-1, 1:44", "SPC102"],
        ["3", "record b-3, 1:10", "SPC103"],
        ["4", "record b-3, 1:22", "REP101"],
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--record", "b-3"], [CLEANED[0], FINE, ROWS[2]["text"]]),
        (["--record", "b-1", "--code", "rep101"], [CLEANED[0].replace("met the", "met the the"), FINE, CLEANED[2]]),
        (["--edit", "3"], [CLEANED[0], FINE, CLEANED[2].replace("came,", "came ,")]),
        (
            ["--code", "REP101"],
            [CLEANED[0].replace("met the", "met the the"), FINE, CLEANED[2].replace("the hall", "the the hall")],
        ),
    ],
    ids=["record", "record and rule", "edit", "rule"],
)
def test_undo_takes_back_what_is_named(options, expected):
    path = clean_file("r.jsonl", file_of(ROWS, "jsonl"))
    assert mtclean("undo", path, *options).status == 0
    assert texts_in(path) == expected
    undone = [row for row in map(json.loads, trail_of(path).read_text().splitlines()[1:]) if "was" in row]
    assert {(row["verdict"], row["reason"]) for row in undone} == {("open", "undone by hand")}
    assert {row["was"]["verdict"] for row in undone} == {"applied"}


def test_a_record_with_a_number_for_its_name_is_named_by_it():
    path = clean_file("r.jsonl", "".join(json.dumps({"id": n, "text": RAW}) + "\n" for n in (7, 8)))
    assert mtclean("undo", path, "--record", "8").err == "out/r.jsonl: 2 of 4 edits undone\n"
    assert texts_in(path) == [CLEAN, RAW]


def test_another_text_field_is_named_for_both():
    path = clean_file("r.jsonl", json.dumps({"text": FINE, "body": RAW}) + "\n", "--text-field", "body")
    assert refused("undo", path).endswith(
        "(record 0): its trail does not lead back to the raw text; check --text-field, or clean the file again"
    )
    assert "(record 0): the trail does not lead to its clean text" in refused("apply", trail_of(path), "r.jsonl")
    clean = path.read_bytes()
    assert mtclean("apply", trail_of(path), "r.jsonl", "--text-field", "body").out == clean
    assert mtclean("undo", path, "--text-field", "body").status == 0
    assert texts_in(path, "body") == [RAW]


def test_undo_and_apply_refuse_a_missing_text_field_by_its_name():
    path = clean_file("r.jsonl", json.dumps({"body": RAW}) + "\n", "--text-field", "body")
    for arguments in (["undo", path], ["apply", trail_of(path), "r.jsonl"]):
        told = refused(*arguments)
        assert "there is no record 0 with a text in 'text'" in told
        assert told.endswith("; name the field with --text-field, or clean the file again")


def test_bad_records_stay_as_they_are():
    lines = [json.dumps({"id": 1, "text": RAW}), "no json {", json.dumps({"id": 2, "text": RAW})]
    path = clean_file("r.jsonl", "\n".join(lines) + "\n", "--skip-bad")
    assert mtclean("apply", trail_of(path), "r.jsonl").out == path.read_bytes()
    assert mtclean("undo", path).status == 0
    assert path.read_bytes() == Path("r.jsonl").read_bytes()


def test_a_name_that_two_records_bear_is_refused():
    rows = [{"id": "a", "text": FINE}, {"id": "a", "text": "They came , and left."}]
    path = clean_file("r.jsonl", file_of(rows, "jsonl"))
    for arguments in (["undo", path], ["apply", trail_of(path), "r.jsonl"]):
        told = refused(*arguments)
        assert "2 records have the id 'a'" in told
    with pytest.raises(MtcleanError, match="2 records have the id 'a'"):
        read_back(path)


def test_a_name_that_two_records_without_findings_bear_is_no_matter():
    rows = [{"id": "a", "text": FINE}, {"id": "a", "text": FINE}, {"id": "b", "text": RAW}]
    path = clean_file("r.jsonl", file_of(rows, "jsonl"))
    assert mtclean("undo", path).status == 0
    assert texts_in(path) == [FINE, FINE, RAW]


@pytest.mark.parametrize("kind", ["jsonl", "csv.gz", "parquet"])
def test_files_that_were_changed_since_are_refused(kind):
    path = clean_file(f"r.{kind}", file_of(ROWS, kind))
    other = file_of([*ROWS[:2], {**ROWS[2], "title": "new"}], kind)
    commandline.put(f"other.{kind}", other)
    told = refused("apply", trail_of(path), f"other.{kind}")
    assert told == f"other.{kind}: this is not the raw text of the trail (its hash differs); give the raw text"
    path.write_bytes(other)
    assert "is not the clean text of its trail (its hash differs)" in refused("undo", path)


@pytest.mark.parametrize("record", ["b-2", "c"])
def test_undo_refuses_a_record_without_edits(record):
    path = clean_file("r.jsonl", file_of(ROWS, "jsonl"))
    assert refused("undo", path, "--record", record) == (
        f"out/r.jsonl: no edit was applied in record {record}; see mtclean undo --list"
    )
    assert refused("undo", path, "--record", "b-1", "--edit", "1").startswith(
        "undo: --record and --edit exclude each other"
    )


def test_a_trail_of_a_text_does_not_fit_records_nor_the_other_way_round():
    text, records = clean_file("a.txt", RAW), clean_file("r.jsonl", file_of(ROWS, "jsonl"))
    _, *rows = trail_of(records).read_text().splitlines()
    other = json.loads(trail_of(text).read_text().splitlines()[0])
    trail_of(text).write_text("\n".join([json.dumps(other), *rows]) + "\n")
    assert "its trail tells of records, and it has none" in refused("undo", text)
    assert "its trail tells of records, and it has none" in refused("apply", trail_of(text), "a.txt")


def test_edits_of_one_record_that_overlap_are_refused_wherever_they_stand():
    path = clean_file("r.jsonl", file_of(ROWS, "jsonl"))
    header, first, *rows = trail_of(path).read_text().splitlines()
    trail_of(path).write_text("\n".join([header, first, *rows, first]) + "\n")
    for arguments in (["undo", path], ["apply", trail_of(path), "r.jsonl"]):
        assert "(record b-1): " in refused(*arguments)


def test_a_file_of_the_name_of_the_decisions_is_not_written_over_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    commandline.put("raw/decisions.jsonl", '{"text": "The court decided."}\n')
    assert "rename it" in mtclean("clean", "raw", "-o", "out").refusal
    assert not Path("out").exists()
