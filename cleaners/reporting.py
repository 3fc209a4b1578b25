"""Makes the report that people open in a browser: of what was cleaned, or of two files that differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from cleaners import aligning, cleaned
from cleaners.config import Settings
from cleaners.core import Rule
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.formats import Fields
from cleaners.jobs import Task
from cleaners.report.html.writer import Report, single


def of_tasks(tasks: Iterable[Task], folder: str, settings: Settings) -> Path:
    """Write the report of files that were cleaned, from the clean files and their trails; gives its index.

    A file that cannot be read back stands in the index with the reason.
    """
    report = Report(Path(folder), rules_of(settings))
    fields = Fields(settings.text_field, settings.source_field, skip_bad=True)
    for task in tasks:
        source = replace(task.source, path=task.target, stretch=None)
        try:
            report.add(task.source.relative, cleaned.load(source).texts(fields))
        except MtcleanError as error:
            report.add(task.source.relative, [], [str(error)])
    return report.finish()


def of_pairs(pairs: Sequence[tuple[Path, Path, str]], file: str, settings: Settings) -> Path:
    """Write the report of pairs of a raw and a clean file, each with its name; one pair becomes one file.

    Of several, ``file`` is the index, and what it needs lies in its folder. Where there is no trail, or it is not that
    of the two texts, the words of both are aligned.
    """
    rules = rules_of(settings)
    place = Path(file)
    fields = Fields(settings.text_field, settings.source_field, skip_bad=True)
    if len(pairs) == 1:
        raw, clean, name = pairs[0]
        texts, notes = aligning.texts(raw, clean, fields)
        single(place, name, texts, rules, notes)
        return place
    report = Report(place.parent, rules, index=place.name)
    for raw, clean, name in pairs:
        report.add(name, *aligning.texts(raw, clean, fields))
    return report.finish()


def rules_of(settings: Settings) -> dict[str, Rule]:
    """The rules by their codes, for what a page says of them."""
    return {rule.code: rule for rule in Cleaner(settings).known_rules}
