"""Batches from bucket to bucket, against a real server of the S3 protocol on this machine: no byte differs from disk.

The cleaning child is a process of its own: what it is to know of the server stands in the environment.
"""

import csv
import gzip
import io
import json
import os
import socket
import subprocess
import sys
import time
import zipfile
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest
from commandline import mtclean, put, spawned

from cleaners import trail
from cleaners.batch import course, lock, plan
from cleaners.batch.course import Course
from cleaners.batch.orders import CancelledError, Join, Large, Orders, Shard, Surveyed
from cleaners.config import Settings
from cleaners.errors import MtcleanError
from cleaners.files import atomic_output
from cleaners.files.places import delete

_MISSING = [name for name in ("s3fs", "moto", "flask", "flask_cors") if find_spec(name) is None]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(_MISSING), reason="needs s3fs and moto: pip install 'mtclean[dev]'"),
]

RAW = "He met the the press. The Asia -Pacific states came.\n"
CLEAN = "He met the press. The Asia-Pacific states came.\n"
BEAT = 0.4  # seconds; a run that is dead is known as such after three of them

LINES = "".join(json.dumps({"id": f"r{n}", "text": f"Number {n}: {RAW}", "n": n}) + "\n" for n in range(200))


def table(rows):
    out = io.StringIO()
    csv.writer(out).writerows([("id", "text"), *((n, f"Row {n}: {RAW}") for n in range(rows))])
    return out.getvalue().encode()


DOCUMENTS = {
    "a.txt": RAW,
    "deep/down/with a space.txt": RAW,
    "日本 語/é – b.md": f"# Title\n\n{RAW}",
    "[1] {2}/what? 50%+#&=x*.txt": RAW,
    "untouched.txt": "\ufeffNothing is wrong here.\r\n",
    "latin.txt": "Le café “met” the the press.\n".encode("cp1252"),
    "empty.txt": b"",
    "packed.txt.gz": gzip.compress(RAW.encode()),
    "records.jsonl": LINES[:2000].rpartition("\n")[0] + "\n",
    "packed.jsonl.gz": gzip.compress(LINES[:1000].rpartition("\n")[0].encode()),
    "table.csv": table(5),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a server that knows no bucket yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        until = time.monotonic() + 60
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


class Place:
    """A folder that tests write to and look into, in a bucket or here, as another machine would."""

    def __init__(self, url):
        self.url = url
        # Remembers no listings, and is no instance that the program uses.
        self.store = fsspec.filesystem(url.partition("://")[0], use_listings_cache=False, skip_instance_cache=True)

    def put(self, name, content=RAW):
        data = content if isinstance(content, bytes) else content.encode()
        path = f"{self.url}/{name}"
        if self.url.startswith("file"):
            self.store.makedirs(self.store._parent(path), exist_ok=True)
        self.store.pipe_file(path, data)

    def get(self, name):
        return self.store.cat_file(f"{self.url}/{name}")

    def remove(self, name):
        self.store.rm_file(self.store._strip_protocol(f"{self.url}/{name}"))

    def tree(self, folder=""):
        """All that lies there, hidden things too."""
        top = self.store._strip_protocol(f"{self.url}/{folder}".rstrip("/"))
        return {name.removeprefix(top + "/"): self.store.cat_file(name) for name in self.store.find(top)}

    def texts(self, folder):
        """What lies there without the trails."""
        return {name: data for name, data in self.tree(folder).items() if not name.endswith(trail.SUFFIX)}

    def settings(self, **more):
        return Settings(**{"inputs": (f"{self.url}/raw",), "output": f"{self.url}/clean", "rewrite": False} | more)


@pytest.fixture(autouse=True)
def environment(server, tmp_path, monkeypatch):
    """An empty current folder, the server as the only S3 there is, and a lock that beats fast."""
    import s3fs

    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("AWS_", "PREFECT_"))]:
        monkeypatch.delenv(name)
    told = {
        "AWS_ENDPOINT_URL_S3": server, "AWS_ACCESS_KEY_ID": "tester", "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1", "PREFECT_HOME": str(tmp_path / "prefect"),
    }  # fmt: skip
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(lock, "BEAT", BEAT)
    s3fs.S3FileSystem.clear_instance_cache()
    yield
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture
def bucket():
    """A bucket of the test's own."""
    made = Place(f"s3://test-{uuid4().hex}")
    made.store.mkdir(made.url)
    return made


