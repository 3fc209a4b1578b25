"""The Prefect flow: the same bytes as the command line, its tallies, and what goes wrong."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import commandline
import pytest
from commandline import leftovers, mtclean, spawned

pytest.importorskip("prefect", reason="needs the extra: pip install 'mtclean[flows]'")

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
RAW = "He met the the press. The Asia -Pacific states came.\n"
CLEAN = "He met the press. The Asia-Pacific states came.\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """An empty current folder, and a Prefect of its own that nobody else's settings reach."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    return tmp_path


def put(name, content=RAW):
    return commandline.put(name, content)


def tree(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(Path(folder).rglob("*")) if p.is_file()}


def artifacts():
    """What the flow published, read from the database that it left in PREFECT_HOME."""
    with sqlite3.connect("prefect/prefect.db") as database:
        rows = database.execute("SELECT key, type, data FROM artifact").fetchall()
    database.close()
    return [(key, kind, json.loads(data)) for key, kind, data in rows]


@pytest.mark.slow
def test_the_flow_gives_what_clean_gives_publishes_its_tallies_and_tells_what_failed(here):
    for path in SEEDS.glob("*.txt"):
        put(f"raw/deep/{path.name}", path.read_bytes())
    put("raw/r.jsonl", json.dumps({"id": "x", "text": RAW, "other": "the the"}) + "\n")
    put("raw/set-aside.txt", "He saw that that the the word was doubled.\n")
    put("mtclean.toml", 'inputs = ["raw"]\noutput = "flow"\nignore = ["PUN"]\nsuggest = true\n')
    put(
        "mtclean-ignore.yaml",
        "ignore:\n- {code: REP101, text: the the, before: He saw that that, after: word was doubled.}\n",
    )
    run = spawned("run", "mtclean.toml", timeout=240)
    assert run.status == 0, run.err
    assert "Traceback" not in run.err + run.text
    assert "Warning" not in run.err
    assert mtclean("clean", "raw", "-o", "cli").status == 0
    assert tree("flow") == tree("cli")
    assert len(tree("flow")) == 2 * (15 + 2)
    assert "the the" in Path("flow/set-aside.txt").read_text()
    ((key, kind, text),) = artifacts()
    assert (key, kind) == ("mtclean-tallies", "markdown")
    rows = [
        json.loads(line) for path in Path("cli").rglob("*.trail.jsonl") for line in path.read_text().splitlines()[1:]
    ]
    applied = sum(row["verdict"] == "applied" for row in rows)
    assert f"17 files, {applied} edits applied, 0 suggestions" in text
    told = dict(re.findall(r"^\| ([A-Z]{3}\d{3}) \| (\d+) \|", text, re.MULTILINE))
    assert set(told) == {row["code"] for row in rows}
    assert sum(map(int, told.values())) == applied
    assert leftovers(here) == []

    put("raw/bad.txt", b"\0")  # and now with one that fails; the database is there already, which saves time
    put("raw/latin.txt", "Le café “met” the the press.\n".encode("cp1252"))
    failing = spawned("run", "mtclean.toml", timeout=240)
    log = failing.err + failing.text
    assert failing.status == 2
    assert "raw/bad.txt: is binary data" in log
    assert "raw/latin.txt: not UTF-8: read as cp1252, will be written as UTF-8" in log
    assert "1 of 19 files could not be cleaned" in log
    assert "Traceback" not in log
    assert sorted(set(tree("flow")) - set(tree("cli"))) == ["latin.txt", "latin.txt.trail.jsonl"]
    assert ", 1 error\n" in artifacts()[-1][-1]


@pytest.mark.slow  # Prefect takes seconds to import
def test_many_files_go_in_shards_and_all_of_them_are_done(monkeypatch):
    from flows import clean as flow

    for number in range(7):
        put(f"raw/{number}.txt")
    put("job.toml", 'inputs = ["raw"]\noutput = "out"\njobs = 2\n')
    monkeypatch.setattr(flow, "SHARD_FILES", 3)
    shards = flow.shards("job.toml")
    assert [len(shard) for shard in shards] == [3, 3, 1]
    reports = [report for shard in shards for report in flow.clean_shard.fn("job.toml", shard)]
    assert [report.path for report in reports] == [f"raw/{number}.txt" for number in range(7)]
    assert {name: data for name, data in tree("out").items() if name.endswith(".txt")} == {
        f"{number}.txt": CLEAN.encode() for number in range(7)
    }
    assert "| REP101 | 7 | 0 | 0 | 0 |" in flow.tallies(reports)


BAD_JOBS = {
    "no output": ('inputs = ["raw"]\n', r"job\.toml: the settings name no output; add output = \"DIR\""),
    "no inputs": ('output = "out"\n', r"job\.toml: the settings name no inputs; add inputs = \[\"DIR\"\]"),
    "nothing there": (
        'inputs = ["nowhere"]\noutput = "out"\n',
        r"nowhere: there is no such file or folder; check the path",
    ),
    "onto itself": ('inputs = ["raw"]\noutput = "raw"\n', r"raw: is both input and output; write to another folder"),
    "unknown key": ('inptus = ["raw"]\n', r"job\.toml:1: unknown key 'inptus'; did you mean 'inputs'\?"),
    "unknown code": (
        'inputs = ["raw"]\noutput = "out"\nselect = ["STR109"]\n',
        r".*'STR109' is no rule, family or rule name; .+",
    ),
    "bad glossary": ('inputs = ["raw"]\noutput = "out"\nglossary = ["terms.yaml"]\n', r"terms\.yaml:2:\d+: .+"),
    "no file": (None, r"job\.toml: no such file or directory; check --config"),
}


@pytest.mark.slow  # Prefect takes seconds to import
@pytest.mark.parametrize("case", BAD_JOBS)
def test_settings_that_cannot_work_are_told_before_prefect_starts(here, case):
    content, expected = BAD_JOBS[case]
    put("raw/a.txt")
    put("terms.yaml", "entries:\n  - {term: Vilnius, knd: place}\n")
    if content is not None:
        put("job.toml", content)
    told = mtclean("run", "job.toml").refusal
    assert re.fullmatch(expected, told), told
    assert not Path("out").exists()
    assert not Path("prefect/prefect.db").exists()


@pytest.mark.slow
def test_a_server_that_does_not_answer_is_told_in_one_line():
    put("raw/a.txt")
    put("job.toml", 'inputs = ["raw"]\noutput = "out"\n')
    run = spawned("run", "job.toml", PREFECT_API_URL="http://127.0.0.1:9/api", timeout=120)
    assert run.status == 2
    assert re.fullmatch(r"mtclean: run: Prefect cannot run the flow: .*; look at PREFECT_API_URL, .+\n", run.err), (
        run.err
    )


def test_without_the_extra_the_missing_package_is_told():
    put("raw/a.txt")
    put("job.toml", 'inputs = ["raw"]\noutput = "out"\n')
    code = "import sys; sys.modules['prefect'] = None; from cleaners.cli import main; main(['run', 'job.toml'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr == "mtclean: run: the package 'prefect' is missing; install it with pip install 'mtclean[flows]'\n"
    )
