"""The flow that trains the rewrite model: what ``mtclean train`` does, its progress in the log of the run."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.states import Completed, Failed

from cleaners.errors import MtcleanError
from cleaners.rewrite import command, rewriter

_LAST = 20  # lines of the log that the artifact shows


@flow(name="mtclean-train", validate_parameters=False, persist_result=False)
def train(
    output: str,
    text: str | None = None,
    from_trails: str | None = None,
    model: str | None = None,
    recipe: str | None = None,
    steps: int | None = None,
    seed: int | None = None,
) -> Any:
    """Train a model on ``text``, or tune a copy on the edits ``from_trails``; the parameters of ``mtclean train``.

    The last lines of the log and the calibrated thresholds are the artifact ``mtclean-train``. The run ends Failed
    where the settings or the material cannot be used; one that was stopped goes on from its checkpoint in ``output``.
    """
    logger = get_run_logger()
    log = _Lines(logger)
    try:
        if (text is None) == (from_trails is None):
            raise MtcleanError("train", "what to learn from is not clear", "give text, or from_trails")
        with redirect_stderr(log):
            if from_trails is not None:
                command.learn(from_trails, output, model=model, seed=seed or 0, quiet=False)
            else:
                wanted = {"steps": steps, "seed": seed}
                command.train(text or "", output, recipe=recipe, overrides=wanted, quiet=False)
    except MtcleanError as error:  # a line for whoever reads the log; a traceback would say no more
        logger.error("%s", error)
        return Failed(message=str(error))
    create_markdown_artifact(_markdown(log.lines, output), key="mtclean-train", description="What was trained")
    return Completed(message=log.lines[-1] if log.lines else f"the model is in {output}")


def _markdown(lines: list[str], output: str) -> str:
    """The end of the log, and from which gain on a rewrite is made."""
    shown = ["# mtclean train", "", "```", *lines[-_LAST:], "```"]
    for path in sorted(Path(output).rglob(rewriter.THRESHOLDS)):
        figures = json.loads(path.read_text(encoding="utf-8"))
        shown += ["", "| level | from, in nats |", "|---|---:|"]
        shown += [f"| {name} | {threshold:.2f} |" for name, threshold in figures.items()]
    return "\n".join(shown) + "\n"


class _Lines(io.TextIOBase):
    """A stream whose lines go to the log of the run as they come."""

    def __init__(self, logger: Any) -> None:
        self.lines: list[str] = []
        self._logger, self._begun = logger, ""

    def write(self, text: str, /) -> int:
        *whole, self._begun = (self._begun + text).replace("\r", "\n").split("\n")
        for line in filter(None, map(str.strip, whole)):
            self.lines.append(line)
            self._logger.info("%s", line)
        return len(text)