@pytest.fixture(params=["s3", "file"])
def place(request, tmp_path):
    """A bucket, and the same as URLs of this machine's own files."""
    return request.getfixturevalue("bucket") if request.param == "s3" else Place(f"file://{tmp_path}/store")


def run(settings, prune=False, **how):
    """One run without a scheduler; gives its totals."""
    made = plan.make(settings)
    orders = Orders(settings, uuid4().hex, **how)
    if orders.dry:
        return course.run_here(orders, made)
    with lock.held(orders.output, orders.run):
        for path in plan.leftovers(orders.output):
            delete(path)
        totals = course.run_here(orders, made)
        for path in plan.orphans(settings, made) if prune else ():
            delete(path)
            delete(path + trail.SUFFIX)
    return totals


def counts(totals):
    return totals.cleaned, totals.current, totals.failed


def cleaned_here(documents, raw_url, *arguments):
    """What ``mtclean clean`` makes of the documents on disk, with trails that tell of the paths below a URL."""
    for name, content in documents.items():
        put(f"here/{name}", content)
    assert mtclean("clean", "here", "-o", "cleaned", "--no-rewrite", "-q", *arguments).status == 0
    found = {str(path.relative_to("cleaned")): path for path in Path("cleaned").rglob("*") if path.is_file()}
    return {
        name: path.read_bytes().replace(b'"path": "here/', f'"path": "{raw_url}/'.encode())
        for name, path in found.items()
    }


# --- the bytes --------------------------------------------------------------------------------------


def test_a_run_gives_what_clean_gives_and_a_second_one_cleans_nothing(place):
    for name, content in DOCUMENTS.items():
        place.put(f"raw/{name}", content)
    settings = place.settings()
    totals = run(settings)
    assert totals.failures == []
    assert counts(totals) == (len(DOCUMENTS), 0, 0)
    expected = cleaned_here(DOCUMENTS, f"{place.url}/raw")
    assert len(expected) == 2 * len(DOCUMENTS)
    assert place.tree("clean") == expected
    assert counts(run(settings)) == (0, len(DOCUMENTS), 0)
    assert place.tree("clean") == expected


def test_names_that_only_a_bucket_allows_are_names_like_any_other(bucket):
    documents = {"x.txt": RAW, "x.txt/y.txt": RAW, "a::b.txt": RAW, "s3://c/d.txt": RAW}
    for name, content in documents.items():
        bucket.put(f"raw/{name}", content)
    for folder in ("raw/", "raw/sub/", "raw/x.txt/", "clean/"):
        bucket.put(folder, b"")  # as the web console marks a folder that it shows
    for how in ({}, {"force": True}):
        totals = run(bucket.settings(), **how)
        assert totals.failures == []
        assert counts(totals) == (len(documents), 0, 0)
    assert counts(run(bucket.settings(), prune=True)) == (0, len(documents), 0)
    found = bucket.texts("clean")
    assert {name: found.get(name) for name in documents} == dict.fromkeys(documents, CLEAN.encode())


@pytest.mark.parametrize("way", ["from here to a bucket", "from a bucket to here"])
def test_here_and_a_bucket_go_together(bucket, tmp_path, way):
    here = Place(f"file://{tmp_path}/store")
    raw, clean = (here, bucket) if way == "from here to a bucket" else (bucket, here)
    raw.put("raw/a b.txt")
    settings = raw.settings(output=f"{clean.url}/clean")
    assert counts(run(settings)) == (1, 0, 0)
    assert counts(run(settings)) == (0, 1, 0)
    assert clean.texts("clean") == {"a b.txt": CLEAN.encode()}


