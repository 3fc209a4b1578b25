"""What a batch makes of faults: kills, full disks, inputs that change or vanish, documents that hang or crash."""

import importlib.util
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import pytest
from commandline import leftovers, put
from conftest import ROOT

from cleaners import files, jobs
from cleaners.batch import course, lock, plan
from cleaners.batch.course import Course
from cleaners.batch.orders import TIME_LIMIT, Large, Orders, OutputError
from cleaners.config import Settings
from cleaners.errors import MtcleanError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="tells processes apart by /proc"),
]


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("batch", ROOT / "benchmarks" / "batch.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["batch"] = module
    spec.loader.exec_module(module)
    return module


batch = load()
RAW = "He met the the press. The Asia -Pacific states came.\n"
CLEAN = "He met the press. The Asia-Pacific states came.\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """An empty current folder, and no settings of Prefect."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The environment in which flows find a server."""
    pytest.importorskip("prefect", reason="needs the extra: pip install 'mtclean[flows]'")
    with batch.prefect_server(tmp_path_factory.mktemp("prefect")) as environment:
        yield environment


@contextmanager
def mounted(folder: Path, options: str):
    """A small file system in memory at ``folder``; the test is skipped where none may be mounted."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system may be mounted here: {done.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def documents(count: int, text: str = RAW) -> None:
    for number in range(count):
        put(f"raw/{number:03}.txt", text)


def settings_of(**more) -> Settings:
    return Settings(**{"inputs": ("raw",), "output": "out", "rewrite": False, **more})


def orders_of(settings: Settings, seconds: float = TIME_LIMIT) -> Orders:
    return Orders(settings, uuid4().hex, seconds=seconds)


def run_here(orders: Orders, planned: plan.Plan | None = None):
    """A whole run without a scheduler, in a thread of its own, whose cleaning process ends with it."""
    with lock.held(orders.output, orders.run), ThreadPoolExecutor(1) as thread:
        return thread.submit(course.run_here, orders, planned or plan.make(orders.settings)).result()


def cleaned_plainly(settings: Settings, output: str) -> dict[str, str]:
    """What cleaning without any batch gives, as a tree of digests."""
    cleaner = jobs.make_cleaner(settings, rewriting=True)
    for task in jobs.targets(files.discover(settings.inputs, output=output), output):
        jobs.clean_source(cleaner, task)
    return batch.tree(Path(output))


def reason_of(name: str) -> dict:
    return json.loads(Path(f"out/quarantine/{name}.reason.json").read_text())


def assert_clean(*names: str) -> None:
    assert {name: Path("out", name).read_text() for name in names} == dict.fromkeys(names, CLEAN)


# --- kills -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    folder = tmp_path_factory.mktemp("news") / "raw"
    assert batch.main(["generate", str(folder), "--documents", "150", "--bytes", "1500"]) == 0
    batch.main(["generate", "--jsonl", str(folder / "large.jsonl"), "--gigabytes", "0.0001", "--seed", "2"])
    return folder


@pytest.fixture(scope="module")
def wanted(raw, tmp_path_factory):
    """The clean documents and their trails, as cleaning without a batch gives them."""
    return cleaned_plainly(settings_of(inputs=(str(raw),)), str(tmp_path_factory.mktemp("plain") / "out"))


@pytest.mark.parametrize("victim", ["flow", "all"])
def test_a_run_killed_at_any_moment_is_taken_up_where_it_was(here, server, raw, wanted, victim):
    drawn = random.Random(f"seed 1 {victim}")
    run = batch.Run(here / "killed", raw, server, "threads", 2, batch={"shard_bytes": 16384})
    harm = batch.disturb(run, victim, drawn.uniform(0, 0.8), wanted, drawn)
    assert harm.is_harmless, str(harm)
    assert harm.done + harm.cleaned <= len([name for name in wanted if not name.endswith(".trail.jsonl")])
    assert "Traceback" not in run.log


@pytest.mark.parametrize(("victim", "engine"), [("child", "threads"), ("worker", "processes")])
def test_a_run_goes_on_when_a_process_that_works_for_it_is_killed(here, server, raw, wanted, victim, engine):
    run = batch.Run(here / "killed", raw, server, engine, 1, batch={"shard_bytes": 8192}).start()
    batch.await_output(run)
    assert batch.strike(run, victim, random.Random(1)) == victim
    run.done()
    assert batch.tree(run.output) == wanted
    assert "Traceback" not in run.log


def test_no_process_outlives_a_flow_that_was_killed(here, server, raw):
    run = batch.Run(here / "killed", raw, server, "processes", 1, batch={"shard_bytes": 8192}).start()
    try:
        batch.await_output(run)
        batch.strike(run, "flow", random.Random(1))
        run.flow.wait()
        until = time.monotonic() + batch.ENDING
        while (alive := batch.processes(run.flow.pid)) and time.monotonic() < until:
            time.sleep(0.1)
        assert alive == {}
    finally:
        batch.kill_session(run.flow.pid)


DASK = """
import os, sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, *(worker.pid for worker in cluster.workers.values()), flush=True)
        sys.stdin.read()
