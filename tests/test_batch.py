"""Batches without a scheduler: what is cleaned, what is left alone, what is set aside, and who may write."""

import gzip
import json
import multiprocessing
import os
import subprocess
import sys
import threading
import time
import tracemalloc
from pathlib import Path
from uuid import uuid4

import pyarrow
import pyarrow.parquet
import pytest
from commandline import mtclean, put

from cleaners import jobs, trail
from cleaners.batch import course, joining, lock, plan, quarantine
from cleaners.batch.course import Course
from cleaners.batch.orders import CancelledError, Join, Large, Orders, Outcome, OutputError, Sample, Shard
from cleaners.batch.totals import Totals
from cleaners.batch.worker import Worker
from cleaners.config import Settings
from cleaners.errors import MtcleanError
from cleaners.files import Source
from cleaners.jobs import FileReport, Task

RAW = "He met the the press. The Asia -Pacific states came.\n"
CLEAN = "He met the press. The Asia-Pacific states came.\n"
SETTINGS = Settings(inputs=("raw",), output="out", rewrite=False)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(settings=SETTINGS, **orders):
    name = uuid4().hex
    with lock.held(settings.output, name):
        return course.run_here(Orders(settings, name, **orders), plan.make(settings))


def tree(folder="out"):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(Path(folder).rglob("*")) if p.is_file()}


def as_clean_does(**settings):
    """What the command line writes for the same input, where nothing is ever split or left out."""
    mtclean("clean", "raw", "-o", "cli", "--no-rewrite", "-q", *(f"--{k}={v}" for k, v in settings.items()))
    return tree("cli")


def batch(**keys):
    return SETTINGS.merged(batch=keys)


class TestARun:
    def test_gives_what_clean_gives(self):
        for number in range(5):
            put(f"raw/deep/{number}.txt", f"{number}. {RAW}")
        put("raw/a.md", f"# {RAW}")
        put("raw/r.jsonl", json.dumps({"id": "x", "text": RAW}) + "\n")
        put("raw/t.csv", f"id,text\n1,{RAW}")
        found = run(batch(shard_bytes=100))
        assert tree() == as_clean_does()
        assert (found.cleaned, found.current, found.failed, found.documents) == (8, 0, 0, 8)
        assert found.tallies["REP101", "applied"] == 8

    def test_does_nothing_a_second_time(self):
        put("raw/a.txt", RAW)
        put("raw/latin.txt", "Le café “met” the the press.\n".encode("cp1252"))
        put("raw/r.jsonl", json.dumps({"text": RAW}) + "\n")
        put("raw/r.csv.gz", gzip.compress(f"text\n{RAW}".encode()))
        pyarrow.parquet.write_table(pyarrow.table({"text": [RAW, "Nothing."]}), "raw/r.parquet")
        run()
        before = {path: Path("out", path).stat().st_mtime_ns for path in tree()}
        found = run()
        assert (found.cleaned, found.current) == (0, 5)
        assert {path: Path("out", path).stat().st_mtime_ns for path in tree()} == before

    def test_cleans_everything_when_forced(self):
        put("raw/a.txt", RAW)
        run()
        assert run(force=True).cleaned == 1

    def test_writes_nothing_when_dry(self):
        put("raw/a.txt", RAW)
        put("raw/b.txt", RAW)
        run()
        put("raw/b.txt", RAW + RAW)
        before = tree()
        found = run(dry=True)
        assert (found.current, found.stale, found.would_clean, tree()) == (1, 1, ["raw/b.txt"], before)
        assert found.told() == "2 documents: 1 to clean, 1 current"


STALE = {
    "another raw text": lambda: put("raw/a.txt", RAW * 2),
    "a lost clean text": lambda: Path("out/a.txt").unlink(),
    "a clean text cut short": lambda: put("out/a.txt", CLEAN[:20]),
    "a lost trail": lambda: Path("out/a.txt.trail.jsonl").unlink(),
    "a trail cut short": lambda: put("out/a.txt.trail.jsonl", Path("out/a.txt.trail.jsonl").read_bytes()[:40]),
    "a trail of another version": lambda: _headed(mtclean="0.0.1"),
    "a trail of other settings": lambda: _headed(fingerprint="0" * 16),
    "an empty trail": lambda: put("out/a.txt.trail.jsonl", ""),
    "a trail that is no text": lambda: put("out/a.txt.trail.jsonl", b"\xff\xfe\x00"),
}