def test_the_root_of_a_bucket_is_an_output_like_any_other(bucket):
    raw = Place(f"{bucket.url}-raw")
    raw.store.mkdir(raw.url)
    raw.put("a.txt")
    settings = Settings(inputs=(raw.url,), output=bucket.url + "/", rewrite=False)
    bucket.put(".mtclean-0123456789abcdef.tmp")
    assert counts(run(settings)) == (1, 0, 0)
    assert counts(run(settings)) == (0, 1, 0)
    assert bucket.texts("") == {"a.txt": CLEAN.encode()}
    raw.put("b.txt")
    raw.remove("a.txt")
    assert counts(run(settings, prune=True)) == (1, 0, 0)
    assert sorted(bucket.tree()) == ["b.txt", "b.txt.trail.jsonl"]


# --- what is new ------------------------------------------------------------------------------------


def test_a_document_that_another_machine_changed_is_cleaned_alone(place):
    for name in "abc":
        place.put(f"raw/{name}.txt")
    run(place.settings())
    place.put("raw/b.txt", "It is longer by a sentence. " + RAW)
    place.put("raw/d.txt")
    assert counts(run(place.settings())) == (2, 2, 0)
    assert place.get("clean/b.txt").decode() == "It is longer by a sentence. " + CLEAN
    place.put("clean/c.txt", "by hand")
    place.remove("clean/a.txt.trail.jsonl")
    assert counts(run(place.settings())) == (2, 2, 0)
    assert set(place.texts("clean").values()) == {CLEAN.encode(), ("It is longer by a sentence. " + CLEAN).encode()}


def test_a_changed_glossary_cleans_all_again(place):
    for name in "ab":
        place.put(f"raw/{name}.txt", "They met in Vilnora.\n")
    entry = {"term": "Vilnius", "kind": "place", "variants": ["Vilnora"]}
    entry["examples"] = [{"bad": "They met in Vilnora.", "good": "They met in Vilnius."}]
    settings = place.settings(glossary=("terms.yaml",))
    put("terms.yaml", json.dumps({"entries": []}))
    assert counts(run(settings)) == (2, 0, 0)
    put("terms.yaml", json.dumps({"entries": [entry]}))
    assert counts(run(settings)) == (2, 0, 0)
    assert counts(run(settings)) == (0, 2, 0)
    assert set(place.texts("clean").values()) == {b"They met in Vilnius.\n"}


def test_a_dry_run_tells_what_is_stale_and_writes_nothing(place):
    for name in "ab":
        place.put(f"raw/{name}.txt")
    place.put("raw/r.jsonl", LINES)
    settings = place.settings(batch={"shard_bytes": 4000})
    run(settings)
    place.put("raw/b.txt", "Other. " + RAW)
    place.put("raw/r.jsonl", LINES + "\n")
    before = place.tree()
    totals = run(settings, dry=True)
    assert (totals.current, totals.stale, totals.cleaned, totals.failed) == (1, 2, 0, 0)
    assert sorted(totals.would_clean) == [f"{place.url}/raw/{name}" for name in ("b.txt", "r.jsonl")]
    assert place.tree() == before


def test_pruning_deletes_what_has_no_input_and_nothing_that_a_hand_changed(place):
    names = ["a.txt", "deep/b [2] c.txt", "é.jsonl.gz", "hand.txt"]
    for name in names:
        place.put(f"raw/{name}", gzip.compress(LINES.encode()) if name.endswith("gz") else RAW)
    place.put("clean/notes.txt", "nobody's output")
    run(place.settings())
    place.put("clean/hand.txt", "by hand")
    for name in names[1:]:
        place.remove(f"raw/{name}")
    assert counts(run(place.settings(), prune=True)) == (0, 1, 0)
    assert sorted(place.texts("clean")) == ["a.txt", "hand.txt", "notes.txt"]


def test_temporary_objects_of_a_dead_run_are_swept_and_others_are_kept(place):
    place.put("raw/a.txt")
    dead = [".mtclean-0123456789abcdef.tmp", "deep [1]/.mtclean-fedcba9876543210.tmp"]
    for name in [*dead, ".mtclean-notes.tmp"]:
        place.put(f"clean/{name}")
    run(place.settings())
    assert sorted(place.texts("clean")) == [".mtclean-notes.tmp", "a.txt"]