"""


@contextmanager
def cluster(environment: dict[str, str]):
    """The address of a scheduler with two workers, and their processes."""
    put("cluster.py", DASK)
    with (
        Path("cluster.log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "cluster.py"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        assert process.stdout
        try:
            address, *pids = process.stdout.readline().split()
            yield address.decode(), [int(pid) for pid in pids]
        finally:
            batch.kill_session(process.pid)


def test_a_worker_of_dask_killed_in_the_middle_is_replaced(here, server, raw, wanted):
    pytest.importorskip("prefect_dask", reason="needs the extra: pip install 'mtclean[dask]'")
    with cluster(server) as (address, workers):
        options = {"shard_bytes": 16384, "dask": address}
        run = batch.Run(here / "killed", raw, server, "dask", 2, batch=options).start()
        batch.await_output(run)
        os.kill(workers[0], signal.SIGKILL)
        run.done()
    assert not (run.output / "quarantine").exists()
    assert batch.tree(run.output) == wanted


# --- what is written to ----------------------------------------------------------------------------


def test_a_full_disk_ends_the_run_in_one_line_and_the_next_run_completes(here, server):
    documents(60, RAW * 40)
    wanted = cleaned_plainly(settings_of(inputs=(str(here / "raw"),)), "plain")
    (here / "small").mkdir()
    with mounted(here / "small" / "out", "size=256k"):
        run = batch.Run(here / "small", here / "raw", server, "threads", 1, batch={"retries": 0}).start().wait()
        assert run.flow.returncode == 2, run.log
        errors = [line for line in run.log.splitlines() if "| ERROR " in line or line.startswith("mtclean: ")]
        assert errors, run.log
        assert all("there is no space left for it; free some space or write elsewhere" in line for line in errors)
        assert "Traceback" not in run.log
        assert "Failed(" in run.log
        there = batch.tree(run.output)
        assert 10 < len(there) < len(wanted)
        assert there.items() <= wanted.items()
        subprocess.run(["mount", "-o", "remount,size=4m", run.output], check=True)
        found = run_here(orders_of(settings_of(inputs=(str(here / "raw"),), output=str(run.output))))
        assert (found.failed, found.cleaned + found.current) == (0, 60)
        assert batch.tree(run.output) == wanted


ALONE = """
import resource, sys
from uuid import uuid4
from cleaners.batch import course, lock, plan
from cleaners.batch.orders import Orders
from cleaners.config import Settings
from cleaners.errors import MtcleanError

limit = int(sys.argv[1])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
orders = Orders(Settings(inputs=("raw",), output="out", rewrite=False), uuid4().hex, seconds=60)
try:
    with lock.held(orders.output, orders.run):
        print("it holds the lock", flush=True)
        print(course.run_here(orders, plan.make(orders.settings)).told())
except MtcleanError as error:
    sys.exit(f"mtclean: {error}")
