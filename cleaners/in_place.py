"""What people decided about a file that is cleaned in place, where a folder above it keeps decisions.

Such a file is raw text only once. Cleaned again, it is what became of that text, and a decision, which belongs to the
raw text, would not be found: what was rejected would come back. The trail beside the file leads back to the raw text,
so a finding that was rejected there is known again in the clean one, by the place that its words have now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from cleaners import choices, cleaned
from cleaners.choices import Choice, Choices
from cleaners.cleaned import Text
from cleaners.core import Decision, Verdict
from cleaners.errors import MtcleanError
from cleaners.files import Source
from cleaners.files.places import local_part
from cleaners.formats import Fields

_REFUSALS = (Choice.REJECTED, Choice.UNDONE)


def decided(source: Source, text_field: str) -> Choices:
    """The decisions about the texts of a file as it is now, under the name that ``source`` has for it.

    There are none where no folder above the file keeps any. Raises :class:`MtcleanError` where they cannot be read.
    """
    local = local_part(source.path)
    path = Path(local).absolute() if local else None
    folder = choices.folder_of(path) if path else None
    found = Choices()
    if path is None or folder is None:
        return found
    name = path.relative_to(folder).as_posix()
    for home, about in _loaded(folder, choices.stamp(folder)).by_home.items():
        if home[0] == name:
            for chosen in about.values():
                found.add(replace(chosen, path=source.relative))
    if cleaned.has_trail(path):
        for text in _texts(source, Fields(text_field, skip_bad=True)):
            for refused in _refused(text):
                choice = choices.choice_of(refused) or Choice.REJECTED
                found.add(choices.chosen(source.relative, text.record, text.clean, refused, choice))
    return found


@lru_cache(maxsize=4)
def _loaded(folder: Path, stamp: object) -> Choices:
    return choices.load(folder)


def _texts(source: Source, fields: Fields) -> list[Text]:
    """The texts of the file; none where it was changed since, or its trail does not lead back: it is new text then."""
    try:
        return list(cleaned.load(source).texts(fields))
    except MtcleanError:
        return []


def _refused(text: Text) -> Iterator[Decision]:
    """The findings of a text that a person refused, each with the place in the clean text that its words have."""
    shift = 0
    for decision in text.decisions:
        if decision.verdict is Verdict.APPLIED:
            shift += len(decision.fix or "") - (decision.end - decision.start)
        elif (own := decision.was) and choices.choice_of(decision) in _REFUSALS:
            start, end = own.start + shift, own.end + shift
            if text.clean[start:end] == own.raw:
                yield replace(decision, was=replace(own, start=start, end=end))
