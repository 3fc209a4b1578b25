"""The commands as a user calls them, when all goes well."""

import csv
import gzip
import io
import json
import os
import pty
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import commandline
import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commandline import PROGRAM, leftovers, mtclean, spawned

from cleaners import __version__
from cleaners.core import Document

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
TEXTS = sorted(SEEDS.glob("*.txt"))
# Real texts that may lie beside the checkout and are not part of it.
SHARED = SEEDS.parent.parent / "shared"

RAW = "He met the the press. The Asia -Pacific states came.\nNobody knew why.\n"
CLEAN = "He met the press. The Asia-Pacific states came.\nNobody knew why.\n"
FINE = "Nobody knew why the meeting was held.\n"
SUGGESTED = "The towns lie in in the east of the country.\n"

WIRE_KEYS = [
    "path",
    "record",
    "code",
    "name",
    "stage",
    "start",
    "end",
    "line",
    "column",
    "raw",
    "fix",
    "level",
    "severity",
    "mqm",
    "confidence",
    "message",
    "origin",
]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """An empty current folder, which no settings file above it reaches."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return tmp_path


def put(name, content=RAW):
    return commandline.put(name, content)


def jsonl(run):
    return [json.loads(line) for line in run.text.splitlines()]


def tree(folder):
    """Every file below a folder, by its path there."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(Path(folder).rglob("*")) if p.is_file()}


# ---------------------------------------------------------------- check


@pytest.mark.parametrize(("content", "status"), [(FINE, 0), (RAW, 1), (b"a\0b", 2), ("", 0)])
def test_check_says_by_its_status_what_it_found(content, status):
    assert mtclean("check", put("a.txt", content)).status == status


def test_an_error_outweighs_findings():
    put("a.txt")
    put("b.txt", b"\0")
    run = mtclean("check", "a.txt", "b.txt")
    assert run.status == 2
    assert "REP101" in run.text


def test_check_changes_nothing():
    put("a.txt")
    before = tree(".")
    mtclean("check", "a.txt")
    assert tree(".") == before


def test_the_text_format_shows_place_hit_and_fix():
    put("a.txt")
    run = mtclean("check", "a.txt", "--select", "REP101")
    head, context, carets, fix, *rest = run.text.splitlines()
    assert re.fullmatch(r"a\.txt:1:8: REP101 .+", head)
    assert context.startswith("  | He met the the press.")
    assert carets.index("^") == context.index("the the")
    assert carets.count("^") == len("the the")
    assert fix == "  = fix: ‘the the’ -> ‘the’"
    assert rest == [""]
    assert run.err == "1 finding in 1 file\n"


def test_the_summary_goes_away_with_quiet_and_the_findings_stay():
    put("a.txt")
    run = mtclean("check", "-q", "a.txt")
    assert (run.status, run.err) == (1, "")
    assert run.text


def test_verbose_names_every_file():
    put("a.txt")
    put("b.txt", FINE)
    assert mtclean("check", "-v", "a.txt", "b.txt").err.splitlines() == [
        "a.txt: 2 findings",
        "b.txt: 0 findings",
        "2 findings in 2 files",
    ]
    assert mtclean("clean", "-v", "a.txt", "b.txt", "-o", "out").err.splitlines()[:2] == [
        "a.txt -> out/a.txt: 1 file, 2 edits applied, 0 suggestions, 0 reported only",
        "b.txt -> out/b.txt: 1 file, 0 edits applied, 0 suggestions, 0 reported only",
    ]