def _headed(**changed):
    path = Path("out/a.txt.trail.jsonl")
    first, _, rest = path.read_text().partition("\n")
    path.write_text(trail.dump(json.loads(first) | changed) + "\n" + rest)


@pytest.mark.parametrize("change", STALE)
def test_what_is_stale_is_cleaned_again(change):
    put("raw/a.txt", RAW)
    put("raw/b.txt", RAW)
    run()
    before = tree()
    STALE[change]()
    found = run()
    assert (found.cleaned, found.current) == (1, 1)
    if change != "another raw text":
        assert tree() == before


CHANGES = {
    "a rule left out": {"ignore": ("REP101",)},
    "suggestions": {"suggest": True},
    "another source language": {"source_lang": "zh"},
    "another field": {"text_field": "body"},
    "no glossary": {"no_glossary": True},
}


@pytest.mark.parametrize("change", CHANGES)
def test_other_settings_make_all_stale(change):
    put("raw/a.txt", RAW)
    run()
    assert run(SETTINGS.merged(**CHANGES[change])).cleaned == 1


def test_another_number_of_workers_makes_nothing_stale():
    put("raw/a.txt", RAW)
    run()
    assert run(SETTINGS.merged(jobs=7, engine="dask", batch={"retries": 1})).current == 1


def test_a_changed_glossary_makes_all_stale():
    put("raw/a.txt", RAW)
    entry = "entries:\n- {term: Vilnius, kind: place}\n"
    put("terms.yaml", entry)
    settings = SETTINGS.merged(glossary=("terms.yaml",))
    run(settings)
    assert run(settings).current == 1
    put("terms.yaml", entry.replace("Vilnius", "Riga"))
    assert run(settings).cleaned == 1


def test_what_was_undone_by_hand_stays_undone():
    put("raw/a.txt", RAW)
    run()
    assert mtclean("undo", "out/a.txt", "--code", "REP101").status == 0
    undone = tree()
    assert run().current == 1
    assert tree() == undone


def test_times_of_files_are_not_asked():
    put("raw/a.txt", RAW)
    run()
    for path in (Path("raw/a.txt"), *Path("out").iterdir()):
        os.utime(path, (0, 4_000_000_000))
    assert run().current == 1


