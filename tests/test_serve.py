"""A settings file on its schedule: what is due, what was missed, what is too late, and all of it on a real server."""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from commandline import PROGRAM, mtclean, put, spawned

pytest.importorskip("prefect", reason="needs the extra: pip install 'mtclean[flows]'")

httpx = pytest.importorskip("httpx")

RAW = "He met the the press. The Asia -Pacific states came.\n"
CLEAN = "He met the press. The Asia-Pacific states came.\n"
JOB = 'inputs = ["raw"]\noutput = "clean"\nrewrite = false\n'
NIGHTLY = '[schedule]\ncron = "0 3 * * *"\ntimezone = "Europe/Vilnius"\n'


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """An empty current folder, and a Prefect of its own that nobody else's settings reach."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    return tmp_path


def at(text):
    return datetime.fromisoformat(text + "+00:00")


def times(**table):
    from flows.serve import Times

    return Times.of(table, "job.toml")


# 3 o'clock in Vilnius is 1 o'clock in UTC in winter, midnight in summer.
MISSED = {
    "a night ago": ({"cron": "0 3 * * *", "timezone": "Europe/Vilnius"}, "2026-01-10 00:59:59", True),
    "that very second": ({"cron": "0 3 * * *", "timezone": "Europe/Vilnius"}, "2026-01-10 01:00:00", False),
    "since then": ({"cron": "0 3 * * *", "timezone": "Europe/Vilnius"}, "2026-01-10 01:00:01", False),
    "UTC without a time zone": ({"cron": "0 3 * * *"}, "2026-01-10 02:59:00", True),
    "UTC, since then": ({"cron": "0 3 * * *"}, "2026-01-10 03:00:00", False),
    "an hour": ({"interval": 3600}, "2026-01-10 11:59:59.5", True),
    "an hour, since then": ({"interval": 3600}, "2026-01-10 12:00:00.5", False),
    "a day, at midnight there": ({"interval": 86400, "timezone": "Europe/Vilnius"}, "2026-01-09 21:59:00", True),
    "a day, since then": ({"interval": 86400, "timezone": "Europe/Vilnius"}, "2026-01-09 22:01:00", False),
    "long ago": ({"cron": "0 3 29 2 *"}, "1970-01-01 00:00:00", True),
}


@pytest.mark.parametrize("case", MISSED)
def test_a_time_was_missed_when_no_run_began_since(case):
    table, last, expected = MISSED[case]
    assert asyncio.run(times(**table).has_passed(at(last), at("2026-01-10 12:30:00"))) is expected


def test_the_next_time_follows_the_clock_of_its_zone_in_summer_and_winter():
    nightly = times(cron="0 3 * * *", timezone="Europe/Vilnius")
    for now, expected in (
        ("2026-01-10 12:00:00", "2026-01-11 01:00:00"),
        ("2026-07-10 12:00:00", "2026-07-11 00:00:00"),
    ):
        assert asyncio.run(nightly.next(at(now))) == at(expected)


def next_night():
    return asyncio.run(times(cron="0 3 * * *", timezone="Europe/Vilnius").next(datetime.now(UTC)))


def run_file(content):
    put("clean/run.json", content)


LAST = {
    "none": (None, None),
    "a run": ('{"started": "2026-01-10T01:00:00+00:00", "ended": "2026-01-10T05:00:00+00:00"}', "2026-01-10 01:00:00"),
    "of another zone": ('{"started": "2026-01-10T03:00:00+02:00"}', "2026-01-10 01:00:00"),
    "in the future": ('{"started": "2026-01-10T12:00:01+00:00"}', "1970-01-01 00:00:00"),
    "without a zone": ('{"started": "2026-01-10T01:00:00"}', "1970-01-01 00:00:00"),
    "cut short": ('{"started": "2026-01-10T0', "1970-01-01 00:00:00"),
    "empty": ("", "1970-01-01 00:00:00"),
    "no time": ('{"started": null}', "1970-01-01 00:00:00"),
    "no object": ("[]", "1970-01-01 00:00:00"),
    "not text": (b"\xff\xfe\0", "1970-01-01 00:00:00"),
}


@pytest.mark.parametrize("case", LAST)
def test_when_the_last_run_began_is_told_by_its_file_alone(case):
    from flows.serve import last_run

    content, expected = LAST[case]
    if content is not None:
        run_file(content)
    assert last_run("clean", at("2026-01-10 12:00:00")) == (expected and at(expected))


def test_a_run_file_that_is_there_but_cannot_be_read_counts_as_long_ago():
    from flows.serve import LONG_AGO, last_run

    Path("clean/run.json").mkdir(parents=True)
    assert last_run("clean", datetime.now(UTC)) == LONG_AGO


NOW_PARAMETERS = {"config": "/jobs/job.toml"}


def late(minutes, *, planned=True, **parameters):
    start = at("2026-01-10 12:00:00") - timedelta(minutes=minutes)
    return SimpleNamespace(
        id=uuid4(), auto_scheduled=planned, parameters=parameters or NOW_PARAMETERS, expected_start_time=start
    )


def sorted_out(runs, *, is_missed):
    from flows.serve import Late

    found = Late.of(runs, NOW_PARAMETERS, is_missed=is_missed)
    return [run for run in runs if run.id not in found.dropped], found.is_made_up


def test_of_runs_that_piled_up_the_latest_makes_up_for_all():
    runs = [late(30), late(10), late(20)]
    assert sorted_out(runs, is_missed=True) == ([runs[1]], True)


def test_runs_that_piled_up_are_dropped_where_the_files_tell_of_a_run_since():
    assert sorted_out([late(30), late(10)], is_missed=False) == ([], False)


def test_a_run_that_somebody_asked_for_is_left_once_for_each_wish():
    forced = {"force": True, **NOW_PARAMETERS}
    asked = [late(40, planned=False), late(30, planned=False), late(20, planned=False, **forced)]
    assert sorted_out(asked, is_missed=False) == (asked[1:], True)


def test_a_planned_run_of_other_parameters_is_dropped_and_makes_up_for_nothing():
    assert sorted_out([late(10, config="/old/job.toml")], is_missed=True) == ([], False)


def test_where_nothing_is_late_nothing_makes_up_for_a_missed_time():
    assert sorted_out([], is_missed=True) == ([], False)


NEVER = r"job\.toml: cron = {} in \[schedule\] is never due; write cron = \"0 3 \* \* \*\""
BAD_JOBS = {
    "no table": (JOB, r"job\.toml: the settings hold no \[schedule\]; add \[schedule\] with cron = \"0 3 \* \* \*\""),
    "no cron": (JOB + '[schedule]\ncron = "61 3 * * *"\n', NEVER.format(r"'61 3 \* \* \*'")),
    "empty": (JOB + '[schedule]\ncron = ""\n', NEVER.format("''")),
    "30 February": (JOB + '[schedule]\ncron = "0 3 30 2 *"\n', NEVER.format(r"'0 3 30 2 \*'")),
    "endless": (JOB + "[schedule]\ninterval = inf\n", r"job\.toml: interval = inf in \[schedule\] is never due; .+"),
    "no zone": (
        JOB + '[schedule]\ncron = "0 3 * * *"\ntimezone = "Vilnius"\n',
        r"job\.toml:6: 'Vilnius' is no time .+",
    ),
    "no output": ('inputs = ["raw"]\n' + NIGHTLY, r"job\.toml: the settings name no output; .+"),
    "unknown code": (JOB + 'select = ["STR999"]\n' + NIGHTLY, r".*'STR999' is no rule, family or rule name; .+"),
    "no file": (None, r"job\.toml: no such file or directory; check --config"),
}


@pytest.mark.parametrize("case", BAD_JOBS)
def test_a_settings_file_that_cannot_be_served_is_refused_in_one_line(case):
    content, expected = BAD_JOBS[case]
    put("raw/a.txt", RAW)
    if content is not None:
        put("job.toml", content)
    told = mtclean("serve", "job.toml").refusal
    assert re.fullmatch(expected, told), told


def test_a_name_that_prefect_does_not_take_is_told():
    put("raw/a.txt", RAW)
    put("a&b.toml", JOB + NIGHTLY)
    assert re.fullmatch(
        r"a&b\.toml: the run would be called 'a&b', .+; rename the file", mtclean("serve", "a&b.toml").refusal
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", r"serve: PREFECT_API_URL names no Prefect server; start one with prefect server start, .+"),
        (
            "http://127.0.0.1:9/api",
            r"serve: the Prefect server at http://127\.0\.0\.1:9/api cannot be used: .+; start it .+",
        ),
    ],
    ids=["none is named", "it does not answer"],
)
def test_without_a_server_one_line_tells_so(url, expected):
    put("raw/a.txt", RAW)
    put("job.toml", JOB + NIGHTLY)
    told = spawned("serve", "job.toml", timeout=120, **({"PREFECT_API_URL": url} if url else {})).refusal
    assert re.fullmatch(expected, told), told


@pytest.mark.slow  # each process imports Prefect anew
@pytest.mark.parametrize("module", ["flows.serve", "flows.evaluate", "flows.train"])
def test_prefect_learns_that_it_is_to_report_nothing_before_it_is_imported(module):
    code = (
        f"import {module}; from prefect.settings import get_current_settings as s; print(s().server.analytics_enabled)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


PATIENCE = 240  # seconds that anything may take on a machine that is busy with other things


def until(found, what):
    """What ``found`` gives as soon as it gives something."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            if result := found():
                return result
        time.sleep(0.1)
    raise AssertionError(f"waited {PATIENCE} s for {what}")