def test_json_lines_have_the_keys_of_the_contract_in_its_order():
    put("a.txt")
    put("r.jsonl", json.dumps({"id": "x7", "text": RAW}) + "\n" + json.dumps({"text": RAW}) + "\n")
    rows = jsonl(mtclean("check", "a.txt", "r.jsonl", "--format", "jsonl"))
    assert len(rows) == 6
    assert all(list(row) == WIRE_KEYS for row in rows)
    assert [row["record"] for row in rows] == [None, None, "x7", "x7", 1, 1]
    first = rows[0]
    assert (first["path"], first["code"], first["name"]) == ("a.txt", "REP101", "doubled-function-word")
    assert (first["start"], first["end"], first["line"], first["column"]) == (7, 14, 1, 8)
    assert (first["raw"], first["fix"], first["level"], first["stage"]) == ("the the", "the", "safe", "rule")


def test_json_is_the_same_rows_in_one_array():
    as_lines = mtclean("check", SEEDS, "--ignore", "FUR", "--text-field", "bad", "--format", "jsonl")
    as_array = mtclean("check", SEEDS, "--ignore", "FUR", "--text-field", "bad", "--format", "json")
    assert len(jsonl(as_lines)) > 100
    assert json.loads(as_array.text) == jsonl(as_lines)


@pytest.mark.parametrize(("format_", "expected"), [("json", "[]\n"), ("jsonl", ""), ("github", ""), ("text", "")])
def test_nothing_found_is_still_a_document_of_its_format(format_, expected):
    put("a.txt", FINE)
    assert mtclean("check", "a.txt", "--format", format_).text == expected


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("", 1),
        ("One line.\n", 2),
        ("One line.\r\nAnother.\r\n", 3),
        ("One line.\r\rA third.\n", 4),
        ("One\x0bline\x0c, still\u2028one\x85line.\n", 2),
        ("\ufeffA mark, then a line.\n", 2),
    ],
)
@pytest.mark.parametrize("left", ["", "\t\t", "𝔸𝔹 ", "e\u0301tude, ", "日本 "])
def test_line_and_column_count_code_points_from_one(before, line, left):
    text = f"{before}{left}He met the the press.\r\n"
    put("a.txt", text)
    (row,) = jsonl(mtclean("check", "a.txt", "--select", "REP101", "--format", "jsonl"))
    start = text.index("the the")
    assert (row["start"], row["end"]) == (start, start + 7)
    assert (row["line"], row["column"]) == (line, len(left) + 8)


@pytest.mark.parametrize("left", ["Wide 日本 text, ", "A combining e\u0301tude, ", "A tab\there, "])
def test_carets_stand_under_the_hit_whatever_stands_before_it(left):
    put("a.txt", f"{left}he met the the press.\n")
    _, context, carets, *_ = mtclean("check", "a.txt", "--select", "REP101").text.splitlines()
    cells = sum(2 if "\u2e80" <= c <= "\uffef" else 0 if c == "\u0301" else 1 for c in context.split("the the")[0])
    assert carets.index("^") == cells


