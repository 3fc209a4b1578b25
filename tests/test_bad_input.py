"""Whatever is wrong, it is told in one line with place, what and what to do; nothing is left half done."""

import gzip
import json
import os
import pty
import re
import resource
import signal
import subprocess
import time
from pathlib import Path

import commandline
import pytest
from commandline import PROGRAM, leftovers, mtclean, spawned
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners import files, jobs
from cleaners.errors import MtcleanError

RAW = "He met the the press.\n"
CLEAN = "He met the press.\n"
HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\x7f\u202egnp.exe\u2066\r\x08"
# All that may move a cursor, ring, or turn the direction of writing; line feeds are the program's own.
NOT_FOR_TERMINALS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return tmp_path


def put(name, content=RAW):
    return commandline.put(name, content)


def outputs(folder="out"):
    return sorted(p.name for p in Path(folder).rglob("*") if p.is_file()) if Path(folder).exists() else []


# ---------------------------------------------------------------- documents

BAD_FILES = {
    "nul.txt": (b"He met the\0 press.\n", r"nul\.txt: is binary data .*; save it as UTF-8 text"),
    "binary.txt": (bytes(range(256)) * 8, r"binary\.txt: is binary data .*; save it as UTF-8 text"),
    "broken.jsonl": (
        b'{"text": "ok"}\n{"text": \n',
        r"broken\.jsonl:2: is not valid JSON: .* at column \d+; repair the line, or pass --skip-bad .*",
    ),
    "list.jsonl": (b"[1]\n", r"list\.jsonl:1: is not a JSON object; .*--skip-bad.*"),
    "other.jsonl": (
        b'{"body": "x"}\n',
        r"other\.jsonl:1: has no field 'text'; pass --text-field body, or --skip-bad .*",
    ),
    "other.csv": (b"body,id\nx,1\n", r"other\.csv:1: has no column 'text'; pass --text-field body"),
    "short.csv": (b"id,text\n1\n", r"short\.csv:2: has 1 cells where the header has 2; .*--skip-bad.*"),
    "no.parquet": (b"PAR1 nothing", r"no\.parquet: .+; .+"),
    "cut.txt.gz": (gzip.compress(b"He met the press." * 99)[:-20], r"cut\.txt\.gz: the gz data is cut short; .+"),
    "fake.txt.gz": (b"no gz at all", r"fake\.txt\.gz: the gz data is corrupt; .+"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_told_and_the_others_are_done(here, name):
    content, expected = BAD_FILES[name]
    put(name, content)
    put("a.txt")
    put("z.txt")
    run = mtclean("clean", "a.txt", name, "z.txt", "-o", "out")
    assert run.status == 2
    (complaint,) = run.complaints
    assert re.fullmatch(expected, complaint), complaint
    assert run.err.splitlines()[-1] == (
        "3 files, 2 edits applied, 0 suggestions, 0 reported only, 1 error; clean text in out"
    )
    assert outputs() == ["a.txt", "a.txt.trail.jsonl", "z.txt", "z.txt.trail.jsonl"]
    checked = mtclean("check", "a.txt", name, "z.txt", "--format", "jsonl")
    assert (checked.status, checked.complaints) == (2, [complaint])
    assert {json.loads(line)["path"] for line in checked.text.splitlines()} >= {"a.txt", "z.txt"}
    alone = mtclean("clean", name, "-")
    assert (alone.refusal, alone.out) == (complaint, b"")
    assert leftovers(here) == []


@pytest.mark.parametrize("name", ["broken.jsonl", "list.jsonl", "other.jsonl", "short.csv"])
def test_bad_records_pass_through_on_request(name):
    content, _ = BAD_FILES[name]
    put(name, content)
    run = mtclean("clean", name, "-o", "out", "--skip-bad")
    assert run.status == 0
    (note,) = run.complaints
    assert note.startswith("1 bad record passed through unchanged, the first at ")
    assert Path("out", name).read_bytes() == content


def test_another_encoding_is_read_told_and_written_as_utf8():
    put("a.txt", "Le café “met” the the press.\n".encode("cp1252"))
    run = mtclean("clean", "a.txt", "-o", "out")
    assert run.status == 0
    assert run.complaints == ["a.txt: not UTF-8: read as cp1252, will be written as UTF-8"]
    assert Path("out/a.txt").read_text(encoding="utf-8") == "Le café “met” the press.\n"
    assert mtclean("check", "a.txt").complaints == run.complaints
    assert mtclean("clean", "--diff", "a.txt").complaints == run.complaints


def test_an_empty_file_is_a_text_without_findings():
    put("a.txt", b"")
    assert mtclean("check", "a.txt").status == 0
    assert mtclean("clean", "a.txt", "-o", "out").status == 0
    assert Path("out/a.txt").read_bytes() == b""
    assert mtclean("undo", "out/a.txt").status == 0


def run_measured(arguments, stdin=None):
    """Status, standard error, seconds and the peak of resident memory in MiB."""
    started, peak = time.monotonic(), 0
    with Path("stderr").open("wb") as err:
        process = subprocess.Popen([*PROGRAM, *arguments], stdin=stdin, stdout=subprocess.DEVNULL, stderr=err)
        while process.poll() is None:
            # Not ru_maxrss, which begins at the size of the process that started this one.
            status = Path(f"/proc/{process.pid}/status").read_text()
            if Path(f"/proc/{process.pid}/exe").exists() and (found := re.search(r"VmHWM:\s+(\d+)", status)):
                peak = int(found[1])
            time.sleep(0.01)
    return process.returncode, Path("stderr").read_text(), time.monotonic() - started, peak / 1024


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl", "a.csv", "a.txt.gz", "-"])
def test_a_line_of_100_mb_is_refused_soon_and_in_little_memory(name):
    head, tail = {"a.jsonl": (b'{"text": "', b'"}\n'), "a.csv": (b"text\n", b"\n")}.get(name, (b"", b""))
    path = Path("stdin" if name == "-" else name)
    with gzip.open(path, "wb", 1) if name.endswith(".gz") else path.open("wb") as file:
        file.write(head)
        for _ in range(100):
            file.write(b"the the " * 125_000)
        file.write(tail)
    with path.open("rb") as stdin:
        status, err, seconds, memory = run_measured(["check", name], stdin if name == "-" else None)
    assert status == 2
    complaint, summary = err.splitlines()
    assert "over the limit of 64 MiB for one document; split it" in complaint
    assert summary == "0 findings in 1 file"
    assert seconds < 10
    assert memory < 320


@settings(max_examples=150)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes_are_cleaned_or_refused(data):
    run = mtclean("clean", "-", stdin=data)
    if run.status == 2:
        assert run.out == b""
        assert run.refusal.startswith("-: ")
    else:
        assert run.status == 0
    assert mtclean("check", "-", stdin=data).status in (0, 1, 2)


# ---------------------------------------------------------------- places


def test_the_output_may_not_be_the_input():
    put("in/a.txt")
    assert mtclean("clean", "in", "-o", "in").refusal == "in: is both input and output; write to another folder"
    assert mtclean("clean", "in/a.txt", "-o", "in").refusal.startswith(
        "in/a.txt: would be overwritten by its own output; "
    )
    assert outputs("in") == ["a.txt"]


def test_an_output_inside_the_input_is_not_read_again():
    put("in/a.txt")
    for _ in range(2):
        run = mtclean("clean", "in", "-o", "in/out")
        assert run.status == 0
        assert run.err.startswith("1 file, 1 edit applied")
    assert outputs("in/out") == ["a.txt", "a.txt.trail.jsonl"]


def test_a_loop_of_links_is_told(here):
    put("in/a.txt")
    Path("in/loop").symlink_to(here / "in")
    assert re.fullmatch(
        r"in/loop: is a link back to in, a loop without end; remove the link .*", mtclean("check", "in").refusal
    )
    Path("self.txt").symlink_to("self.txt")
    assert re.fullmatch(r"self\.txt: .*leads back to itself; remove the link", mtclean("check", "self.txt").refusal)


@pytest.mark.parametrize("arguments", [["clean", "in", "-o", "out"], ["clean", "in", "--in-place"], ["check", "in"]])
def test_a_link_to_nothing_is_told_and_the_others_are_done(arguments):
    put("in/a.txt")
    put("in/z.txt")
    Path("in/broken.txt").symlink_to("/nonexist")
    run = mtclean(*arguments)
    assert run.status == 2
    (complaint,) = run.complaints
    assert re.fullmatch(r"in/broken\.txt: .+; .+", complaint)
    assert Path("in/broken.txt").is_symlink()
    if "out" in arguments:
        assert outputs() == ["a.txt", "a.txt.trail.jsonl", "z.txt", "z.txt.trail.jsonl"]
    elif "--in-place" in arguments:
        assert (Path("in/a.txt").read_text(), Path("in/z.txt").read_text()) == (CLEAN, CLEAN)
    else:
        assert "in/a.txt:1:8" in run.text
        assert "in/z.txt:1:8" in run.text


def test_no_permission_to_read_is_told_and_the_others_are_done(monkeypatch):
    secret = put("in/secret.txt")
    put("in/a.txt")
    if os.geteuid() == 0:  # nothing is forbidden to root
        genuine = Path.open

        def denied(path, *rest, **named):
            if path.name == secret.name:
                raise PermissionError(13, "Permission denied", str(path))
            return genuine(path, *rest, **named)

        monkeypatch.setattr(Path, "open", denied)
    else:
        secret.chmod(0)
    run = mtclean("clean", "in", "-o", "out")
    assert run.status == 2
    assert run.complaints == ["in/secret.txt: permission denied; check the rights of the file and of its folder"]
    assert outputs() == ["a.txt", "a.txt.trail.jsonl"]


def test_no_permission_to_write_is_told(monkeypatch):
    put("a.txt")
    genuine = os.open

    def denied(path, flags, *rest, **named):
        if flags & os.O_CREAT:
            raise PermissionError(13, "Permission denied", str(path))
        return genuine(path, flags, *rest, **named)

    monkeypatch.setattr(os, "open", denied)
    run = mtclean("clean", "a.txt", "--in-place")
    assert run.complaints == ["a.txt: permission denied; check the rights of the file and of its folder"]
    assert Path("a.txt").read_text() == RAW


@pytest.mark.parametrize("command", [["check", "in"], ["clean", "in", "-o", "out"]], ids=lambda command: command[0])
def test_a_file_that_vanishes_is_told_and_the_others_are_done(monkeypatch, command):
    put("in/a.txt")
    gone = put("in/gone.txt")
    genuine = files.discover

    def discover(*given, **options):
        found = genuine(*given, **options)
        gone.unlink()
        return found

    monkeypatch.setattr(files, "discover", discover)
    run = mtclean(*command)
    assert run.status == 2
    assert run.complaints == ["in/gone.txt: there is no such file or folder; check the path"]
    assert "REP101" in run.text or outputs() == ["a.txt", "a.txt.trail.jsonl"]


def limited(arguments, size):
    """Run the program where no file may grow beyond ``size`` bytes: a disk that is full."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("name", ["long.txt", "long.txt.gz"])
def test_a_full_disk_leaves_neither_text_nor_trail(here, name, workers):
    numbers = "".join(f"Sentence number {n * 7919} is a calm one.\n" for n in range(20_000)).encode()
    put(name, gzip.compress(numbers) if name.endswith(".gz") else numbers)
    put("a.txt")
    done = limited(["clean", name, "a.txt", "-o", "out", "--jobs", workers], 20_000)
    assert done.returncode == 2
    complaint, summary = done.stderr.splitlines()
    assert complaint == f"mtclean: out/{name}: is larger than a file may be here; raise the limit or write elsewhere"
    assert ", 1 error; " in summary
    assert outputs() == ["a.txt", "a.txt.trail.jsonl"]
    assert leftovers(here) == []


def test_a_full_disk_while_undoing_leaves_both_as_they_were():
    text = "Nobody knew why the meeting was held there.\n" * 3000
    put("a.txt", text + RAW)
    mtclean("clean", "a.txt", "-o", "out")
    before = Path("out/a.txt").read_bytes(), Path("out/a.txt.trail.jsonl").read_bytes()
    done = limited(["undo", "out/a.txt"], 20_000)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert (Path("out/a.txt").read_bytes(), Path("out/a.txt.trail.jsonl").read_bytes()) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "arguments", [["rules"], ["check", "a.txt"], ["clean", "a.txt", "-"], ["clean", "a.txt", "--diff"]]
)
def test_a_full_disk_behind_standard_output_is_told(arguments):
    put("a.txt")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "mtclean: standard output: no space left on device; write elsewhere, or free what it needs\n"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["check", "in"], 1),
        (["check", "in", "--format", "sarif"], 1),
        (["rules"], 0),
        (["clean", "in", "--diff"], 0),
        (["clean", "in/big.txt", "-"], 0),
    ],
)
def test_a_reader_that_goes_away_is_no_mishap(arguments, status):
    put("in/big.txt", RAW * 3000)
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        done = subprocess.run([*PROGRAM, *arguments], stdout=theirs, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(theirs)
    assert (done.returncode, done.stderr) == (status, "")


@pytest.mark.parametrize(
    ("closed", "arguments", "status", "told"),
    [
        (1, ["rules"], 2, r"mtclean: standard output: bad file descriptor; .+\n"),
        (1, ["clean", "a.txt", "-o", "out", "-q"], 0, ""),
        (0, ["check", "-", "-q"], 2, r"mtclean: -: .*[Bb]ad file descriptor; .+\n"),
        (2, ["clean", "a.txt", "-o", "out"], 0, ""),
    ],
)
def test_closed_streams_are_survived(closed, arguments, status, told):
    put("a.txt")
    done = subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, text=True, check=False, preexec_fn=lambda: os.close(closed)
    )
    assert done.returncode == status, done.stderr
    assert re.fullmatch(told, done.stderr)


def test_an_output_that_lacks_letters_gets_escapes():
    run = spawned("rules", PYTHONIOENCODING="iso-8859-1")
    assert (run.status, run.err) == (0, "")
    assert r"\u" in run.out.decode("iso-8859-1")


# ---------------------------------------------------------------- names

NAMES = [
    "with space.txt",
    "quo'te\"d.txt",
    "new\nline.txt",
    "日本 Ünïcode 🗾.txt",
    "-dash.txt",
    "[a]*?.txt",
    "a,b:c%d&e#f.txt",
    f"{HOSTILE.replace('/', '')}.txt",
    os.fsdecode(b"no-utf8-\xff\xfe.txt"),
]


@pytest.mark.parametrize("format_", ["text", "json", "jsonl", "sarif", "github"])
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_any_file_name_can_be_checked(name, format_):
    put(f"in/{name}")
    run = mtclean("check", "in", "--format", format_)
    assert run.status == 1, run.err
    if format_ in ("json", "sarif"):
        json.loads(run.text)
    elif format_ == "text":
        assert not NOT_FOR_TERMINALS.search(run.text)
    else:
        assert run.text.count("\n") == 1
    if format_ == "jsonl":
        assert json.loads(run.text)["path"] == f"in/{name}"


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_any_file_name_can_be_cleaned_compared_and_undone(name):
    put(f"in/{name}")
    assert mtclean("clean", "in", "-o", "out").status == 0
    assert Path("out", name).read_text() == CLEAN
    shown = mtclean("diff", "in", "out")
    assert "REP101  He met the[- the-]" in shown.text
    undone = mtclean("undo", f"out/{name}")
    assert undone.status == 0
    assert Path("out", name).read_text() == RAW
    assert not NOT_FOR_TERMINALS.search(shown.text + undone.err)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_any_file_name_can_stand_in_an_error(name):
    assert not NOT_FOR_TERMINALS.search(mtclean("check", f"./{name}").refusal)
    put(name, b"\0")
    assert not NOT_FOR_TERMINALS.search(mtclean("clean", f"./{name}", "-").refusal)


def test_a_name_with_a_leading_dash_can_be_written_and_is_explained(here):
    put("-dash.txt")
    assert mtclean("check", "./-dash.txt").status == 1
    assert mtclean("check", "--", "-dash.txt").status == 1
    assert mtclean("check", "-dash.txt").refusal.endswith("; for the file of that name write ./-dash.txt")


# ---------------------------------------------------------------- what a document may do to a terminal


def hostile_document():
    return f"{HOSTILE} He met{HOSTILE} the the press{HOSTILE}.\nHe met a\x1b[31m a\x1b[0m man , and {HOSTILE}left .\n"


def test_no_document_writes_control_or_direction_characters_to_people():
    put("a.txt", hostile_document())
    checked = mtclean("check", "a.txt")
    assert checked.status == 1
    mtclean("clean", "a.txt", "-o", "out")
    for run in (
        checked,
        mtclean("diff", "a.txt", "out/a.txt"),
        mtclean("undo", "out/a.txt", "--list"),
        mtclean("check", "a.txt", "--select", HOSTILE),
        mtclean("explain", HOSTILE),
        mtclean("undo", "out/a.txt", "--code", HOSTILE),
        mtclean(HOSTILE),
        mtclean("check", f"--{HOSTILE}"),
        mtclean("check", "a.txt", "--date", HOSTILE),
    ):
        assert run.text + run.err
        assert not NOT_FOR_TERMINALS.search(run.text + run.err), run


@pytest.mark.parametrize("arguments", [["check", "a.txt"], ["diff", "a.txt", "b.txt"], ["clean", "--diff", "a.txt"]])
def test_a_terminal_gets_no_escape_sequence_but_colours(arguments):
    put("a.txt", hostile_document())
    put("b.txt", hostile_document().replace("the the", "the"))
    ours, theirs = pty.openpty()
    process = subprocess.Popen([*PROGRAM, *arguments], stdout=theirs, stderr=subprocess.DEVNULL)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:  # Linux tells the end of a terminal so
        pass
    os.close(ours)
    process.wait()
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r\n", "\n")
    assert "press" in plain
    assert not NOT_FOR_TERMINALS.search(plain)


def test_the_clean_text_itself_keeps_every_character():
    put("a.txt", hostile_document())
    assert mtclean("clean", "a.txt", "-", "--select", "REP101").text == hostile_document().replace("the the", "the")


def test_no_document_issues_workflow_commands():
    put("a.txt", "He met the\r\nthe press.\n::error::owned\n::set-output name=x::the the\n")
    for line in mtclean("check", "a.txt", "--format", "github").text.splitlines():
        assert re.match(r"::(warning|notice) file=", line)


# ---------------------------------------------------------------- the command line itself

BAD_LINES = {
    "unknown option": (
        ["check", "a.txt", "--selct", "STR"],
        r"No such option '--selct'.*'--select'.*; see mtclean check --help",
    ),
    "unknown command": (["chek", "a.txt"], r"No such command 'chek', did you mean 'check'\?; see mtclean --help"),
    "no path": (["check"], r"Missing argument 'PATH\.\.\.'; see mtclean check --help"),
    "not there": (["check", "nothere.txt"], r"nothere\.txt: there is no such file or folder; check the path"),
    "no match": (["check", "*.md"], r"\*\.md: this pattern matches nothing to clean; .+"),
    "empty folder": (["check", "empty"], r"empty: this folder holds nothing to clean; .+"),
    "unknown code": (
        ["check", "a.txt", "--select", "STR109"],
        r"select: 'STR109' is no rule, family or rule name; did you mean 'STR10\d'\?",
    ),
    "unknown code to ignore": (
        ["clean", "a.txt", "-", "--ignore", "SPC01"],
        r"ignore: 'SPC01' is no rule.*; did you mean 'SPC10\d'\?",
    ),
    "bad format": (
        ["check", "a.txt", "--format", "xml"],
        r"Invalid value for '--format': 'xml' is not one of .*; see .*",
    ),
    "bad date": (
        ["check", "a.txt", "--date", "07/01/2023"],
        r"Invalid value for '--date': '07/01/2023' is not a date; write it as YYYY-MM-DD; .*",
    ),
    "no such day": (
        ["check", "a.txt", "--date", "2023-02-30"],
        r"Invalid value for '--date': '2023-02-30' is not a date; .*",
    ),
    "bad language": (
        ["check", "a.txt", "--source-lang", "xx"],
        r"Invalid value for '--source-lang': 'xx' is not one of .*",
    ),
    "no jobs": (["check", "a.txt", "--jobs", "0"], r"Invalid value for '--jobs': 0 .*; see .*"),
    "nowhere to go": (
        ["clean", "a.txt"],
        r"clean: where the clean text goes is not clear; give one of -o DIR, --in-place, --diff or -",
    ),
    "a dash for a folder": (
        ["clean", "-o", "-", "a.txt"],
        r"-o: - is no folder; name a folder; for standard output give a last PATH of -",
    ),
    "two ways": (["clean", "a.txt", "-o", "out", "--in-place"], r"clean: where the clean text goes is not clear; .*"),
    "two other ways": (
        ["clean", "a.txt", "--diff", "--in-place"],
        r"clean: where the clean text goes is not clear; .*",
    ),
    "diff into a folder": (
        ["clean", "a.txt", "--diff", "-o", "out"],
        r"clean: where the clean text goes is not clear; .*",
    ),
    "standard input in place": (
        ["clean", "--in-place", "-"],
        r"-: standard input has no place to write back to; leave --in-place out",
    ),
    "two files to one output": (
        ["clean", "a.txt", "b.txt", "-"],
        r"-: 2 files cannot go to one standard output; use -o DIR",
    ),
    "no settings file": (["check", "a.txt", "--config", "no.toml"], r"no\.toml: .*no such file.*; check --config"),
    "no ignore file": (["check", "a.txt", "--ignore-file", "no.yaml"], r"no\.yaml: no such file; check --ignore-file"),
    "no glossary": (["check", "a.txt", "--glossary", "no.yaml"], r"no\.yaml: .*no such file.*"),
    "output is a file": (
        ["clean", "a.txt", "-o", "b.txt"],
        r"b\.txt/a\.txt: a part of this path is a file .*; check the path",
    ),
    "unknown rule": (["explain", "STR999"], r"explain: there is no rule 'STR999'; that family has STR101, .*"),
    "nearly a rule": (
        ["explain", "stray-japanes-tail"],
        r"explain: there is no rule .*; did you mean 'stray-japanese-tail'\?",
    ),
    "no rule at all": (["explain", "zzz"], r"explain: there is no rule 'zzz'; run mtclean rules for the list"),
    "file and folder": (
        ["diff", "a.txt", "empty"],
        r"empty: one of the two is a folder, the other is a file; give two files or two folders",
    ),
    "diff with nothing": (["diff", "a.txt", "nothere"], r"nothere: there is no such file or folder; check the path"),
    "two ways to undo": (["undo", "a.txt", "--code", "REP101", "--edit", "1"], r".+; .+"),
}


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_bad_command_line_is_told_in_one_line(here, case):
    put("a.txt")
    put("b.txt")
    Path("empty").mkdir()
    arguments, expected = BAD_LINES[case]
    run = mtclean(*arguments)
    if case == "output is a file":
        (told,) = run.complaints
        assert run.status == 2
    else:
        told = run.refusal
    assert re.fullmatch(expected, told), told
    assert run.out == b""
    assert sorted(p.name for p in here.rglob("*")) == ["a.txt", "b.txt", "empty"]
    assert (Path("a.txt").read_text(), Path("b.txt").read_text()) == (RAW, RAW)


BAD_SETTINGS = {
    "unknown key": (
        'suggest = true\noutptu = "out"\n',
        r"mtclean\.toml:2: unknown key 'outptu'; did you mean 'output'\?",
    ),
    "wrong kind": ('\njobs = "two"\n', r"mtclean\.toml:2: 'jobs' must be a whole number from 1, not 'two'"),
    "wrong choice": ('source_lang = "jp"\n', r"mtclean\.toml:1: 'source_lang' cannot be 'jp'; use one of ja, zh, auto"),
    "no list": ('select = "STR"\n', r"mtclean\.toml:1: 'select' must be a list of texts; write select = .*"),
    "no date": ('date = "July"\n', r"mtclean\.toml:1: 'July' is not a date; write it as YYYY-MM-DD"),
    "unknown code": ('select = ["STR109"]\n', r".*'STR109' is no rule, family or rule name; did you mean 'STR10\d'\?"),
    "broken TOML": ("jobs = 1\nselect = STR\n", r"mtclean\.toml:2(:\d+)?: not valid TOML: .+"),
    "no UTF-8": (b"# caf\xe9\n", r"mtclean\.toml: not UTF-8; save the file as UTF-8"),
}


@pytest.mark.parametrize("case", BAD_SETTINGS)
def test_bad_settings_are_told_with_file_line_and_key(case):
    content, expected = BAD_SETTINGS[case]
    put("mtclean.toml", content)
    put("a.txt")
    for arguments in (["check", "a.txt"], ["clean", "a.txt", "-o", "out"]):
        told = mtclean(*arguments).refusal
        assert re.fullmatch(expected, told), told
    assert not Path("out").exists()


BAD_GLOSSARIES = {
    "unknown key": "entries:\n  - term: Vilnius\n    knd: place\n",
    "no list": "entries: Vilnius\n",
    "broken YAML": "entries:\n  - term: [\n",
    "twice": "entries: []\nentries: []\n",
    "unknown kind": "entries:\n  - {term: Vilnius, kind: plaice, variants: [Vernis]}\n",
    "examples that fail": (
        "entries:\n  - term: Kwidgetton\n    kind: place\n    variants: [Kwidgeton]\n"
        "    examples:\n      - {bad: They left Kwidgeton early., good: They left Kwidgettown early.}\n"
    ),
}


@pytest.mark.parametrize("case", BAD_GLOSSARIES)
@pytest.mark.parametrize(
    "arguments", [["check", "a.txt"], ["clean", "a.txt", "-o", "out"], ["clean", "a.txt", "-o", "out", "--jobs", "2"]]
)
def test_a_bad_glossary_is_told_with_file_line_and_column(case, arguments):
    put("terms.yaml", BAD_GLOSSARIES[case])
    put("a.txt")
    told = mtclean(*arguments, "--glossary", "terms.yaml").refusal
    assert re.match(r"terms\.yaml:\d+:\d+: \S", told), told
    assert not Path("out").exists()


def test_a_mistake_in_the_program_stops_one_file_only_and_is_told(monkeypatch):
    put("a.txt")
    put("b.txt")
    genuine = jobs.document_of

    def mistaken(source, *rest):
        if source.path == "a.txt":
            raise KeyError("oops")
        return genuine(source, *rest)

    monkeypatch.setattr(jobs, "document_of", mistaken)
    expected = "a.txt: a mistake in mtclean, KeyError: 'oops'; please report it with what -vv prints"
    for command in (["check"], ["clean", "-o", "out"], ["clean", "--diff"]):
        run = mtclean(*command, "a.txt", "b.txt")
        assert (run.status, run.complaints) == (2, [expected])
        assert "Traceback (most recent call last)" in mtclean(*command, "-vv", "a.txt", "b.txt").err
    assert outputs() == ["b.txt", "b.txt.trail.jsonl"]


def test_tracebacks_are_for_those_who_ask():
    assert mtclean("check", "nothere.txt").err.count("\n") == 1
    assert "Traceback (most recent call last)" in mtclean("check", "nothere.txt", "-vv").err
    assert "Traceback (most recent call last)" in mtclean("check", "nothere.txt", "-v", "-v").err


def test_a_killed_worker_is_told(monkeypatch):
    put("a.txt")
    put("b.txt")
    monkeypatch.setattr(jobs, "clean_source", lambda *given, **options: os.kill(os.getpid(), signal.SIGKILL))
    told = mtclean("clean", "a.txt", "b.txt", "-o", "out", "--jobs", "2").refusal
    assert re.match(r"--jobs: a process was killed.*; .*fewer --jobs", told)


def test_errors_keep_to_one_line_whatever_they_quote():
    assert "\n" not in str(MtcleanError("a\nb", "what\r\n is", "do\n it"))


# ---------------------------------------------------------------- Ctrl-C


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("to", [["-o", "out"], ["--in-place"]], ids=["folder", "in-place"])
def test_ctrl_c_leaves_whole_files_and_one_line(here, workers, to):
    for number in range(40):
        put(f"in/{number:02}.txt", RAW * 1500)
    process = subprocess.Popen(
        [*PROGRAM, "clean", "in", *to, "--jobs", workers],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    folder = Path(to[-1] if to[0] == "-o" else "in")
    limit = time.monotonic() + 30
    while time.monotonic() < limit and not any(folder.glob("*.trail.jsonl")):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: every process of the group gets it
    out, err = process.communicate(timeout=30)
    assert process.returncode in (2, 130)
    assert (out, err.strip()) == ("", "mtclean: stopped")
    trails = sorted(folder.glob("*.trail.jsonl"))
    assert 0 < len(trails) < 40, "the signal came too late to show anything"
    assert leftovers(here) == []
    for path in folder.glob("*.txt"):
        assert path.read_text() in (RAW * 1500, CLEAN * 1500)
        if path.read_text() == CLEAN * 1500:
            assert Path(f"{path}.trail.jsonl") in trails