# --- large files ------------------------------------------------------------------------------------

LARGE = {"lines [1].jsonl": LINES, "tafel ü.csv": table(150), "small.txt": RAW}


def test_a_large_file_goes_in_stretches_that_leave_nothing_behind(place):
    for name, content in LARGE.items():
        place.put(f"raw/{name}", content)
    settings = place.settings(batch={"shard_bytes": 3000})
    kinds = [type(work) for work in plan.make(settings).work()]
    assert kinds == [Large, Large, Shard]
    assert counts(run(settings)) == (3, 0, 0)
    expected = cleaned_here(LARGE, f"{place.url}/raw")
    assert place.tree("clean") == expected
    assert counts(run(settings)) == (0, 3, 0)
    assert place.tree("clean") == expected


@pytest.mark.parametrize("works", [4, 11])
def test_an_interrupted_run_is_taken_up_to_the_same_bytes(place, works):
    for name, content in LARGE.items():
        place.put(f"raw/{name}", content)
    settings = place.settings(batch={"shard_bytes": 3000})
    made, orders = plan.make(settings), Orders(settings, uuid4().hex)
    at_work, claim = Course(orders, made), b""
    with pytest.raises(KeyboardInterrupt), lock.held(orders.output, orders.run):
        for _ in range(works):
            work = at_work.next()
            at_work.take(work, course.do(orders, work))
        claim = place.get(f"clean/{lock.NAME}")
        raise KeyboardInterrupt
    place.put(f"clean/{lock.NAME}", claim)  # as a kill leaves it
    place.put("clean/.mtclean-0123456789abcdef.tmp")
    totals = run(settings)
    assert totals.failed == 0
    assert 0 < totals.records < 200 + 150 + 1  # what was clean already is not cleaned again
    assert place.tree("clean") == cleaned_here(LARGE, f"{place.url}/raw")


def test_a_large_file_that_changes_between_survey_and_cleaning_is_not_put_together(bucket):
    bucket.put("raw/r.jsonl", LINES)
    settings = bucket.settings(batch={"shard_bytes": 3000})
    orders = Orders(settings, uuid4().hex)
    at_work = Course(orders, plan.make(settings))
    with lock.held(orders.output, orders.run):
        while (work := at_work.next()) is not None:
            result = course.do(orders, work)
            if isinstance(result, Surveyed):
                bucket.put("raw/r.jsonl", LINES.replace("Number", "NUMBER"))
            assert not isinstance(work, Join)
            at_work.take(work, result)
    assert at_work.totals.failed == 1
    assert "changed while it was read" in at_work.totals.failures[0][1]
    assert counts(run(settings)) == (1, 0, 0)
    assert b"NUMBER 7" in bucket.get("clean/r.jsonl")
    assert sorted(bucket.tree("clean")) == ["r.jsonl", "r.jsonl.trail.jsonl"]


# --- what fails -------------------------------------------------------------------------------------


def test_what_fails_goes_into_quarantine_and_out_of_it_again(place):
    place.put("raw/good.txt")
    place.put("raw/deep [1]/bad é.txt", b"\0\1\2")
    settings = place.settings()
    totals = run(settings)
    assert counts(totals) == (1, 0, 1)
    kept = place.tree("clean/quarantine")
    reason = json.loads(kept.pop("deep [1]/bad é.txt.reason.json"))
    assert kept == {"deep [1]/bad é.txt": b"\0\1\2"}
    assert reason["path"] == f"{place.url}/raw/deep [1]/bad é.txt"
    assert reason["copied"]
    assert "is binary data" in reason["reason"]
    assert counts(run(settings)) == (0, 1, 1)
    place.put("raw/deep [1]/bad é.txt")
    assert counts(run(settings)) == (1, 1, 0)
    assert place.texts("clean") == {"good.txt": CLEAN.encode(), "deep [1]/bad é.txt": CLEAN.encode()}