def on_terminal(*arguments, **environment):
    """What the program writes to standard output when that is a terminal."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm", **environment}
    process = subprocess.Popen([*PROGRAM, *arguments], stdout=theirs, stderr=subprocess.DEVNULL, env=env)
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux tells the end of a terminal so
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    process.wait()
    return shown.decode()


@pytest.mark.parametrize("command", ["check", "diff"])
def test_colour_is_for_terminals_only(command):
    put("a.txt")
    put("b.txt", CLEAN)
    arguments = [command, "a.txt", *(["b.txt"] if command == "diff" else [])]
    assert "\x1b[" in on_terminal(*arguments)
    assert "\x1b" not in on_terminal(*arguments, NO_COLOR="1")
    assert "\x1b" not in mtclean(*arguments).text


def test_github_annotations_carry_the_place():
    put("a.txt")
    first, second = mtclean("check", "a.txt", "--format", "github").text.splitlines()
    assert first.startswith("::warning file=a.txt,line=1,col=8,title=REP101 doubled-function-word::")
    assert second.startswith("::warning file=a.txt,line=1,col=")


def test_standard_input_is_checked():
    run = mtclean("check", "-", "--format", "jsonl", stdin=RAW.encode())
    assert run.status == 1
    assert {row["path"] for row in jsonl(run)} == {"-"}


def test_globs_folders_and_urls_are_inputs(here):
    put("in/a.txt")
    put("in/deep/b.txt")
    put("in/c.md", FINE)
    paths = {
        "in": {"in/a.txt", "in/deep/b.txt"},
        "in/*.txt": {"in/a.txt"},
        "in/**/*.txt": {"in/a.txt", "in/deep/b.txt"},
        f"file://{here}/in/a.txt": {f"file://{here}/in/a.txt"},
    }
    for given, expected in paths.items():
        run = mtclean("check", given, "--format", "jsonl")
        assert {row["path"] for row in jsonl(run)} == expected, given


# ---------------------------------------------------------------- which rules


def codes(*options):
    put("a.txt")
    return [row["code"] for row in jsonl(mtclean("check", "a.txt", "--format", "jsonl", *options))]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["REP101", "SPC102"]),
        (["--select", "REP101"], ["REP101"]),
        (["--select", "rep"], ["REP101"]),
        (["--select", "space-before-hyphen"], ["SPC102"]),
        (["--select", "REP,SPC102"], ["REP101", "SPC102"]),
        (["--select", "REP", "--select", "SPC"], ["REP101", "SPC102"]),
        (["--ignore", "REP"], ["SPC102"]),
        (["--ignore", "REP101, space-before-hyphen"], []),
        (["--select", "REP", "--ignore", "REP101"], []),
    ],
)
def test_rules_are_chosen_by_code_family_name_and_list(options, expected):
    assert codes(*options) == expected


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ("- kind: place", "1 error, 0 warnings"),
        ("- kind: place\n- kind: place", "2 errors, 0 warnings"),
    ],
)
def test_the_glossary_lint_counts_in_words(entries, told):
    put("terms.yaml", f"entries:\n{entries}\n")
    assert mtclean("glossary", "lint", "terms.yaml").err == f"{told}\n"


def test_the_glossary_can_be_left_out_and_another_added():
    put("terms.yaml", "entries:\n- {term: Kwidgetton, kind: place, variants: [Kwidgeton]}\n")
    put("a.txt", "The envoys met near Vernis in Lithuania, and then in Kwidgeton.\n")

    def found(*options):
        return {row["raw"] for row in jsonl(mtclean("check", "a.txt", "--format", "jsonl", *options))}

    assert found() == {"Vernis"}
    assert found("--glossary", "terms.yaml") == {"Vernis", "Kwidgeton"}
    assert found("--no-glossary") == set()
    assert found("--no-glossary", "--glossary", "terms.yaml") == {"Kwidgeton"}


def test_settings_come_from_the_nearest_file_and_the_command_line_goes_first(here, monkeypatch):
    put("mtclean.toml", 'ignore = ["SPC"]\n')
    put("other.toml", 'select = ["SPC"]\n')
    put("deep/a.txt")
    monkeypatch.chdir(here / "deep")
    assert codes() == ["REP101"]
    assert codes("--config", "../other.toml") == ["SPC102"]
    assert codes("--ignore", "REP") == ["SPC102"]


def test_set_aside_hits_stay_away_also_after_an_edit_elsewhere():
    put("a.txt")
    first = mtclean("check", "a.txt", "--write-ignore")
    assert first.status == 1
    assert first.err.endswith("2 hits set aside in mtclean-ignore.yaml\n")
    assert mtclean("check", "a.txt").status == 0
    put("a.txt", "A new first paragraph, which moves all the others.\n\n" + RAW)
    assert mtclean("check", "a.txt").status == 0
    put("a.txt", RAW + "\nShe met the the president too.\n")
    assert [row["line"] for row in jsonl(mtclean("check", "a.txt", "--format", "jsonl"))] == [4]
    mtclean("clean", "a.txt", "-o", "out")
    assert Path("out/a.txt").read_text() == RAW + "\nShe met the president too.\n"


def test_the_ignore_file_lies_where_it_is_named_or_beside_the_settings(here, monkeypatch):
    put("a.txt")
    assert mtclean("check", "a.txt", "--write-ignore", "--ignore-file", "mine.yaml", "-q").status == 1
    assert mtclean("check", "a.txt").status == 1
    assert mtclean("check", "a.txt", "--ignore-file", "mine.yaml").status == 0
    Path("mine.yaml").rename("mtclean-ignore.yaml")
    put("mtclean.toml", "")
    (here / "deep").mkdir()
    monkeypatch.chdir(here / "deep")
    assert mtclean("check", "../a.txt").status == 0


# ---------------------------------------------------------------- clean


def test_a_file_lands_in_the_folder_and_a_folders_files_below_it_by_their_paths():
    put("raw/a.txt")
    put("raw/deep/er/b.md", FINE)
    put("single/c.txt")
    run = mtclean("clean", "raw", "single/c.txt", "-o", "out")
    assert (run.status, run.text) == (0, "")
    texts = {"a.txt": CLEAN, "deep/er/b.md": FINE, "c.txt": CLEAN}
    written = tree("out")
    assert sorted(written) == sorted([*texts, *(f"{name}.trail.jsonl" for name in texts)])
    assert {name: written[name].decode() for name in texts} == texts
    assert run.err == "3 files, 4 edits applied, 0 suggestions, 0 reported only; clean text in out\n"


def test_in_place_keeps_the_permission_bits_and_puts_the_trail_beside():
    path = put("a.txt")
    path.chmod(0o640)
    assert mtclean("clean", "--in-place", "a.txt").status == 0
    assert path.read_text() == CLEAN
    assert path.stat().st_mode & 0o7777 == 0o640
    assert sorted(tree(".")) == ["a.txt", "a.txt.trail.jsonl"]


def test_cleaning_in_place_again_keeps_the_way_back():
    path = put("a.txt")
    mtclean("clean", "--in-place", "a.txt")
    trail = Path("a.txt.trail.jsonl").read_bytes()
    mtclean("clean", "--in-place", "a.txt")
    assert path.read_text() == CLEAN
    assert Path("a.txt.trail.jsonl").read_bytes() == trail
    assert mtclean("undo", "a.txt").status == 0
    assert path.read_text() == RAW


@pytest.mark.parametrize("content", [RAW, FINE, "", "\ufeff" + RAW, RAW.replace("\n", "\r\n"), RAW.rstrip("\n")])
def test_standard_input_goes_to_standard_output_byte_for_byte(content):
    run = spawned("clean", "-", stdin=content.encode())
    changed = content.replace("the the", "the").replace("Asia -P", "Asia-P")
    assert (run.status, run.out, run.err) == (0, changed.encode(), "")


def test_a_file_can_go_to_standard_output():
    put("a.txt")
    assert mtclean("clean", "a.txt", "-").out == CLEAN.encode()


def test_standard_input_can_go_into_a_folder_also_beside_other_work():
    put("a.txt", FINE)
    put("b.txt", FINE)
    run = spawned("clean", "-", "a.txt", "b.txt", "-o", "out", "--jobs", "2", stdin=RAW.encode())
    assert run.status == 0
    assert Path("out/-").read_text() == CLEAN


@pytest.mark.parametrize("option", ["--no-rewrite", "--no-names", "-q"])
def test_plain_options_are_taken(option):
    put("a.txt")
    assert mtclean("clean", "a.txt", "-", option).out == CLEAN.encode()


def test_suggestions_are_applied_on_request():
    put("a.txt", SUGGESTED)
    assert mtclean("clean", "a.txt", "-").text == SUGGESTED
    assert mtclean("clean", "a.txt", "-", "--suggest").text == SUGGESTED.replace("in in", "in")
    mtclean("clean", "a.txt", "-o", "out")
    verdicts = [row["verdict"] for row in map(json.loads, Path("out/a.txt.trail.jsonl").read_text().splitlines()[1:])]
    assert verdicts == ["suggested"]


def test_more_processes_give_the_same_bytes():
    one = spawned("clean", *TEXTS, "-o", "one")
    two = spawned("clean", *TEXTS, "-o", "two", "--jobs", "2")
    assert (one.status, two.status) == (0, 0)
    assert tree("one") == tree("two")
    assert two.err == one.err.replace("in one", "in two")


def test_cleaning_again_changes_nothing():
    mtclean("clean", *TEXTS, "-o", "one")
    mtclean("clean", "one", "-o", "two")
    for path in TEXTS:
        assert Path("two", path.name).read_bytes() == Path("one", path.name).read_bytes()


def test_nothing_is_printed_to_standard_output_and_no_progress_into_a_log():
    run = spawned("clean", *TEXTS, "-o", "out")
    assert run.out == b""
    assert "\r" not in run.err
    assert run.err.count("\n") == 1
    assert spawned("clean", TEXTS[0], "-o", "out", "-q").err == ""


def test_urls_are_read_and_written(here):
    store = fsspec.filesystem("memory")
    store.pipe("/box/a.txt", RAW.encode())
    try:
        assert mtclean("clean", "memory://box", "-o", "memory://clean").status == 0
        assert store.cat("/clean/a.txt") == CLEAN.encode()
        assert store.cat("/clean/a.txt.trail.jsonl").count(b"\n") == 3
        put("b.txt")
        assert mtclean("clean", f"file://{here}/b.txt", "-o", f"file://{here}/out").status == 0
        assert Path("out/b.txt").read_text() == CLEAN
    finally:
        store.store.clear()
        store.pseudo_dirs[:] = [""]


# ---------------------------------------------------------------- clean --diff

HARD_CASES = {
    "no-newline.txt": RAW.rstrip("\n"),
    "crlf.txt": RAW.replace("\n", "\r\n"),
    "carriage.txt": "He met the the press.\rNobody knew why.\r\n",
    "mark.txt": "\ufeff" + RAW,
    "vertical.txt": "He met\x0b the the press\u2028 and left.\x85\n",
    "with space.txt": RAW,
    'quo"te.txt': RAW,
    "日本.txt": RAW,
    "back\\slash.txt": RAW,
    "new\nline.txt": RAW,
    "latin.txt": "Le caf\xe9 met the the press.\n".encode("cp1252"),
    "deep/er.txt": RAW,
    "r.jsonl": json.dumps({"id": 1, "text": RAW}) + "\n",
}


@pytest.mark.parametrize("program", ["patch", "git"])
def test_the_diff_applied_gives_the_clean_files(here, program):
    if not shutil.which(program):
        pytest.skip(f"{program} is not here")
    for path in TEXTS:
        put(f"raw/{path.name}", path.read_bytes())
    for name, content in HARD_CASES.items():
        put(f"raw/{name}", content)
    shown = mtclean("clean", "--diff", "raw")
    assert shown.status == 0
    assert mtclean("clean", "raw", "-o", "out").status == 0
    command = {"patch": ["patch", "-p1", "--binary"], "git": ["git", "apply", "--whitespace=nowarn"]}[program]
    applied = subprocess.run(command, input=shown.out, capture_output=True, cwd=here, check=False)
    assert applied.returncode == 0, applied.stderr.decode()
    for name in [*HARD_CASES, *(path.name for path in TEXTS)]:
        assert Path("raw", name).read_bytes() == Path("out", name).read_bytes(), name


def outputs_that_change(cleaner, of_each):
    """Real system outputs in which cleaning changes something, so many of each file, by the file's name."""
    for path in sorted((SHARED / "data" / "mt").glob("*.jsonl.gz")):
        found = {}
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            texts = (json.loads(line)["mt"] for line in lines)
            while len(found) < of_each and (text := next(texts, None)) is not None:
                if cleaner.clean(Document(text)).changed:
                    found[text] = None
        yield path.name.removesuffix(".jsonl.gz"), list(found)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("patch"), reason="needs patch")