class TestLargeFiles:
    def records(self, count=60):
        return "".join(json.dumps({"n": n, "text": f"Item {n}: {RAW}"}) + "\n" for n in range(count))

    def test_come_out_as_in_one_piece(self):
        put("raw/r.jsonl", self.records())
        put("raw/t.csv", "id,text\n" + "".join(f'{n},"{RAW}"\n' for n in range(60)))
        settings = batch(shard_bytes=700)
        kinds = [type(work) for work in plan.make(settings).work()]
        assert kinds == [Large, Large]
        found = run(settings)
        assert tree() == as_clean_does()
        assert (found.cleaned, found.records, found.changed) == (2, 120, 120)
        assert found.tallies["REP101", "applied"] == 120
        assert run(settings).current == 2

    def test_guess_as_in_one_piece(self):
        tail = "The fleet left Kure. rice field. Ministers met in Kyoto. I was.\n"
        put("raw/r.jsonl", "".join(json.dumps({"text": f"{n}. {tail}"}) + "\n" for n in range(40)))
        run(batch(shard_bytes=500))
        assert '"guess"' in Path("out/r.jsonl.trail.jsonl").read_text().split("\n")[0]
        assert tree() == as_clean_does()

    def test_are_taken_up_where_they_were_left(self):
        put("raw/r.jsonl", self.records())
        settings = batch(shard_bytes=700)
        with lock.held("out", "one"):
            at_work = Course(Orders(settings, "one"), plan.make(settings))
            for _ in range(4):  # the survey and three stretches
                work = at_work.next()
                at_work.take(work, course.do(Orders(settings, "one"), work))
        parts = {path: data for path, data in tree().items() if path.startswith(joining.FOLDER)}
        assert len(parts) == 6
        stamps = {path: Path("out", path).stat().st_mtime_ns for path in parts}
        with lock.held("out", "two"):
            orders = Orders(settings, "two")
            at_work = Course(orders, plan.make(settings))
            while not isinstance(work := at_work.next(), Join):
                at_work.take(work, course.do(orders, work))
            assert {path: Path("out", path).stat().st_mtime_ns for path in parts} == stamps
            at_work.take(work, course.do(orders, work))
        assert tree() == as_clean_does()

    def test_that_cannot_be_read_are_set_aside_whole(self):
        put("raw/r.jsonl", self.records() + "{]\n")
        put("raw/a.txt", RAW)
        found = run(batch(shard_bytes=700))
        assert (found.cleaned, found.failed) == (1, 1)
        ((path, reason),) = found.failures
        assert (path, reason.split(": ")[0]) == ("raw/r.jsonl", "raw/r.jsonl:61")
        assert Path("out/quarantine/r.jsonl").read_bytes() == Path("raw/r.jsonl").read_bytes()
        assert not Path("out/r.jsonl").exists()

    def test_without_the_text_column_are_set_aside(self):
        put("raw/t.csv", "id,body\n" + "1,one\n" * 400)
        found = run(batch(shard_bytes=200))
        assert found.failed == 1
        assert "has no column 'text'" in found.failures[0][1]

    def test_whose_parts_were_touched_are_not_joined(self):
        put("raw/r.jsonl", self.records())
        settings = batch(shard_bytes=700)
        orders = Orders(settings, "one")
        with lock.held("out", "one"):
            at_work = Course(orders, plan.make(settings))
            while not isinstance(work := at_work.next(), Join):
                at_work.take(work, course.do(orders, work))
            put(work.parts[1].target, "{}\n")
            found = course.do(orders, work)
        assert "is not as it was left" in found.failures[0][1]
        assert not Path("out/r.jsonl").exists()

    def joining(self, settings, orders):
        """A course that has come to the join of raw/r.jsonl, and the join."""
        at_work = Course(orders, plan.make(settings))
        while not isinstance(work := at_work.next(), Join):
            at_work.take(work, course.do(orders, work))
        return at_work, work

    def test_whose_join_is_done_again_are_complete(self):
        put("raw/r.jsonl", self.records())
        settings = batch(shard_bytes=700)
        orders = Orders(settings, "one")
        with lock.held("out", "one"):
            _, work = self.joining(settings, orders)
            course.do(orders, work)
            before = tree()
            found = course.do(orders, work)
            assert (found.cleaned, found.failed, tree()) == (1, 0, before)

    def test_leave_no_parts_of_a_join_that_was_killed_at_its_end(self):
        put("raw/r.jsonl", self.records())
        settings = batch(shard_bytes=700)
        orders = Orders(settings, "one")
        with lock.held("out", "one"):
            _, work = self.joining(settings, orders)
            kept = tree(f"out/{joining.FOLDER}")
            course.do(orders, work)
        for path, data in kept.items():
            put(f"out/{joining.FOLDER}/{path}", data)
        assert run(settings, dry=True).current == 1
        assert tree(f"out/{joining.FOLDER}") == kept
        assert run(settings).current == 1
        assert not Path("out", joining.FOLDER).exists()

    @pytest.mark.parametrize("kills", [1, 9])
    def test_are_joined_though_the_child_is_lost_and_set_aside_where_it_is_lost_each_time(self, monkeypatch, kills):
        put("raw/r.jsonl", self.records())
        settings = batch(shard_bytes=700)
        orders = Orders(settings, "one")
        received = Worker._received
        left = [kills]

        def lost(worker, pipe, seconds):
            if left[0]:
                left[0] -= 1
                worker._child.kill()
                worker._child.wait()
            return received(worker, pipe, seconds)

        with lock.held("out", "one"):
            _, work = self.joining(settings, orders)
            monkeypatch.setattr(Worker, "_received", lost)
            found = course.do(orders, work)
        assert (found.cleaned, found.failed) == ((1, 0) if kills == 1 else (0, 1))


