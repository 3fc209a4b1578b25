"""What the Prefect UI shows of a run, and run.json, which tells the same: figures, short excerpts, no whole texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from cleaners.batch.totals import Totals
from cleaners.core import Verdict
from cleaners.files import atomic_output

RUN_FILE = "run.json"
_LONGEST_EXCERPT = 120  # code points


def write_run_file(output: str, row: dict[str, Any]) -> None:
    """Write the figures of a run beside the clean texts."""
    with atomic_output(f"{output.rstrip('/')}/{RUN_FILE}") as out:
        out.write((json.dumps(row, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogateescape"))


def publish(totals: Totals, headline: str, report: Path | None) -> None:
    """Publish the figures, and a link to the report, as artifacts of the run that calls."""
    create_markdown_artifact(markdown(totals, headline), key="mtclean-run", description="What the run did")
    rows = [{"rule": code, **counts} for code, counts in totals.by_rule()]
    create_table_artifact(rows, key="mtclean-rules", description="Decisions by rule")
    if report is not None:
        create_link_artifact(report.resolve().as_uri(), link_text="The difference, edit by edit", key="mtclean-report")


def markdown(totals: Totals, headline: str) -> str:
    """Totals, tallies by rule, the documents with most edits and sample edits."""
    verdicts = [verdict.value for verdict in Verdict]
    lines = ["# mtclean", "", headline, ""]
    if totals.unrewritten:
        lines += [f"No rewrites: {_shown(totals.unrewritten)}", ""]
    lines += [f"| rule | {' | '.join(verdicts)} |", "|---|---:|---:|---:|---:|"]
    lines += [f"| {code} | {' | '.join(str(counts[v]) for v in verdicts)} |" for code, counts in totals.by_rule()]
    if totals.top:
        lines += ["", "## Most edits", "", "| document | edits |", "|---|---:|"]
        lines += [f"| {_shown(path)} | {edits} |" for edits, path in totals.top]
    if totals.shown:
        lines += ["", "## Sample edits", "", "| rule | raw | clean |", "|---|---|---|"]
        lines += [f"| {s.code} | {_shown(s.before)} | {_shown(s.after)} |" for s in totals.shown]
    if totals.failures:
        lines += ["", "## Failed", "", "| document | reason |", "|---|---|"]
        lines += [f"| {_shown(path)} | {_shown(reason)} |" for path, reason in totals.failures]
        if totals.failed > len(totals.failures):
            lines += [f"| … | {totals.failed - len(totals.failures)} more |"]
    return "\n".join(lines) + "\n"


def _shown(text: str) -> str:
    """A text as code in a cell of a Markdown table: nothing in it is markup, nor ends the cell."""
    text = " ".join(text.encode("utf-8", "replace").decode().split())
    if len(text) > _LONGEST_EXCERPT:
        text = text[:_LONGEST_EXCERPT] + "…"
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for mark in "\\`*_[]|~!":
        escaped = escaped.replace(mark, f"&#{ord(mark)};")
    return escaped


class Progress:
    """A bar in the UI, for a run that takes long enough to be looked at."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self._artifact: UUID | None = None

    def show(self, share: float) -> None:
        """Show that this share, from 0 to 1, is done."""
        percent = min(100.0, round(100 * share, 1))
        if self._artifact is None:
            made = create_progress_artifact(percent, key="mtclean-progress", description="Bytes done, in per cent")
            self._artifact = made if isinstance(made, UUID) else None
        else:
            update_progress_artifact(self._artifact, percent)