def test_the_diff_of_real_texts_applied_gives_the_clean_files(here, cleaner):
    if not SHARED.is_dir():
        pytest.skip("the real texts are not here")
    for path in (*TEXTS, *(SHARED / "seeds").glob("*.txt")):
        put(f"raw/{path.parent.parent.name}-{path.name}", path.read_bytes())
    texts = 0
    for name, found in outputs_that_change(cleaner, 45):
        texts += len(found)
        for at, text in enumerate(found):
            put(f"raw/{name}/{at}.txt", text + ("", "\n", "\r\n")[at % 3])
        put(
            f"raw/{name}.jsonl",
            "".join(json.dumps({"text": text}, ensure_ascii=at % 2) + "\n" for at, text in enumerate(found)),
        )
    assert texts >= 200
    assert mtclean("clean", "--no-rewrite", "raw", "-o", "out").status == 0
    shutil.copytree("raw", "patched/raw")
    shown = mtclean("clean", "--no-rewrite", "--diff", "raw")
    assert shown.status == 0
    command = ["patch", "-p1", "--binary", "--silent"]
    applied = subprocess.run(command, input=shown.out, capture_output=True, cwd=here / "patched", check=False)
    assert applied.returncode == 0, applied.stdout.decode()
    clean = {name: data for name, data in tree("out").items() if not name.endswith(".trail.jsonl")}
    patched = tree("patched/raw")
    assert sorted(patched) == sorted(clean)
    assert [name for name in clean if clean[name] != patched[name]] == []
    assert sum(clean[name] != data for name, data in tree("raw").items()) > 200