"""


def alone(limit: int = 0) -> subprocess.Popen[str]:
    """A run without a scheduler in a process of its own; no file may grow beyond ``limit`` bytes."""
    command = [sys.executable, "-c", ALONE, str(limit)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def test_a_file_that_may_not_grow_ends_the_run_in_one_line(here):
    documents(3)
    put("raw/001.txt", RAW * 400)
    with alone(limit=8192) as run:
        _, told = run.communicate(timeout=60)
    assert run.returncode == 1
    assert told == "mtclean: out/001.txt: is larger than a file may be here; raise the limit or write elsewhere\n"
    first = ["000.txt", "000.txt.trail.jsonl"]
    # The next document may have been on its way.
    assert [name for name in sorted(batch.tree(Path("out"))) if "002" not in name and "tmp" not in name] == first
    found = run_here(orders_of(settings_of()))
    assert (found.cleaned + found.current, found.failed) == (3, 0)
    assert found.current >= 1
    assert Path("out/001.txt").read_text() == CLEAN * 400


def test_a_read_only_output_is_told_in_one_line(here):
    documents(1)
    if os.geteuid():
        Path("out").mkdir(mode=0o555)
        with pytest.raises(MtcleanError, match=r"\A\S+/out: permission denied; check the rights .+\Z"):
            run_here(orders_of(settings_of()))
        return
    with mounted(here / "out", "ro"), pytest.raises(MtcleanError) as refused:
        run_here(orders_of(settings_of()))
    assert str(refused.value) == f"{here}/out: the file system is read-only; write elsewhere"


def test_an_output_that_becomes_read_only_ends_the_run_and_blames_no_document(here):
    documents(9)
    orders = orders_of(settings_of(batch={"shard_bytes": 6000}))
    with mounted(here / "out", "size=1m"):
        with lock.held(orders.output, orders.run), ThreadPoolExecutor(1) as thread:
            at_work = Course(orders, plan.make(orders.settings))
            at_work.take(first := at_work.next(), thread.submit(course.do, orders, first).result())
            # Seen through this second mount nothing can be written; the lock is open below it.
            subprocess.run(["mount", "--bind", "out", "out"], check=True)
            subprocess.run(["mount", "-o", "remount,ro,bind", "out"], check=True)
            with pytest.raises(OutputError, match=r"\Aout/003\.txt: the file system is read-only; write elsewhere\Z"):
                thread.submit(course.do, orders, at_work.next()).result()
        subprocess.run(["umount", "out"], check=True)
        assert at_work.totals.cleaned == 3
        found = run_here(orders_of(settings_of()))
        assert (found.cleaned, found.current, found.failed) == (6, 3, 0)
        assert not Path("out/quarantine").exists()


# --- what is read ----------------------------------------------------------------------------------


def test_an_input_that_vanishes_is_told_and_the_others_are_cleaned():
    documents(5)
    orders = orders_of(settings_of())
    planned = plan.make(orders.settings)
    Path("raw/002.txt").unlink()
    found = run_here(orders, planned)
    assert (found.cleaned, found.failed) == (4, 1)
    assert found.failures == [("raw/002.txt", "raw/002.txt: there is no such file or folder; check the path")]
    assert reason_of("002.txt") == {"path": "raw/002.txt", "reason": found.failures[0][1], "copied": False}
    assert not Path("out/quarantine/002.txt").exists()
    assert_clean("000.txt", "001.txt", "003.txt", "004.txt")


def test_an_input_that_changes_before_its_turn_is_cleaned_as_it_is_then():
    documents(3)
    orders = orders_of(settings_of())
    planned = plan.make(orders.settings)
    put("raw/001.txt", RAW * 3)
    assert run_here(orders, planned).cleaned == 3
    assert Path("out/001.txt").read_text() == CLEAN * 3
    assert run_here(orders_of(settings_of())).current == 3


def records(text: str) -> bytes:
    return b"".join(json.dumps({"id": number, "text": text}).encode() + b"\n" for number in range(200))


CHANGES = {
    "rewritten": lambda path: path.write_bytes(records(RAW.replace("press", "Queen"))),
    "cut short": lambda path: path.write_bytes(records(RAW)[:9000]),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_large_file_that_changes_after_its_survey_is_never_mixed(change):
    documents(3)
    path = put("raw/large.jsonl", records(RAW))
    orders = orders_of(settings_of(batch={"shard_bytes": 4096}))
    with lock.held(orders.output, orders.run), ThreadPoolExecutor(1) as thread:
        at_work = Course(orders, plan.make(orders.settings))
        while (work := at_work.next()) is not None:
            at_work.take(work, thread.submit(course.do, orders, work).result())
            if isinstance(work, Large):
                CHANGES[change](path)
    assert (at_work.totals.cleaned, at_work.totals.failed) == (3, 1)
    assert not Path("out/large.jsonl").exists()
    reason = reason_of("large.jsonl")["reason"]
    assert reason.startswith("raw/large.jsonl")
    assert "mistake in mtclean" not in reason
    assert "\n" not in reason

    path.write_bytes(records(RAW.replace("press", "Queen")))
    again = orders_of(settings_of(batch={"shard_bytes": 4096}))
    assert run_here(again).failed == 0
    found = batch.tree(Path("out"))
    assert not any("quarantine" in name for name in found)
    assert found == cleaned_plainly(again.settings, "plain")


# --- documents that hang or crash ------------------------------------------------------------------

# Python imports a module of this name at its start; only cleaning processes are to fall into its traps.
TRAPS = """
import os, signal, sys, time

if "cleaners.batch.child" in " ".join(sys.orig_argv):
    from cleaners.engine import Cleaner

    clean = Cleaner.clean

    def trapped(self, document, *more, **named):
        if "It hangs." in document.text:
            time.sleep(600)
        if "It exits." in document.text:
            os._exit(3)
        if "It crashes." in document.text:
            os.kill(os.getpid(), signal.SIGSEGV)
        return clean(self, document, *more, **named)

    Cleaner.clean = trapped
