"""Sets a raw and a clean text against each other: by the trail where there is one, else by their words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cleaners import cleaned, files
from cleaners.cleaned import Text
from cleaners.core import Decision, Finding, Level, Severity, Verdict
from cleaners.errors import MtcleanError
from cleaners.files import Source
from cleaners.formats import Fields
from cleaners.report import diff
from cleaners.trail import Header, sha256

_NO_TRAIL = "There is no trail beside the clean file: its words are aligned, and no reason is known."


def texts(raw: Path, clean: Path, fields: Fields) -> tuple[Sequence[Text], list[str]]:
    """The texts of a clean file with its decisions, and a line for whatever made them be guessed from the words."""
    note = _NO_TRAIL
    if cleaned.has_trail(clean):
        try:
            found = cleaned.load(source_of(clean))
            read = list(found.texts(fields))
            _check_raw(found.header, source_of(raw))
            return read, []
        except MtcleanError as error:
            note = f"The trail is passed over, and the words are aligned: {error}"
    return [aligned(text_of(raw), text_of(clean))], [note]


def _check_raw(header: Header, raw: Source) -> None:
    is_plain = raw.format in ("text", "markdown")
    if (sha256(text_of(Path(raw.path))) if is_plain else cleaned.digest(raw)) != header.raw_sha256:
        raise cleaned.not_raw(raw)


def aligned(raw: str, clean: str) -> Text:
    """Two texts as one whose every changed stretch of words is an edit of no known rule."""
    decisions = [_changed(start, raw[start:end], fix) for start, end, fix in diff.changes(raw, clean)]
    return Text(None, raw, clean, tuple(decisions))


def _changed(start: int, old: str, new: str) -> Decision:
    end = start + len(old)
    finding = Finding(
        code=diff.UNTOLD,
        name="changed",
        start=start,
        end=end,
        fix=new,
        level=Level.SAFE,
        severity=Severity.MINOR,
        mqm="",
        confidence=1.0,
        message="Changed; there is no trail that says why.",
    )
    return Decision(finding, Verdict.APPLIED, "found by comparing", start, end, old, new)


def source_of(path: Path) -> Source:
    """The one file at a local path."""
    return files.discover([str(path)])[0]


def text_of(path: Path) -> str:
    """All that a file holds, as text; raises :class:`MtcleanError` where that makes no sense."""
    source = source_of(path)
    if source.format == "parquet":
        raise MtcleanError(str(path), "a parquet file has no lines to compare", "keep its trail beside it")
    with files.open_source(source) as stream:
        return files.decode(files.read_document(stream, str(path)), str(path)).text
