"""The flow that cleans the inputs of a settings file, a task for each shard of files.

Thin: it finds the inputs, hands shards of paths to tasks, and publishes what came back. Cleaning itself is
``cleaners.jobs``, the same code the command line runs.
"""

from __future__ import annotations

import os

# Set before Prefect is imported: a cleaner of documents has no business reporting on its users.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
# Prefect waits 20 s for its own server; the first start, which builds a database, takes longer on a busy machine.
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")

from collections import Counter
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.states import Completed, Failed

from cleaners import cleaning, files, jobs
from cleaners.config import load
from cleaners.core import Verdict
from cleaners.errors import MtcleanError
from cleaners.jobs import FileReport, Task

SHARD_FILES = 50  # files a task: a task costs about 8 ms, a small file about 2 ms


@task(name="clean-shard")
def clean_shard(config: str, shard: list[Task]) -> list[FileReport]:
    """Clean some files into their targets; a file that fails is a report with an error."""
    settings = load(Path(config)).merged(jobs=1)
    return list(jobs.clean_many(settings, shard, ignore_file=_ignore_file(config)))


@flow(name="mtclean-clean", validate_parameters=False)
def clean(config: str) -> Any:
    """Clean the inputs of the settings file ``config`` into its output, and publish the tallies.

    One task for each shard of files. The run ends Failed, after all files were tried, when some could not
    be cleaned; what could be is in place.
    """
    reports = [
        report for future in [clean_shard.submit(config, s) for s in shards(config)] for report in future.result()
    ]
    create_markdown_artifact(tallies(reports), key="mtclean-tallies", description="Edits and findings per rule")
    logger = get_run_logger()
    for report in reports:
        for note in report.notes:
            logger.warning("%s: %s", report.path, note)
        if report.error:
            logger.error(report.error)
    logger.info(cleaning.summary(reports))
    failed = sum(report.error is not None for report in reports)
    if failed:
        return Failed(message=f"{failed} of {len(reports)} files could not be cleaned")
    return Completed(message=cleaning.summary(reports))


def shards(config: str) -> list[list[Task]]:
    """The files to clean, in groups.

    Raises :class:`MtcleanError` when there is nothing to clean or no output is named.
    """
    settings = load(Path(config))
    if not settings.output:
        raise MtcleanError(config, "the settings name no output", 'add output = "DIR"')
    if not settings.inputs:
        raise MtcleanError(config, "the settings name no inputs", 'add inputs = ["DIR"]')
    tasks = jobs.targets(files.discover(settings.inputs, output=settings.output), settings.output)
    jobs.make_cleaner(settings, _ignore_file(config))
    return [tasks[at : at + SHARD_FILES] for at in range(0, len(tasks), SHARD_FILES)]


def _ignore_file(config: str) -> str | None:
    path = jobs.ignore_path(Path(config))
    return str(path) if path.is_file() else None


def tallies(reports: list[FileReport]) -> str:
    """Totals and decisions per rule as a Markdown table."""
    counts: Counter[tuple[str, str]] = Counter()
    for report in reports:
        counts.update(report.tallies)
    verdicts = [verdict.value for verdict in Verdict]
    rows = [
        "# mtclean",
        "",
        cleaning.summary(reports),
        "",
        f"| rule | {' | '.join(verdicts)} |",
        "|---|---:|---:|---:|---:|",
    ]
    for code in sorted({code for code, _ in counts}):
        cells = " | ".join(str(counts[code, verdict]) for verdict in verdicts)
        rows.append(f"| {code} | {cells} |")
    return "\n".join(rows)


def run_clean(config: str) -> int:
    """Run the flow now, in this process; gives the exit status: 0 done, 2 some files could not be cleaned.

    Raises :class:`MtcleanError` before anything starts when the settings cannot work, and when Prefect itself
    cannot: its server does not answer, or cannot be started.
    """
    shards(config)
    try:
        state: Any = clean(config, return_state=True)
    except Exception as error:  # what a task raises is in the state; Prefect's own errors are of many classes
        what = " ".join(f"Prefect cannot run the flow: {error}".split())
        raise MtcleanError("run", what, "look at PREFECT_API_URL, or unset it to use a server of its own") from error
    return 0 if state.is_completed() else 2