def test_the_diff_of_a_clean_file_is_empty_and_of_standard_input_is_not():
    put("a.txt", FINE)
    assert mtclean("clean", "--diff", "a.txt").out == b""
    shown = mtclean("clean", "--diff", "-", stdin=RAW.encode()).text
    assert "-He met the the press." in shown
    assert "+He met the press." in shown


# ---------------------------------------------------------------- records

ROWS = [
    {"id": "b-1", "date": "2023-07-01", "title": "the the title stays", "text": RAW, "n": 1.50},
    {"id": "b-2", "date": "2023-07-02", "title": 'Ünïcode, "quoted"', "text": FINE, "n": -2},
    {"id": "b-3", "date": "2023-07-03", "title": "", "text": "They came , and left.", "n": 0},
]


def records_in(data, format_):
    if format_ == "jsonl":
        return [json.loads(line) for line in data.decode().splitlines()]
    if format_ == "parquet":
        return pq.read_table(io.BytesIO(data)).to_pylist()
    delimiter = "\t" if format_ == "tsv" else ","
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))


def records_file(format_):
    if format_ == "jsonl":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()
    if format_ == "parquet":
        out = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(ROWS), out)
        return out.getvalue()
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(ROWS[0]), delimiter="\t" if format_ == "tsv" else ",")
    writer.writeheader()
    writer.writerows(ROWS)
    return text.getvalue().encode()