def test_a_bad_input_whose_name_begins_as_the_output_does_is_no_fault_of_the_output(place):
    place.put("clean-raw/bad.txt", b"\0")
    place.put("clean-raw/good.txt")
    assert counts(run(place.settings(inputs=(f"{place.url}/clean-raw",)))) == (1, 0, 1)


def test_a_bad_input_inside_the_output_is_no_fault_of_the_output(place):
    place.put("clean/raw/bad.txt", b"\0")
    place.put("clean/raw/good.txt")
    assert counts(run(place.settings(inputs=(f"{place.url}/clean/raw",)))) == (1, 0, 1)


def refusal(settings):
    with pytest.raises(MtcleanError) as caught:
        run(settings)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("what", ["input", "output"])
def test_a_bucket_that_is_not_there_is_told_in_one_line_and_not_made(bucket, what):
    bucket.put("raw/a.txt")
    wrong = f"s3://wrong-{uuid4().hex}"
    given = {"inputs": (f"{wrong}/raw",)} if what == "input" else {"output": f"{wrong}/clean"}
    told = refusal(bucket.settings(**given))
    assert told.place.startswith(wrong)
    assert "no such file or folder" in told.what
    assert not bucket.store.exists(wrong)


def test_keys_that_are_missing_are_told_in_one_line(bucket, monkeypatch):
    bucket.put("raw/a.txt")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    assert "Unable to locate credentials" in refusal(bucket.settings()).what


@pytest.mark.parametrize("given", ["inputs", "output"])
def test_the_memory_of_one_process_is_no_place_for_a_run(bucket, given):
    bucket.put("raw/a.txt")
    store = fsspec.filesystem("memory")
    store.pipe_file("/raw/a.txt", RAW.encode())
    urls = {"inputs": ("memory://raw",), "output": "memory://clean"}
    try:
        assert "memory of one process" in refusal(bucket.settings(**{given: urls[given]})).what
    finally:
        store.rm("/raw", recursive=True)


@pytest.mark.parametrize("name", ["a.txt", "[1]/a.txt"])
def test_an_object_that_could_not_be_finished_leaves_nothing(bucket, name):
    bucket.put(f"clean/{name}", "as it was")
    with pytest.raises(KeyboardInterrupt), atomic_output(f"{bucket.url}/clean/{name}") as out:
        out.write(b"half")
        raise KeyboardInterrupt
    assert bucket.tree("clean") == {name: b"as it was"}


# --- one run at a time ------------------------------------------------------------------------------


def test_a_living_run_keeps_a_second_one_out_and_its_own_workers_in(bucket):
    output = f"{bucket.url}/clean"
    watch = lock.Watch(output, "first")
    with lock.held(output, "first") as stop:
        assert watch.is_held()
        with pytest.raises(MtcleanError, match="another run is writing there") as caught, lock.held(output, "second"):
            pass
        assert f"process {os.getpid()} on {socket.gethostname()}" in caught.value.what
        claim = json.loads(bucket.get(f"clean/{lock.NAME}"))
        assert claim["run"] == "first"
        assert claim["beat"] > 0
        stop()
        assert not lock.Watch(output, "first").is_held()
        time.sleep(3 * BEAT)
        assert bucket.tree() == {}  # a claim that was given up is not beaten back to life
    with lock.held(output, "third"):
        pass
    assert bucket.tree() == {}


def test_the_claim_of_a_dead_run_is_taken_over_and_its_workers_stop(bucket, monkeypatch):
    monkeypatch.setattr(lock, "_LOOK", 0.0)
    output = f"{bucket.url}/clean"
    bucket.put("raw/a.txt")
    bucket.put(f"clean/{lock.NAME}", lock._claim("dead", 7))
    orphan = lock.Watch(output, "dead")
    assert orphan.is_held()
    began = time.monotonic()
    assert counts(run(bucket.settings())) == (1, 0, 0)
    assert time.monotonic() - began > 3 * BEAT
    assert not orphan.is_held()
    assert lock.NAME not in bucket.tree("clean")


