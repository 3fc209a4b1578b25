"""Runs a settings file on its schedule: a deployment on a Prefect server, served here until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import click
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, FlowRun, State
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.runner import Runner
from prefect.server.schemas import schedules as dated
from prefect.settings import PREFECT_API_URL, PREFECT_UI_URL
from prefect.states import Cancelled, Crashed
from prefect.types.entrypoint import EntrypointType

from cleaners import __version__, jobs
from cleaners import config as configuration
from cleaners.batch import lock, plan
from cleaners.config import Settings
from cleaners.errors import MtcleanError
from cleaners.files import Source, open_source
from flows import publishing
from flows.batch import clean_batch

_FORBIDDEN = "/%&<>"  # what Prefect takes in no name
# An interval is counted from here, so that a restart does not shift it.
_ANCHOR = datetime(2020, 1, 1)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_AGAIN = 15.0  # seconds before a server is tried again that was lost
_PAGE = 200  # runs that Prefect gives at once


def serve_here(config: str) -> int:
    """Serve the settings file until Ctrl-C or SIGTERM; gives the exit status 0.

    Raises :class:`MtcleanError` where the settings cannot work or hold no schedule, and where the Prefect server does
    not answer at the start. One that falls silent later is waited for.
    """
    settings = configuration.load(Path(config))
    if not settings.schedule:
        raise MtcleanError(config, "the settings hold no [schedule]", 'add [schedule] with cron = "0 3 * * *"')
    times = Times.of(settings.schedule, config)
    name = _name(config)
    plan.make(settings, config)
    ignore = jobs.ignore_path(Path(config))
    jobs.make_cleaner(settings, str(ignore) if ignore.is_file() else None, rewriting=True)
    if not PREFECT_API_URL.value():
        # The server that Prefect would start by itself keeps no schedules.
        todo = "start one with prefect server start, and set PREFECT_API_URL to its address"
        raise MtcleanError("serve", "PREFECT_API_URL names no Prefect server", todo)
    asyncio.run(_Service(name, str(Path(config).absolute()), settings, times).run())
    return 0


def _name(config: str) -> str:
    name = Path(config).stem
    if any(mark in name for mark in _FORBIDDEN):
        what = f"the run would be called {name!r}, and Prefect takes none of {' '.join(_FORBIDDEN)} in a name"
        raise MtcleanError(config, what, "rename the file")
    return name


@dataclass(frozen=True)
class Times:
    """When runs are due: as Prefect's clients write it, and as its server works it out."""

    served: CronSchedule | IntervalSchedule
    _worked_out: dated.CronSchedule | dated.IntervalSchedule

    @classmethod
    def of(cls, table: Mapping[str, Any], place: str) -> Times:
        """The times of a table ``[schedule]``, in UTC where it names no time zone.

        Raises :class:`MtcleanError`, told of ``place``, for what is no cron expression and for one that is never due.
        """
        zone = table.get("timezone", "UTC")
        try:
            if "cron" in table:
                told: dict[str, Any] = {"cron": table["cron"], "timezone": zone}
                times = cls(CronSchedule(**told), dated.CronSchedule(**told))
            else:
                anchor = _ANCHOR.replace(tzinfo=ZoneInfo(zone))
                told = {"interval": timedelta(seconds=table["interval"]), "anchor_date": anchor, "timezone": zone}
                times = cls(IntervalSchedule(**told), dated.IntervalSchedule(**told))
            asyncio.run(times.next(datetime.now(UTC)))
        except (ValueError, LookupError, OverflowError) as error:
            key, example = ("cron", '"0 3 * * *"') if "cron" in table else ("interval", "3600")
            what = f"{key} = {table[key]!r} in [schedule] is never due"
            raise MtcleanError(place, what, f"write {key} = {example}") from error
        return times

    async def next(self, now: datetime) -> datetime:
        """The first time after ``now``; raises LookupError or ValueError where there is none."""
        return (await self._between(now, None))[0]

    async def has_passed(self, last: datetime, now: datetime) -> bool:
        """Whether a run was due after ``last``, up to and with ``now``."""
        return bool(await self._between(last, now))

    async def _between(self, after: datetime, until: datetime | None) -> list[datetime]:
        # Prefect counts `after` itself, and may give a time that lies a fraction of a second before it.
        return [date for date in await self._worked_out.get_dates(n=2, start=after, end=until) if date > after]