@dataclass
class Serving:
    """A process that goes on until it is stopped, with all that it started; its output goes to a file."""

    arguments: list[str]
    log: Path
    process: subprocess.Popen = field(init=False)

    def __post_init__(self):
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(self.arguments, stdout=out, stderr=out, start_new_session=True)

    def stop(self, number):
        """Send a signal to all of it, as a terminal does; gives the status and what was printed."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        status = self.process.wait(PATIENCE)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        return status, self.log.read_text()


@pytest.fixture
def server(here, monkeypatch):
    """A Prefect server of this test alone; gives a client of its API."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    monkeypatch.setenv("PREFECT_RUNNER_POLL_FREQUENCY", "1")
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    process = Serving(command, here / "server.log")
    monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{port}/api")
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/api", timeout=60) as client:
        try:
            until(lambda: client.get("/health").is_success, "the server")
            yield client
        finally:
            process.stop(signal.SIGKILL)


def found(client, what, **wanted):
    answer = client.post(f"/{what}/filter", json=wanted)
    answer.raise_for_status()
    return answer.json()


def asked_for(client, deployment):
    """The id of a run that is asked for now; a server that is busy says 503, and to ask again."""

    def asked():
        answer = client.post(f"/deployments/{deployment['id']}/create_flow_run", json={})
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            return None
        answer.raise_for_status()
        return answer.json()["id"]

    return until(asked, "the server to take an order")