class TestQuarantine:
    def test_holds_a_copy_and_the_reason_and_the_others_are_cleaned(self):
        put("raw/sub/bad.txt", b"\0\0\0")
        put("raw/a.txt", RAW)
        found = run()
        assert (found.cleaned, found.failed) == (1, 1)
        assert Path("out/quarantine/sub/bad.txt").read_bytes() == b"\0\0\0"
        told = json.loads(Path("out/quarantine/sub/bad.txt.reason.json").read_text())
        assert told["path"] == "raw/sub/bad.txt"
        assert told["reason"].startswith("raw/sub/bad.txt: is binary data")
        assert told["copied"] is True
        assert found.told().startswith("2 documents: 1 cleaned, 0 current, 1 failed; ")

    def test_lets_go_of_what_was_mended(self):
        put("raw/bad.txt", b"\0\0\0")
        run()
        put("raw/bad.txt", RAW)
        run()
        assert tree("out/quarantine") == {}

    def test_lets_go_of_what_was_mended_and_cleaned_without_a_run(self):
        put("raw/bad.txt", b"\0\0\0")
        put("raw/bad.jsonl", "{]\n")
        run()
        put("raw/bad.txt", RAW)
        put("raw/bad.jsonl", json.dumps({"text": RAW}) + "\n")
        mtclean("clean", "raw", "-o", "out", "--no-rewrite")
        assert run(dry=True).current == 2
        assert len(tree("out/quarantine")) == 4
        assert run(batch(shard_bytes=20)).current == 2
        assert tree("out/quarantine") == {}

    def test_takes_a_document_whose_name_is_too_long_and_the_others_are_cleaned(self):
        name = "防衛省は五つの艦艇" * 9 + ".txt"
        put(f"raw/sub/{name}", RAW)
        put("raw/a.txt", RAW)
        put("raw/z.txt", RAW)
        found = run()
        assert (found.cleaned, found.failed) == (2, 1)
        assert "the name is too long" in found.failures[0][1]
        reason, text = sorted(Path("out/quarantine/sub").iterdir(), key=lambda path: path.suffix)
        assert text.read_text() == RAW
        assert (reason.name, json.loads(reason.read_text())["path"]) == (f"{text.name}.reason.json", f"raw/sub/{name}")
        assert plan.released(SETTINGS, plan.make(SETTINGS)) == []
        Path(f"raw/sub/{name}").unlink()
        assert plan.released(SETTINGS, plan.make(SETTINGS)) == [f"sub/{text.name}"]
        quarantine.lift("out", f"sub/{text.name}")
        assert tree("out/quarantine") == {}

    def test_keeps_gzipped_files_as_they_are(self):
        put("raw/bad.txt.gz", b"no gz at all")
        run()
        assert Path("out/quarantine/bad.txt.gz").read_bytes() == b"no gz at all"

    def test_tells_of_what_is_gone(self):
        put("raw/a.txt", RAW)
        put("raw/b.txt", RAW)
        planned = plan.make(SETTINGS)
        Path("raw/a.txt").unlink()
        with lock.held("out", "run"):
            found = course.run_here(Orders(SETTINGS, "run"), planned)
        assert (found.cleaned, found.failed) == (1, 1)
        assert json.loads(Path("out/quarantine/a.txt.reason.json").read_text())["copied"] is False

    def test_takes_no_document_of_its_own_name(self):
        put("raw/quarantine/a.txt", RAW)
        with pytest.raises(MtcleanError, match="would be written where documents go that fail"):
            plan.make(SETTINGS)