def last_run(output: str, now: datetime) -> datetime | None:
    """When the last run of ``output`` began, as its run.json tells; ``None`` where there was none.

    Its beginning counts, not its end: what came while it went on, it may have missed. ``LONG_AGO`` stands for a time
    that cannot be told: the file is broken, or lies in the future because the clock was set back since.
    """
    path = f"{output.rstrip('/')}/{publishing.RUN_FILE}"
    try:
        with open_source(Source(path, path, "text", False)) as stream:
            began = datetime.fromisoformat(json.loads(stream.read())["started"])
    except MtcleanError as error:
        return None if isinstance(error.__cause__, FileNotFoundError) else LONG_AGO
    except (ValueError, KeyError, TypeError):
        return LONG_AGO
    return began if began.tzinfo and began <= now else LONG_AGO


class AskedRun(Protocol):
    """What of a run, as Prefect knows it, tells whether it is still to be carried out."""

    id: UUID
    auto_scheduled: bool
    parameters: dict[str, Any]
    expected_start_time: Any


@dataclass(frozen=True)
class Late:
    """What becomes of runs that are late: ``dropped`` are cancelled; ``is_made_up`` tells that one was left that does.

    ``is_made_up`` is about the time that was missed: whether a run is among those that are left that makes up for it.
    """

    dropped: list[UUID]
    is_made_up: bool

    @classmethod
    def of(cls, runs: Sequence[AskedRun], parameters: dict[str, Any], *, is_missed: bool) -> Late:
        """Of runs that would do the same, only the latest is left.

        One that the schedule asked for is left only where a time was missed, and where it has today's ``parameters``;
        one that somebody asked for is left whatever the files tell.
        """
        left: dict[str, UUID] = {}
        for run in sorted(runs, key=lambda run: run.expected_start_time):
            if not run.auto_scheduled or (is_missed and run.parameters == parameters):
                left[_key(run.parameters)] = run.id
        dropped = [run.id for run in runs if run.id not in left.values()]
        return cls(dropped, _key(parameters) in left)


def _key(parameters: dict[str, Any]) -> str:
    return json.dumps(parameters, sort_keys=True, default=str)