def test_a_worker_of_a_run_that_is_over_does_no_more(place):
    place.put("raw/a.txt")
    settings = place.settings()
    made, orders = plan.make(settings), Orders(settings, uuid4().hex)
    with lock.held(orders.output, orders.run) as stop:
        stop()
        with pytest.raises(CancelledError):
            course.run_here(orders, made)
    assert counts(run(settings)) in [(1, 0, 0), (0, 1, 0)]


def test_a_run_that_fell_silent_and_was_replaced_does_not_take_the_lock_back(bucket):
    output = f"{bucket.url}/clean"
    with lock.held(output, "silent"):
        bucket.put(f"clean/{lock.NAME}", lock._claim("heir", 0))
        time.sleep(3 * BEAT)
        assert json.loads(bucket.get(f"clean/{lock.NAME}"))["run"] == "heir"
    assert json.loads(bucket.get(f"clean/{lock.NAME}"))["run"] == "heir"


def test_a_half_written_claim_is_one_that_does_not_beat(bucket):
    bucket.put(f"clean/{lock.NAME}", b'{"run": "h')
    with lock.held(f"{bucket.url}/clean", "next"):
        assert json.loads(bucket.get(f"clean/{lock.NAME}"))["run"] == "next"


# --- other ways -------------------------------------------------------------------------------------


def test_mtclean_run_works_from_bucket_to_bucket(bucket):
    for name, content in {**DOCUMENTS, "gone.txt": RAW, "r.jsonl": LINES}.items():
        bucket.put(f"raw/{name}", content)
    run(bucket.settings())
    bucket.remove("raw/gone.txt")
    bucket.put("raw/r.jsonl", LINES + LINES)
    bucket.put("clean/.mtclean-parts/0123456789abcdef/000000000000000.jsonl", "of a file that is gone")
    table = f'inputs = ["{bucket.url}/raw"]\noutput = "{bucket.url}/clean"\nrewrite = false\njobs = 2\n'
    put("mtclean.toml", table + "[batch]\nshard_bytes = 9000\n")
    before = bucket.tree()
    dry = spawned("run", "mtclean.toml", "--prune", "--dry-run", timeout=240)
    assert dry.status == 0, dry.err
    assert f"would delete {bucket.url}/clean/gone.txt" in dry.err + dry.text
    assert bucket.tree() == before
    done = spawned("run", "mtclean.toml", "--prune", timeout=240)
    assert done.status == 0, done.err
    assert "Traceback" not in done.err + done.text
    found = bucket.tree("clean")
    told = json.loads(found.pop("run.json"))
    assert (told["cleaned"], told["current"], told["pruned"]) == (1, len(DOCUMENTS), 1)
    assert found == cleaned_here({**DOCUMENTS, "r.jsonl": LINES + LINES}, f"{bucket.url}/raw")


@pytest.mark.parametrize(
    ("lies", "pattern"),
    [("in a bucket", ""), ("in a bucket", "**/*.txt"), ("here", "*.txt"), ("here", "sub"), ("here", "sub/b c.txt")],
)
def test_the_documents_in_an_archive_are_inputs(bucket, tmp_path, pattern, lies):
    names = {"": ["a.txt", "sub/b c.txt"], "*.txt": ["a.txt"], "**/*.txt": ["a.txt", "sub/b c.txt"]}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("a.txt", "sub/b c.txt", "sub/.hidden.txt"):
            archive.writestr(name, RAW)
    bucket.put("x.zip", packed.getvalue())
    path = f"{bucket.url}/x.zip" if lies == "in a bucket" else f"file://{put('x.zip', packed.getvalue()).resolve()}"
    settings = bucket.settings(inputs=(f"zip://{pattern}::{path}",))
    totals = run(settings)
    assert totals.failures == []
    assert counts(run(settings)) == (0, totals.cleaned, 0)
    assert bucket.texts("clean") == {name: CLEAN.encode() for name in names.get(pattern, ["b c.txt"])}