@pytest.mark.parametrize("gzipped", [False, True], ids=["plain", "gz"])
@pytest.mark.parametrize("format_", ["jsonl", "csv", "tsv", "parquet"])
def test_only_the_text_field_of_records_changes(format_, gzipped):
    data = records_file(format_)
    name = f"r.{format_}" + (".gz" if gzipped else "")
    put(name, gzip.compress(data) if gzipped else data)
    run = mtclean("clean", name, "-o", "out")
    assert (run.status, run.complaints) == (0, [])
    written = Path("out", name).read_bytes()
    before, after = records_in(data, format_), records_in(gzip.decompress(written) if gzipped else written, format_)
    assert [list(row) for row in after] == [list(row) for row in before]
    assert [{**row, "text": ""} for row in after] == [{**row, "text": ""} for row in before]
    assert [row["text"] for row in after] == [CLEAN, FINE, "They came, and left."]
    trail = [json.loads(line) for line in Path("out", f"{name}.trail.jsonl").read_text().splitlines()]
    assert [row["record"] for row in trail[1:]] == ["b-1", "b-1", "b-3"]


def test_another_text_field_can_be_named():
    put("r.jsonl", '{"text": "the the", "body": "He met the the press."}\n')
    mtclean("clean", "r.jsonl", "-o", "out", "--text-field", "body")
    assert Path("out/r.jsonl").read_text() == '{"text": "the the", "body": "He met the press."}\n'