class _Service:
    """A settings file that is being served."""

    def __init__(self, name: str, config: str, settings: Settings, times: Times) -> None:
        self._name, self._settings, self._times = name, settings, times
        self._parameters = {"config": config}
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Serve until stopped; a server that is lost on the way is tried until it is back."""
        was_served = False
        self._listen()
        while not self._stopped.is_set():
            try:
                runner = Runner(name=self._name, limit=1, pause_on_shutdown=False)
                deployment = await self._register(runner)
                was_served = True
                await self._serve(runner, deployment)
            except MtcleanError:
                raise
            except Exception as error:
                told = _unusable(error)
                if not was_served:
                    raise told from error
                click.echo(f"mtclean: {told}; trying again", err=True)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopped.wait(), _AGAIN)

    def _listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._stopped.set)

    async def _register(self, runner: Runner) -> UUID:
        """Make the deployment, drop the runs that are late, and have a missed time made up for; gives its id."""
        async with get_client() as client:
            if (failure := await client.api_healthcheck()) is not None:
                raise failure
            await self._refuse_another(client)
            deployment: UUID = await runner.aadd_flow(
                clean_batch,
                name=self._name,
                schedules=[self._times.served],
                paused=False,
                concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE),
                parameters=self._parameters,
                version=__version__,
                tags=["mtclean"],
                entrypoint_type=EntrypointType.MODULE_PATH,
            )
            is_missed = await self._tidy(client, deployment, datetime.now(UTC))
            await self._greet(deployment, is_missed=is_missed)
        return deployment

    async def _tidy(self, client: PrefectClient, deployment: UUID, before: datetime) -> bool:
        """End what is dead since ``before``, drop what is late, make up for what was missed; tells whether some was."""
        await self._bury(client, deployment, before)
        now = datetime.now(UTC)
        is_missed = await self._has_missed(now)
        waiting = await _runs(client, deployment, "SCHEDULED", expected_start_time={"before_": now})
        late = Late.of(waiting, self._parameters, is_missed=is_missed)
        for run in late.dropped:
            state: State[Any] = Cancelled(message="late: one run makes up for all that were missed")
            await client.set_flow_run_state(run, state, force=True)
        if is_missed and not late.is_made_up:
            await client.create_flow_run_from_deployment(deployment)
        return is_missed

    async def _refuse_another(self, client: PrefectClient) -> None:
        """Raise :class:`MtcleanError` where the deployment of this name is another settings file's."""
        name, config = f"{clean_batch.name}/{self._name}", self._parameters["config"]
        try:
            other = (await client.read_deployment_by_name(name)).parameters.get("config")
        except ObjectNotFound:
            return
        if other != config:
            todo = f"rename this file, or run prefect deployment delete {name!r} where the other is gone"
            raise MtcleanError(config, f"the server knows {name!r} as {other}", todo)

    async def _bury(self, client: PrefectClient, deployment: UUID, before: datetime) -> None:
        """Tell the server of runs whose process is gone, as after a power cut: it would wait for their end for ever."""
        found = await _runs(client, deployment, "PENDING", "RUNNING", "CANCELLING")
        unended = [run for run in found if run.state and run.state.timestamp < before]
        if unended and not await asyncio.to_thread(_is_written_to, self._settings.output or ""):
            for run in unended:
                state: State[Any] = Crashed(message="its process is gone")
                await client.set_flow_run_state(run.id, state, force=True)

    async def _has_missed(self, now: datetime) -> bool:
        if not self._settings.schedule.get("catch_up", True):
            return False
        began = await asyncio.to_thread(last_run, self._settings.output or "", now)
        return began is not None and await self._times.has_passed(began, now)

    async def _greet(self, deployment: UUID, *, is_missed: bool) -> None:
        due = await self._times.next(datetime.now(UTC))
        click.echo(f"serving {clean_batch.name}/{self._name}, next run at {due.isoformat(sep=' ', timespec='seconds')}")
        if is_missed:
            click.echo("a run was missed, and is made up for now")
        if PREFECT_UI_URL.value():
            click.echo(f"it shows at {PREFECT_UI_URL.value()}/deployments/deployment/{deployment}")
        click.echo("Ctrl-C ends it")

    async def _serve(self, runner: Runner, deployment: UUID) -> None:
        """Carry out runs until stopped; then end the one that goes on, and have the server plan no more."""
        serving = asyncio.create_task(runner.start())
        await asyncio.sleep(0)
        self._listen()  # the runner set a handler of its own, under which the program ends with a traceback
        waiting = asyncio.create_task(self._stopped.wait())
        watching = asyncio.create_task(self._watch(deployment))
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        watching.cancel()
        if serving.done():
            await serving
            return
        with contextlib.suppress(Exception):  # the server may be gone, and this is the end in any case
            await runner.astop() if runner.started else serving.cancel()
        for child in multiprocessing.active_children():
            child.terminate()
        with contextlib.suppress(Exception, asyncio.CancelledError):
            await serving
        with contextlib.suppress(Exception):
            async with get_client() as client:
                await client.pause_deployment(deployment)

    async def _watch(self, deployment: UUID) -> None:
        """Tidy up whenever a server is back that was gone: runs were planned meanwhile, or ended unnoticed."""
        gone: datetime | None = None
        while True:
            await asyncio.sleep(_AGAIN)
            try:
                async with get_client() as client:
                    if (failure := await client.api_healthcheck()) is not None:
                        raise failure
                    if gone:
                        await self._tidy(client, deployment, gone)
                        gone = None
            except Exception:
                gone = gone or datetime.now(UTC)


async def _runs(client: PrefectClient, deployment: UUID, *states: str, **wanted: Any) -> list[FlowRun]:
    """The runs of a deployment in states of these types that fulfil what else is wanted of them."""
    asked = {"deployment_id": {"any_": [deployment]}, "state": {"type": {"any_": states}}, **wanted}
    matching, order = FlowRunFilter.model_validate(asked), FlowRunSort.EXPECTED_START_TIME_ASC
    found: list[FlowRun] = []
    while page := await client.read_flow_runs(flow_run_filter=matching, sort=order, limit=_PAGE, offset=len(found)):
        found += page
    return found


def _is_written_to(output: str) -> bool:
    """Whether a run holds the lock of the output."""
    try:
        with lock.held(output, uuid4().hex):
            return False
    except MtcleanError:
        return True


def _unusable(error: Exception) -> MtcleanError:
    what = next(iter(str(error).splitlines()), type(error).__name__)
    todo = "start it with prefect server start, or set PREFECT_API_URL to another"
    return MtcleanError("serve", f"the Prefect server at {PREFECT_API_URL.value()} cannot be used: {what}", todo)