"""


@pytest.fixture
def traps(here, monkeypatch):
    put("traps/sitecustomize.py", TRAPS)
    path = os.pathsep.join(filter(None, (str(here / "traps"), os.environ.get("PYTHONPATH"))))
    monkeypatch.setenv("PYTHONPATH", path)
    return monkeypatch


POISONS = {
    "It hangs.": r"raw/002\.txt: it took longer than 1 seconds; look at this document, or raise time_limit .+",
    "It exits.": r"raw/002\.txt: it ended the process that read it \(status 3\); .+",
    "It crashes.": r"raw/002\.txt: it ended the process that read it \(signal 11\); .+",
}


@pytest.mark.parametrize("poison", POISONS)
def test_a_poisoned_document_goes_into_quarantine_and_the_others_are_cleaned(traps, poison):
    documents(5)
    put("raw/002.txt", f"{poison} {RAW}")
    began = time.monotonic()
    found = run_here(orders_of(settings_of(), seconds=1))
    assert time.monotonic() - began < 60
    assert (found.cleaned, found.failed) == (4, 1)
    ((path, reason),) = found.failures
    assert path == "raw/002.txt"
    assert re.fullmatch(POISONS[poison], reason), reason
    assert reason_of("002.txt") == {"path": path, "reason": reason, "copied": True}
    assert Path("out/quarantine/002.txt").read_text() == f"{poison} {RAW}"
    assert_clean("000.txt", "001.txt", "003.txt", "004.txt")
    assert not Path("out/002.txt").exists()

    Path("traps/sitecustomize.py").unlink()
    put("raw/002.txt", RAW)
    found = run_here(orders_of(settings_of()))
    assert (found.cleaned, found.current, found.failed) == (1, 4, 0)
    assert_clean("002.txt")
    assert not list(Path("out/quarantine").rglob("002*"))


def test_each_document_that_hangs_costs_its_time_limit_and_no_more(traps):
    documents(3, f"It hangs. {RAW}")
    orders = orders_of(settings_of(), seconds=1)
    with lock.held(orders.output, orders.run) as stop, ThreadPoolExecutor(1) as thread:
        running = thread.submit(course.run_here, orders, plan.make(orders.settings))
        try:
            found = running.result(timeout=40)
        except TimeoutError:
            stop()
            pytest.fail("three documents with a limit of one second each took longer than 40 seconds")
    assert (found.cleaned, found.failed) == (0, 3)


# --- two runs, and clocks --------------------------------------------------------------------------


def test_a_second_run_over_one_output_is_refused_and_told_of_the_first(traps):
    documents(2)
    put("raw/001.txt", f"It hangs. {RAW}")
    with alone() as first:
        assert first.stdout.readline() == "it holds the lock\n"
        with alone() as second:
            _, told = second.communicate(timeout=30)
        batch.kill_session(first.pid)
    assert second.returncode == 1
    assert re.fullmatch(
        rf"mtclean: \S+/out: another run is writing there \(process {first.pid} on \S+, since \S+\); "
        r"wait until it ends, or name another output\n",
        told,
    ), told
    # The first was killed, and its lock lies there still.
    assert Path("out", lock.NAME).exists()
    put("raw/001.txt", RAW)
    assert run_here(orders_of(settings_of())).failed == 0
    assert_clean("000.txt", "001.txt")
    assert not Path("out", lock.NAME).exists()
    assert leftovers(Path("out")) == []


def shift(folder: str, years: int) -> None:
    """Set the times of all files of a folder forward, or back."""
    for path in Path(folder).rglob("*"):
        moment = time.time() + years * 365 * 86400
        os.utime(path, (moment, moment))


@pytest.mark.parametrize("years", [-10, 10], ids=["set forward", "set back"])
def test_nothing_is_cleaned_again_though_the_clock_was(years):
    documents(4)
    assert run_here(orders_of(settings_of())).cleaned == 4
    put("out/run.json", json.dumps({"started": "2099-01-01T00:00:00+00:00", "ended": "2098-01-01T00:00:00+00:00"}))
    put(f"out/{lock.NAME}", json.dumps({"run": "gone", "pid": 1, "since": "2099-01-01T00:00:00+00:00"}))
    shift("out", years)
    shift("raw", -years)
    found = run_here(orders_of(settings_of()))
    assert (found.cleaned, found.current) == (0, 4)

    put("raw/002.txt", RAW * 2)
    shift("raw", -20)  # as from a backup: older than what was made from the last
    assert run_here(orders_of(settings_of())).cleaned == 1
    assert Path("out/002.txt").read_text() == CLEAN * 2