class TestShards:
    def sizes(self, settings):
        return [sum(Path(task.source.path).stat().st_size for task in w.tasks) for w in plan.make(settings).work()]

    def test_are_made_by_bytes(self):
        for number in range(9):
            put(f"raw/{number}.txt", "x" * 5_000)
        assert self.sizes(batch(shard_bytes=10_000)) == [10_000, 10_000, 10_000, 10_000, 5_000]

    def test_grow_smaller_towards_the_end(self):
        for number in range(1000):
            put(f"raw/{number:03}.txt", "x" * 4_096)
        sizes = self.sizes(SETTINGS.merged(jobs=2))
        assert sizes == sorted(sizes, reverse=True)
        assert sizes[0] == 4_096_000 // 16 // 4_096 * 4_096 + (4_096 if 4_096_000 // 16 % 4_096 else 0)
        assert sizes[-1] <= 128 * 1024
        assert sum(sizes) == 4_096_000

    def test_count_small_documents_as_work_too(self):
        for number in range(9):
            put(f"raw/{number}.txt", "x")
        assert self.sizes(batch(shard_bytes=4096)) == [2, 2, 2, 2, 1]

    def test_hold_every_document_once_and_in_order(self):
        for number in range(30):
            put(f"raw/{number:02}.txt", "x" * (number * 97))
        works = list(plan.make(batch(shard_bytes=3000)).work())
        assert [t.source.relative for w in works for t in w.tasks] == [f"{n:02}.txt" for n in range(30)]

    def test_of_one_large_document_are_one(self):
        put("raw/a.txt", "x" * 9_000)
        put("raw/a.jsonl.gz", "x" * 9_000)
        assert [type(work) for work in plan.make(batch(shard_bytes=1_000)).work()] == [Shard, Shard]


class TestTheWorker:
    def orders(self, **given):
        return Orders(SETTINGS, "run", **given)

    def test_is_kept_by_its_thread_while_the_orders_are_the_same(self):
        first = Worker.of_this_thread(self.orders())
        assert Worker.of_this_thread(self.orders()) is first
        assert Worker.of_this_thread(self.orders(force=True)) is not first
        others = []
        thread = threading.Thread(target=lambda: others.append(Worker.of_this_thread(self.orders(force=True))))
        thread.start()
        thread.join()
        assert others[0] is not Worker.of_this_thread(self.orders(force=True))

    def test_ends_its_child_with_the_thread(self):
        put("raw/a.txt", RAW)
        children = []

        def work():
            worker = Worker.of_this_thread(self.orders())
            list(worker.clean([Task(Source("raw/a.txt", "a.txt", "text", False), "out/a.txt")]))
            children.append(worker._child)

        with lock.held("out", "run"):
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
        del thread
        assert children[0].wait(10) is not None

    def test_stops_when_the_run_is_over(self):
        put("raw/a.txt", RAW)
        with lock.held("out", "run") as stop:
            stop()
            with pytest.raises(CancelledError):
                course.run_here(self.orders(), plan.make(SETTINGS))

    def test_keeps_to_its_limit_however_long_the_paths_are(self):
        folder = "/".join("x" * 240 for _ in range(10))
        os.mkfifo("raw.txt")  # whoever reads it waits
        source = "./" * 1500 + "raw.txt"
        tasks = [Task(Source(source, f"{folder}/{n}.txt", "text", False), f"out/{folder}/{n}.txt") for n in range(200)]
        worker = Worker(self.orders(seconds=1))
        with lock.held("out", "run"):
            began = time.monotonic()
            outcome = next(worker.clean(tasks))
        assert time.monotonic() - began < 20
        assert "it took longer than 1 seconds" in outcome.report.error

    def test_blames_no_document_where_no_child_can_be_started(self, monkeypatch):
        put("raw/a.txt", RAW)
        planned = plan.make(SETTINGS)
        monkeypatch.setattr("sys.executable", "/bin/false")
        with lock.held("out", "run"), pytest.raises(MtcleanError, match="no process that cleans can be started"):
            course.run_here(self.orders(), planned)
        assert not Path("out/quarantine").exists()

    def test_tells_what_is_wrong_with_the_settings_once(self):
        put("raw/a.txt", RAW)
        put("terms.yaml", "entries:\n  - {term: Vilnius, knd: place}\n")
        with lock.held("out", "run"), pytest.raises(MtcleanError, match=r"terms\.yaml:2"):
            jobs.make_cleaner(SETTINGS.merged(glossary=("terms.yaml",)))

    @pytest.mark.skipif(os.geteuid() == 0 and not Path("/proc/mounts").exists(), reason="needs a place to refuse")
    def test_raises_where_the_output_refuses(self):
        put("raw/a.txt", RAW)
        put("out/a.txt/in/the/way.txt", "a folder where a file should go\n")
        with pytest.raises(OutputError, match=r"out/a\.txt: is a folder, not a file"):
            run()


