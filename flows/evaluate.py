"""The flow that measures the cleaner: what ``mtclean eval`` prints, kept as an artifact of the run."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.states import Completed, Failed

from cleaners import config as configuration
from cleaners.config import Settings
from cleaners.errors import MtcleanError
from cleaners.evaluate import command


@flow(name="mtclean-evaluate", validate_parameters=False, persist_result=False)
def evaluate(
    gold: list[str] | None = None,
    harm: list[str] | None = None,
    reference: list[str] | None = None,
    mqm: list[str] | None = None,
    answers: str | None = None,
    unread: str | None = None,
    all_lines: bool = False,
    gate: str | None = None,
    update: bool = False,
    lower: str | None = None,
    config: str | None = None,
    select: list[str] | None = None,
    ignore: list[str] | None = None,
    glossary: list[str] | None = None,
    no_glossary: bool = False,
    no_names: bool = False,
    jobs: int | None = None,
) -> Any:
    """Score the cleaner; the parameters are those of ``mtclean eval``, and ``config`` is a settings file.

    The figures are the artifact ``mtclean-eval``. The run ends Failed where an input cannot be read, or the gate is
    shut; then the artifact tells which figures fell.
    """
    paths = {"gold": gold, "harm": harm, "references": reference, "mqm": mqm}
    asked: Any = {"answers": answers, "unread": unread, "gate": gate, "lower": lower, "format_": "markdown"}
    asked |= {name: tuple(given or ()) for name, given in paths.items()}
    request = command.Request(**asked, all_lines=all_lines, update=update)
    flags: dict[str, Any] = {"no_glossary": no_glossary or None, "no_names": no_names or None}
    given = {"select": tuple(select or ()), "ignore": tuple(ignore or ()), "jobs": jobs, **flags}
    logger = get_run_logger()
    try:
        settings = configuration.load(Path(config)) if config else Settings()
        settings = settings.merged(**given, glossary=settings.glossary + tuple(glossary or ()))
        status, page, told = _printed(settings, request)
    except MtcleanError as error:  # a line for whoever reads the log; a traceback would say no more
        logger.error("%s", error)
        return Failed(message=str(error))
    create_markdown_artifact("\n\n".join([page, *told]), key="mtclean-eval", description="What was measured")
    last = told[-1] if told else "measured"
    return Failed(message=last) if status else Completed(message=last)


def _printed(settings: Settings, request: command.Request) -> tuple[int, str, list[str]]:
    """The exit status, the page that the command prints, and its lines beside it, without the program's name."""
    page, beside = io.StringIO(), io.StringIO()
    with redirect_stdout(page), redirect_stderr(beside):
        status = command.run(settings, request)
    return status, page.getvalue(), [line.removeprefix("mtclean: ") for line in beside.getvalue().splitlines()]