def ended(client, run):
    """The state in which a run ends."""

    def state():
        told = client.get(f"/flow_runs/{run}").json()["state"]
        return told if told["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None

    return until(state, f"the end of run {run}")


@pytest.mark.slow
def test_serving_cleans_when_asked_makes_up_for_what_was_missed_and_ends_quietly(here, server):
    for number in range(3):
        put(f"raw/{number}.txt", RAW)
    put("job.toml", JOB + NIGHTLY)
    serving = Serving([*PROGRAM, "serve", "job.toml"], here / "serve.log")
    try:
        (deployment,) = until(lambda: found(server, "deployments"), "the deployment")
        assert deployment["name"] == "job"
        assert deployment["parameters"] == {"config": str(here / "job.toml")}
        assert deployment["concurrency_options"]["collision_strategy"] == "ENQUEUE"
        assert deployment["global_concurrency_limit"]["limit"] == 1
        (schedule,) = deployment["schedules"]
        assert (schedule["active"], deployment["paused"]) == (True, False)
        assert schedule["schedule"]["cron"] == "0 3 * * *"
        assert schedule["schedule"]["timezone"] == "Europe/Vilnius"

        (planned, *_) = until(lambda: found(server, "flow_runs", sort="EXPECTED_START_TIME_ASC"), "a planned run")
        assert planned["auto_scheduled"]
        assert datetime.fromisoformat(planned["expected_start_time"]) == next_night()

        first = asked_for(server, deployment)
        state = ended(server, first)
        assert state["type"] == "COMPLETED", (state, serving.log.read_text())
        assert [Path(f"clean/{number}.txt").read_text() for number in range(3)] == [CLEAN] * 3
        shown = {artifact["key"]: artifact for artifact in found(server, "artifacts")}
        assert set(shown) == {"mtclean-run", "mtclean-rules"}
        assert {artifact["flow_run_id"] for artifact in shown.values()} == {first}
        assert "3 documents: 3 cleaned, 0 current" in shown["mtclean-run"]["data"]
        assert {row["rule"]: row["applied"] for row in json.loads(shown["mtclean-rules"]["data"])}["REP101"] == 3

        assert ended(server, asked_for(server, deployment))["type"] == "COMPLETED"
        told = json.loads(Path("clean/run.json").read_text())
        assert (told["cleaned"], told["current"]) == (0, 3)
    finally:
        status, log = serving.stop(signal.SIGINT)
    assert status == 0, log
    assert "Traceback" not in log
    assert until(lambda: found(server, "deployments")[0]["paused"], "the pause")

    # Two days go by, two runs are asked for, and nothing serves.
    told["started"] = (datetime.now(UTC) - timedelta(days=2)).isoformat(timespec="seconds")
    run_file(json.dumps(told))
    runs = [asked_for(server, deployment) for _ in range(2)]
    put("raw/3.txt", RAW)
    serving = Serving([*PROGRAM, "serve", "job.toml"], here / "again.log")
    try:
        assert [ended(server, run)["type"] for run in runs] == ["CANCELLED", "COMPLETED"]
        assert Path("clean/3.txt").read_text() == CLEAN
        # The server plans the next nights; besides there are the four runs that were asked for, and no other.
        assert len([run for run in found(server, "flow_runs") if run["state"]["name"] != "Scheduled"]) == 4
        assert found(server, "deployments")[0]["paused"] is False
    finally:
        status, log = serving.stop(signal.SIGTERM)
    assert status == 0, log
    assert "a run was missed, and is made up for now" in log
    assert "Traceback" not in log
