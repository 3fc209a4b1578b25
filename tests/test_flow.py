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

from cleaners.batch.orders import Orders, Shard
from cleaners.config import Settings

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


def texts(folder):
    """What cleaning made; run.json tells of times, too."""
    return {name: data for name, data in tree(folder).items() if name != "run.json"}


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
    put("mtclean.toml", 'inputs = ["raw"]\noutput = "flow"\nreport = "report"\nignore = ["PUN"]\nsuggest = true\n')
    put(
        "mtclean-ignore.yaml",
        "ignore:\n- {code: REP101, text: the the, before: He saw that that, after: word was doubled.}\n",
    )
    run = spawned("run", "mtclean.toml", timeout=240)
    assert run.status == 0, run.err
    assert "Traceback" not in run.err + run.text
    assert "Warning" not in run.err
    assert mtclean("clean", "raw", "-o", "cli").status == 0
    figures = json.loads(Path("flow/run.json").read_text())
    assert texts("flow") == texts("cli")
    assert len(texts("flow")) == 2 * (15 + 2)
    assert "the the" in Path("flow/set-aside.txt").read_text()
    (key, kind, text), (table, table_kind, rules), (link, link_kind, address) = artifacts()
    assert (key, kind, table, table_kind) == ("mtclean-run", "markdown", "mtclean-rules", "table")
    rows = [
        json.loads(line) for path in Path("cli").rglob("*.trail.jsonl") for line in path.read_text().splitlines()[1:]
    ]
    applied = sum(row["verdict"] == "applied" for row in rows)
    assert f"17 documents: 17 cleaned, 0 current; {applied} edits applied, 0 suggestions" in text
    assert (link, link_kind) == ("mtclean-report", "markdown")
    assert (here / "report" / "index.html").as_uri() in address
    assert len(list(Path("report/documents").rglob("*.html"))) == sum(
        len(path.read_text().splitlines()) > 1 for path in Path("cli").rglob("*.trail.jsonl")
    )
    assert figures["edits"]["applied"] == applied == sum(row["applied"] for row in json.loads(rules))
    assert (figures["cleaned"], figures["state"], figures["reason"]) == (17, "completed", None)
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
    assert "19 documents: 1 cleaned, 17 current, 1 failed; " in log
    assert "Traceback" not in log
    assert sorted(set(texts("flow")) - set(texts("cli"))) == [
        "latin.txt",
        "latin.txt.trail.jsonl",
        "quarantine/bad.txt",
        "quarantine/bad.txt.reason.json",
    ]
    assert "| raw/bad.txt | raw/bad.txt: is binary data" in artifacts()[-3][-1]

    Path("raw/bad.txt").unlink()
    Path("raw/latin.txt").unlink()
    dry = spawned("run", "mtclean.toml", "--prune", "--dry-run", timeout=240)
    assert "would delete flow/latin.txt: its input is gone" in dry.err + dry.text
    assert Path("flow/latin.txt").exists()
    put("raw/new.txt")
    pruning = spawned("run", "mtclean.toml", "--prune", timeout=240)
    assert pruning.status == 0, pruning.err
    assert "18 documents: 1 cleaned, 17 current; 2 edits applied" in pruning.err + pruning.text
    assert not Path("flow/latin.txt").exists()
    assert not Path("flow/latin.txt.trail.jsonl").exists()


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["threads", "processes", "dask"])
def test_every_engine_gives_the_same_bytes(here, engine):
    if engine == "dask":
        pytest.importorskip("prefect_dask", reason="needs the extra: pip install 'mtclean[flows,dask]'")
    for path in SEEDS.glob("*.txt"):
        put(f"raw/{path.name}", path.read_bytes())
    put("raw/r.jsonl", "".join(json.dumps({"n": n, "text": RAW}) + "\n" for n in range(200)))
    put("raw/bad.txt", b"\0")
    put("job.toml", f'inputs = ["raw"]\noutput = "out"\nengine = "{engine}"\njobs = 2\n[batch]\nshard_bytes = 4000\n')
    run = spawned("run", "job.toml", timeout=300)
    assert run.status == 2, run.err  # one document is bad
    assert "Traceback" not in run.err + run.text
    assert "16 cleaned, 0 current, 1 failed" in run.err + run.text
    assert mtclean("clean", "raw", "-o", "cli").status == 2
    got = texts("out")
    assert {name: data for name, data in got.items() if not name.startswith("quarantine/")} == texts("cli")
    assert leftovers(here) == []


@pytest.mark.slow
def test_too_many_failures_end_the_run_in_the_state_failed(here):
    for number in range(40):
        put(f"raw/{number:02}.txt", b"\0" if number < 30 else RAW)
    put("job.toml", 'inputs = ["raw"]\noutput = "out"\n[batch]\nmax_failures = 3\nshard_bytes = 4096\n')
    run = spawned("run", "job.toml", timeout=240)
    log = run.err + run.text
    assert run.status == 2
    assert "more than 3 documents failed (max_failures in [batch]); 4 documents: 0 cleaned, 0 current, 4 failed" in log
    figures = json.loads(Path("out/run.json").read_text())
    assert (figures["state"], figures["failed"], figures["not_tried"]) == ("failed", 4, 36)
    assert "Traceback" not in log
    assert leftovers(here) == []


@pytest.mark.slow  # Prefect takes seconds to import
class TestWhatIsPublished:
    def test_is_text_and_no_markup(self):
        from cleaners.batch.orders import Sample
        from cleaners.batch.totals import Totals
        from flows.publishing import markdown

        hostile = "a|b <script>alert(1)</script> ![x](http://x) `code`\n# head \ud800"
        totals = Totals(failed=1, failures=[(hostile, hostile)], most_edited=[(3, hostile)])
        totals.samples = [Sample(hostile, "REP101", hostile, hostile * 20)]
        shown = markdown(totals, "1 document")
        assert "<script" not in shown
        assert "](" not in shown
        assert "`" not in shown
        for line in shown.splitlines():
            assert not line.startswith("# head")
            if line.startswith("|"):
                assert line.count("|") in (3, 4, 6), line
        assert all(len(line) < 1_000 for line in shown.splitlines())

    def test_tells_how_many_failures_it_leaves_out(self):
        from cleaners.batch.totals import Totals
        from flows.publishing import markdown

        assert "| … | 7 more |" in markdown(Totals(failed=8, failures=[("a", "b")]), "")


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


def test_prefect_does_not_look_into_a_shard():
    from prefect.utilities.collections import visit_collection

    from flows.batch import Errand

    errand = Errand(Orders(Settings(), "run"), Shard((), 0))
    seen = []
    visit_collection({"errand": errand}, seen.append, return_data=False)
    assert errand in seen
    assert not [found for found in seen if isinstance(found, Orders | Shard)]


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