# ---------------------------------------------------------------- diff, rules, explain, help


def test_diff_marks_deleted_and_inserted_words():
    put("a.txt", "One.\nHe met the the press in Vernis.\n")
    put("b.txt", "One.\nHe met the press in Vilnius.\n")
    assert mtclean("diff", "a.txt", "b.txt").text.splitlines() == [
        "--- a.txt",
        "+++ b.txt",
        "2: He met the [-the -]press in [-Vernis-]{+Vilnius+}.",
    ]
    assert mtclean("diff", "a.txt", "a.txt").text == ""


def test_diff_of_folders_goes_by_the_clean_files_and_needs_no_trail():
    put("raw/a.txt")
    put("raw/b.txt", FINE)
    put("raw/deep/c.txt")
    mtclean("clean", "raw", "-o", "out")
    with_trail = mtclean("diff", "raw", "out")
    assert with_trail.status == 0
    assert [line for line in with_trail.text.splitlines() if line.startswith("+++")] == [
        "+++ out/a.txt",
        "+++ out/deep/c.txt",
    ]
    assert with_trail.text.count("1: REP101,SPC102  He met") == 2
    for trail in Path("out").rglob("*.trail.jsonl"):
        trail.unlink()
    without = mtclean("diff", "raw", "out")
    assert (without.status, without.err) == (0, "")
    assert re.sub(r"\[-.*?-\]", "", without.text) == re.sub(r"REP101,SPC102  |\[-.*?-\]", "", with_trail.text)


def test_diff_stat_counts_edits_by_rule_or_else_changed_lines():
    put("a.txt", RAW + "He met the the king.\n")
    mtclean("clean", "a.txt", "-o", "out")
    assert mtclean("diff", "--stat", "a.txt", "out/a.txt").text == "out/a.txt: 3 edits\n  REP101  2\n  SPC102  1\n"
    Path("out/a.txt.trail.jsonl").unlink()
    assert mtclean("diff", "--stat", "a.txt", "out/a.txt").text == "out/a.txt: 2 changed lines\n"


def test_diff_numbers_lines_as_check_does():
    put("a.txt", "One\x0bline\u2028still.\rTwo.\r\nHe met the the press.\n")
    put("b.txt", "One\x0bline\u2028still.\rTwo.\r\nHe met the press.\n")
    (row,) = jsonl(mtclean("check", "a.txt", "--select", "REP", "--format", "jsonl"))
    assert mtclean("diff", "a.txt", "b.txt").text.splitlines()[2].startswith(f"{row['line']}: He met")


def test_diff_of_one_very_long_line_ends():
    sentence = "the minister said that a summit of Tokyo and allies would be held next year "
    put("a.txt", sentence * 3000)
    put("b.txt", sentence.replace("held next", "held Next") * 3000)
    started = time.monotonic()
    shown = mtclean("diff", "a.txt", "b.txt").text
    assert "held next" in shown
    assert "held Next" in shown
    assert time.monotonic() - started < 10