HOLD = """
import sys, time
from cleaners.batch import lock
with lock.held(sys.argv[1], "other"):
    print("held", flush=True)
    time.sleep(60)
"""


class TestTheLock:
    @pytest.fixture
    def other(self):
        process = subprocess.Popen([sys.executable, "-c", HOLD, "out"], stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()
        process.communicate()

    def test_keeps_a_second_run_out_and_names_the_first(self, other):
        with pytest.raises(MtcleanError) as refused, lock.held("out", "mine"):
            pass
        assert f"another run is writing there (process {other.pid} on " in str(refused.value)

    def test_is_free_after_a_kill(self, other):
        other.kill()
        other.wait()
        with lock.held("out", "mine"):
            assert json.loads(Path("out", lock.NAME).read_text())["run"] == "mine"

    def test_leaves_nothing(self):
        with lock.held("out", "mine"):
            pass
        assert tree() == {}

    def test_is_watched(self):
        with lock.held("out", "mine") as stop:
            assert lock.Watch("out", "mine").is_held()
            assert not lock.Watch("out", "other").is_held()
            stop()
            assert not lock.Watch("out", "mine").is_held()

    def test_still_keeps_others_out_while_the_workers_stop(self):
        with lock.held("out", "mine") as stop:
            stop()
            reader, writer = multiprocessing.Pipe(duplex=False)
            code = "import sys; from cleaners.batch import lock\nwith lock.held('out', 'x'): pass"
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
            reader.close()
            writer.close()
        assert "another run is writing there" in done.stderr

    def test_tells_where_nothing_can_be_written(self):
        put("out", "a file\n")
        with pytest.raises(MtcleanError, match="a file where a folder is needed"), lock.held("out", "mine"):
            pass


class TestPruning:
    def test_finds_what_has_no_input(self):
        put("raw/a.txt", RAW)
        put("raw/gone.txt", RAW)
        put("raw/r.jsonl.gz", b"")
        Path("raw/r.jsonl.gz").unlink()
        run()
        Path("raw/gone.txt").unlink()
        assert plan.orphans(SETTINGS, plan.make(SETTINGS)) == ["out/gone.txt"]

    def test_leaves_what_a_hand_has_changed_or_written(self):
        put("raw/a.txt", RAW)
        put("raw/gone.txt", RAW)
        run()
        Path("raw/gone.txt").unlink()
        put("out/gone.txt", "mine now\n")
        put("out/notes.txt", "mine\n")
        put("raw/bad.txt", b"\0")
        run()
        Path("raw/bad.txt").unlink()
        assert plan.orphans(SETTINGS, plan.make(SETTINGS)) == []

    def test_finds_what_is_in_quarantine_for_nothing(self):
        put("raw/a.txt", RAW)
        put("raw/sub/bad.txt", b"\0")
        put("raw/worse.txt", b"\0")
        run()
        assert plan.released(SETTINGS, plan.make(SETTINGS)) == []
        Path("raw/sub/bad.txt").unlink()
        assert plan.released(SETTINGS, plan.make(SETTINGS)) == ["sub/bad.txt"]
        quarantine.lift("out", "sub/bad.txt")
        assert sorted(tree("out/quarantine")) == ["worse.txt", "worse.txt.reason.json"]

    def test_finds_the_trail_that_a_stop_in_its_middle_left(self):
        put("raw/a.txt", RAW)
        put("raw/gone.txt", RAW)
        run()
        Path("raw/gone.txt").unlink()
        Path("out/gone.txt").unlink()
        assert plan.orphans(SETTINGS, plan.make(SETTINGS)) == ["out/gone.txt"]

    def test_knows_an_output_that_ends_in_a_slash(self):
        put("raw/a.txt", RAW)
        settings = SETTINGS.merged(output="./out/")
        run(settings)
        assert plan.orphans(settings, plan.make(settings)) == []


def test_leftovers_are_temporary_files_only():
    put("out/.mtclean-0123456789abcdef.tmp", "half")
    put("out/deep/.mtclean-0123456789abcdef.tmp", "half")
    put("out/.mtclean-mine.tmp", "not ours")
    put("out/a.tmp", "not ours")
    assert sorted(plan.leftovers("out")) == [
        "out/.mtclean-0123456789abcdef.tmp",
        "out/deep/.mtclean-0123456789abcdef.tmp",
    ]


def outcome(path="a.txt", code="REP101", count=1, **given):
    report = FileReport(path, f"out/{path}", records=1, changed=1)
    report.tallies[code, "applied"] = count
    return Outcome(report, samples=[Sample(path, code, "the the", "the")], **given)


class TestTotals:
    def test_add_up(self):
        one, two = Totals(), Totals()
        one.add(outcome(count=2), is_stretch=False, is_dry=False)
        two.add(outcome("b.txt", "SPC101", 3), is_stretch=False, is_dry=False)
        one.update(two)
        assert (one.cleaned, one.records, one.changed) == (2, 2, 2)
        assert one.by_rule()[0] == ("REP101", {"applied": 2, "suggested": 0, "refused": 0, "open": 0})
        assert one.top == [(3, "b.txt"), (2, "a.txt")]

    def test_of_stretches_count_their_edits_and_no_document(self):
        found = Totals()
        found.add(outcome(count=2), is_stretch=True, is_dry=False)
        found.add(outcome(count=3), is_stretch=True, is_dry=False)
        assert (found.documents, found.records, found.top) == (0, 2, [(5, "a.txt")])

    def test_do_not_grow(self):
        found = Totals()
        for number in range(1000):
            failed = Outcome(FileReport(f"{number}", error="no"))
            found.add(outcome(f"{number}.txt", count=number), is_stretch=False, is_dry=False)
            found.add(failed, is_stretch=False, is_dry=False)
        assert (found.failed, len(found.failures)) == (1000, 200)
        assert len(found.most_edited) <= 20
        assert len(found.samples) <= 16
        assert found.top[0] == (999, "999.txt")

    def test_show_every_rule_before_one_twice(self):
        found = Totals()
        for code in ("REP101",) * 6 + ("SPC101", "STR101"):
            found.add(outcome(code=code), is_stretch=False, is_dry=False)
        assert [sample.code for sample in found.shown][:3] == ["REP101", "SPC101", "STR101"]


def test_a_sample_is_one_line_and_short():
    put("raw/a.txt", "x" * 300 + f"\n{'y' * 200} {RAW}{'z' * 300}\n")
    found = run()
    (first, second) = found.samples
    assert (first.code, second.code) == ("REP101", "SPC101") or len(first.before) < 130
    assert "\n" not in first.before + first.after
    assert first.before.replace("the the", "the") == first.after


TABLES = {
    "an unknown key": ("[batch]\nretires = 3", "unknown key 'retires' in [batch]; did you mean 'retries'?"),
    "a wrong kind": ("[batch]\nretries = 'three'", "'retries' must be a number, not 'three'"),
    "less than nothing": ("[batch]\nmax_failures = -1", "'max_failures' must be at least 0, not -1"),
    "no time at all": ("[batch]\ntime_limit = 0", "'time_limit' must be at least 0.001, not 0"),
    "two times": ("[schedule]\ncron = '0 3 * * *'\ninterval = 60", "[schedule] needs either cron or interval"),
    "no time": ("[schedule]\ntimezone = 'UTC'", "[schedule] needs either cron or interval"),
    "too often": ("[schedule]\ninterval = 0", "'interval' must be at least 1 second"),
    "nowhere": (
        "[schedule]\ninterval = 60\ntimezone = 'Europe/Vilnus'",
        "'Europe/Vilnus' is no time zone; did you mean",
    ),
}


@pytest.mark.parametrize("case", TABLES)
def test_a_wrong_table_is_told(case):
    content, told = TABLES[case]
    put("raw/a.txt", RAW)
    put("mtclean.toml", content + "\n")
    line = content.count("\n") + 1 if case not in ("two times", "no time") else 1
    refusal = mtclean("check", "raw").refusal
    assert refusal.startswith(f"mtclean.toml:{line}: {told}"), refusal


def test_large_files_are_planned_first():
    put("raw/a.txt", "x" * 3_000)
    put("raw/z.jsonl", json.dumps({"text": "x" * 9_000}) + "\n")
    works = list(plan.make(batch(shard_bytes=1_000)).work())
    assert [type(work) for work in works] == [Large, Shard]


def test_the_place_of_a_document_in_quarantine_mirrors_its_own():
    assert quarantine.place("out/", "x/a.txt") == "out/quarantine/x/a.txt"
    assert quarantine.place("s3://bucket/out", "x/a.txt") == "s3://bucket/out/quarantine/x/a.txt"


def test_a_worker_that_cannot_see_the_folder_tells_so():
    put("raw/a.txt", RAW)
    orders = Orders(SETTINGS, uuid4().hex, folder="/no/such/folder")
    with pytest.raises(MtcleanError, match=r"\A/no/such/folder: there is no such file"):
        list(Worker(orders).clean([Task(Source("raw/a.txt", "a.txt", "text", False), "out/a.txt")]))


def test_a_worker_started_elsewhere_writes_to_the_same_place(here, monkeypatch):
    put("raw/a.txt", RAW)
    put("raw/bad.txt", b"\0")
    planned, orders = plan.make(SETTINGS), Orders(SETTINGS, uuid4().hex)
    Path("elsewhere").mkdir()
    with lock.held(orders.output, orders.run):
        monkeypatch.chdir("elsewhere")
        found = course.run_here(orders, planned)
    assert (found.cleaned, found.failed) == (1, 1)
    assert sorted(path.name for path in (here / "out" / "quarantine").iterdir()) == ["bad.txt", "bad.txt.reason.json"]
    assert not list(Path().iterdir())


def test_what_a_child_had_answered_before_it_died_is_not_done_again():
    for number in range(40):
        put(f"raw/{number:02}.txt", RAW)
    orders = Orders(SETTINGS, uuid4().hex)
    worker = Worker(orders)
    tasks = [task for task, _ in plan.make(SETTINGS).entries()]
    with lock.held(orders.output, orders.run):
        outcomes = worker.clean(tasks)
        found = [next(outcomes)]
        done = 0  # the child goes on with what it has in hand, and answers
        while done < (done := len(list(Path("out").glob("*.txt")))):
            time.sleep(0.5)
        worker._child.kill()
        worker._child.wait()
        found += outcomes
    worker.close()
    assert len(found) == 40
    assert not [outcome for outcome in found if outcome.is_current or outcome.report.error]


def test_a_plan_takes_no_memory_for_its_documents():
    for number in range(1200):
        put(f"raw/{number:04}.txt", "x")
    planned = plan.make(batch(shard_bytes=100_000))
    assert planned.count == planned.bytes == 1200
    tracemalloc.start()
    first = sum(len(work.tasks) for work in planned.work())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert first == sum(len(work.tasks) for work in planned.work()) == 1200
    assert peak < 1_000_000, peak


def test_two_readers_of_a_plan_do_not_disturb_each_other():
    for number in range(1200):
        put(f"raw/{number:04}.txt", "x")
    planned = plan.make(batch(shard_bytes=100_000))
    pairs = list(zip(planned.entries(), planned.entries(), strict=True))
    assert len(pairs) == 1200
    assert all(one == two for one, two in pairs)
