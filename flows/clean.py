"""The flow that cleans the inputs of a settings file, a task for each shard of files.

Thin: it finds the inputs, hands shards of paths to tasks, and publishes what came back. Cleaning itself is
``cleaners.jobs``, the same code the command line runs.
"""

from __future__ import annotations

import os

# Set before Prefect is imported: a cleaner of documents has no business reporting on its users.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")

from collections import Counter

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact

from cleaners import cleaning, files, jobs
from cleaners.config import Settings
from cleaners.core import Verdict
from cleaners.errors import MtcleanError
from cleaners.jobs import FileReport, Task

SHARD_FILES = 50  # files a task: a task costs about 8 ms, a small file about 2 ms


@task(name="clean-shard")
def clean_shard(settings: Settings, shard: list[Task]) -> list[FileReport]:
    """Clean some files into their targets; a file that fails is a report with an error."""
    return list(jobs.clean_many(settings.merged(jobs=1), shard))


@flow(name="mtclean-clean")
def clean(settings: Settings) -> list[FileReport]:
    """Clean the inputs of ``settings`` into its output, shard by shard, and publish the tallies.

    Raises :class:`MtcleanError` when there is nothing to clean, when no output is named, or, after all
    files were tried, when some could not be cleaned.
    """
    if not settings.output:
        raise MtcleanError("output", "the settings name no output", 'add output = "DIR"')
    sources = files.discover(settings.inputs, output=settings.output)
    tasks = jobs.targets(sources, settings.output)
    shards = [tasks[at : at + SHARD_FILES] for at in range(0, len(tasks), SHARD_FILES)]
    futures = [clean_shard.submit(settings, shard) for shard in shards]
    reports = [report for future in futures for report in future.result()]
    create_markdown_artifact(tallies(reports), key="mtclean-tallies", description="Edits and findings per rule")
    logger = get_run_logger()
    for report in reports:
        if report.error:
            logger.error(report.error)
    logger.info(cleaning.summary(reports))
    failed = sum(report.error is not None for report in reports)
    if failed:
        raise MtcleanError(settings.output, f"{failed} of {len(reports)} files could not be cleaned", "see the log")
    return reports


def tallies(reports: list[FileReport]) -> str:
    """Totals and decisions per rule as a Markdown table."""
    counts: Counter[tuple[str, str]] = Counter()
    for report in reports:
        counts.update(report.tallies)
    verdicts = [verdict.value for verdict in Verdict]
    rows = ["# mtclean", "", cleaning.summary(reports), "", f"| rule | {' | '.join(verdicts)} |", "|---|---:|---:|---:|---:|"]
    for code in sorted({code for code, _ in counts}):
        cells = " | ".join(str(counts[code, verdict]) for verdict in verdicts)
        rows.append(f"| {code} | {cells} |")
    return "\n".join(rows)


def run_clean(settings: Settings) -> int:
    """Run the flow now, in this process; gives the exit status."""
    clean(settings)
    return 0