def test_rules_are_listed_as_text_and_as_json():
    rows = json.loads(mtclean("rules", "--format", "json").text)
    lines = mtclean("rules").text.splitlines()
    assert len(rows) == len(lines) > 20
    for row, line in zip(rows, lines, strict=True):
        assert list(row) == ["code", "name", "level", "severity", "mqm", "origin", "stage", "message"]
        assert line.split()[:3] == [row["code"], row["name"], row["level"]]
        assert line.endswith(row["message"])
        assert re.fullmatch(r"[A-Z]{3}\d{3}", row["code"])
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", row["name"])
        assert row["level"] in ("safe", "suggest", "report")
        assert row["severity"] in ("minor", "major", "critical")
        assert row["stage"] in ("rule", "glossary", "name", "rewrite")


def test_every_rule_is_explained_by_code_and_by_name():
    for row in json.loads(mtclean("rules", "--format", "json").text):
        page = mtclean("explain", row["code"])
        assert page.status == 0
        assert page.text.startswith(f"# {row['code']} {row['name']}\n")
        assert mtclean("explain", row["name"]).text == page.text
        assert mtclean("explain", row["code"].lower()).text == page.text


COMMANDS = ["check", "clean", "diff", "review", "undo", "apply", "rules", "explain", "run"]


def test_the_help_lists_the_commands_by_use():
    listed = re.findall(r"^  ([a-z]+)  +(\S.*)$", mtclean("--help").text.split("Commands:")[1], re.MULTILINE)
    assert [name for name, _ in listed if name in COMMANDS] == COMMANDS
    assert not [text for _, text in listed if "..." in text], "a line of help is cut off"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_for_each_option(command):
    run = mtclean(command, "--help")
    assert run.status == 0
    assert run.text.startswith(f"Usage: mtclean {command} ")
    assert mtclean(command, "-h").text == run.text
    options = run.text.split("Options:\n")[1]
    for entry in re.split(r"\n(?=  -)", options.rstrip("\n")):
        assert re.search(r"^  -.+?(?:\s{2,}|\n\s+)\w.*\.", entry, re.DOTALL), entry


def test_version():
    assert mtclean("--version").text == f"mtclean {__version__}\n"


def test_without_arguments_the_help_is_shown():
    run = mtclean()
    assert run.status == 2
    assert run.err == mtclean("--help").text


# ---------------------------------------------------------------- start-up

HEAVY = {"prefect", "torch", "transformers", "pyarrow", "fsspec", "numpy"}
COMMANDS_AT_ONCE = [
    ["check", "a.txt"],
    ["clean", "--no-rewrite", "a.txt", "-o", "out"],
    ["rules"],
    ["diff", "a.txt", "a.txt"],
]


@pytest.mark.parametrize("arguments", COMMANDS_AT_ONCE, ids=lambda arguments: arguments[0])
def test_nothing_heavy_is_imported(arguments):
    put("a.txt")
    code = (
        "import sys\n"
        "from cleaners.cli import main\n"
        "try:\n"
        "    main(sys.argv[1:])\n"
        "except SystemExit:\n"
        "    pass\n"
        "print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "cleaners" in loaded
    assert not loaded & HEAVY


@pytest.mark.slow
@pytest.mark.parametrize("arguments", COMMANDS_AT_ONCE[:2], ids=lambda arguments: arguments[0])
def test_a_small_file_is_done_at_once(arguments):
    put("a.txt", (RAW * 50)[:3000])
    spawned(*arguments)  # warms the caches
    waited, worked = [], []
    for _ in range(5):
        started = time.perf_counter()
        process = subprocess.Popen([*PROGRAM, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        waited.append(time.perf_counter() - started)
        worked.append(usage.ru_utime + usage.ru_stime)
    assert statistics.median(worked) < 0.5, worked
    if os.getloadavg()[0] < (os.cpu_count() or 1):  # on a busy machine the wait says more of the others
        assert statistics.median(waited) < 1.0, waited


def test_no_temporary_files_are_left(here):
    mtclean("clean", *TEXTS, "-o", "out")
    assert leftovers(here) == []
