"""Settings: one frozen model for command line, configuration file and flow.

Read from ``mtclean.toml`` or from ``[tool.mtclean]`` in ``pyproject.toml``. Unknown keys and wrong types are
errors with file, line and key, and name the nearest valid key. Paths in a file are relative to that file,
so that a scheduled run finds them from any directory.
"""

from __future__ import annotations

import datetime
import re
import tomllib
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from cleaners.errors import MtcleanError
from cleaners.yamlsource import did_you_mean

FILE_NAMES = ("mtclean.toml", "pyproject.toml")
ENGINES = ("threads", "processes", "dask")
BACKENDS = ("auto", "ctranslate2", "transformers")
# The keys of the table [rewrite], told in cleaners.rewrite.backends.Options, with the types they take.
REWRITE_KEYS: Mapping[str, tuple[type, ...]] = {
    "model": (str,),
    "backend": (str,),
    "device": (str,),
    "dtype": (str,),
    "required": (bool,),
    "prompt": (str,),
    "threads": (int,),
    "pickled_weights": (bool,),
    "safe_gain": (int, float),
    "suggest_gain": (int, float),
}
# The keys of [batch]: how a scheduled run goes about its work. None of them changes what a document becomes.
BATCH_KEYS: Mapping[str, tuple[type, ...]] = {
    "max_failures": (int,),
    "time_limit": (int, float),
    "retries": (int,),
    "shard_bytes": (int,),
    "dask": (str,),
}
SCHEDULE_KEYS: Mapping[str, tuple[type, ...]] = {
    "cron": (str,),
    "interval": (int, float),
    "timezone": (str,),
    "catch_up": (bool,),
}
_TYPE_NAMES = {str: "a string", bool: "true or false", int: "a number", float: "a number"}
SOURCE_LANGUAGES = ("ja", "zh", "auto")
_PATH_LISTS = ("inputs", "glossary")
_PATHS = ("output", "report")
_HEADER = re.compile(r"\s*\[{1,2}(?P<name>[^\[\]]+)\]{1,2}\s*(?:#.*)?\Z")
_KEY = r"(?:[\w-]+|\"[^\"]*\"|'[^']*')"
_ASSIGNED = re.compile(rf"\s*(?P<name>{_KEY}(?:\s*\.\s*{_KEY})*)\s*=")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a run can be told; the field names are the keys of the file and of the flow.

    ``inputs`` are paths, globs or URLs; ``glossary`` are files read after the shipped ones; ``select`` and
    ``ignore`` hold codes, beginnings of codes (``SPC``) or rule names; ``source_lang`` is ``ja``, ``zh`` or
    ``auto``; ``date`` is the documents' date; ``jobs`` counts processes. ``rewrite`` and ``schedule`` hold
    the tables of those names.

    ``batch`` holds the table ``[batch]``: ``max_failures``, above which a run ends Failed; ``time_limit``, seconds that
    one document may take; ``retries`` of a shard whose output cannot be written; ``shard_bytes``, for one task; and
    ``dask``, the address of a scheduler.
    """

    inputs: tuple[str, ...] = ()
    output: str | None = None
    glossary: tuple[str, ...] = ()
    no_glossary: bool = False
    no_names: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rewrite: bool | Mapping[str, Any] = True
    suggest: bool = False
    report: str | None = None
    source_lang: str = "auto"
    date: datetime.date | None = None
    text_field: str = "text"
    source_field: str | None = None
    jobs: int = 1
    engine: str = "threads"
    schedule: Mapping[str, Any] = field(default_factory=dict)
    batch: Mapping[str, Any] = field(default_factory=dict)

    def selects(self, code: str, name: str = "") -> bool:
        """Whether the rule with this code and name runs under ``select``, ``ignore`` and ``no_names``."""
        if self.no_names and code.startswith("NAM1"):  # NAM0 are the glossary's own names
            return False
        if self.select and not _listed(self.select, code, name):
            return False
        return not _listed(self.ignore, code, name)

    @property
    def known_source_lang(self) -> str | None:
        """The source language, or ``None`` where it is to be guessed."""
        return None if self.source_lang == "auto" else self.source_lang

    def merged(self, **overrides: Any) -> Settings:
        """The settings with the overrides that are given; ``None`` and empty tuples leave a value as it is."""
        return replace(self, **{k: v for k, v in overrides.items() if v is not None and v != ()})


def _listed(codes: tuple[str, ...], code: str, name: str) -> bool:
    return any(names_rule(wanted, code, name) for wanted in codes)


def names_rule(wanted: str, code: str, name: str) -> bool:
    """Whether ``wanted`` is this rule's code, the beginning of it, or its name."""
    return code.startswith(wanted.upper()) or wanted == name


def find_file(start: Path) -> Path | None:
    """The nearest configuration file in ``start`` or a folder above it."""
    for folder in (start, *start.parents):
        for name in FILE_NAMES:
            path = folder / name
            if path.is_file() and (name != "pyproject.toml" or b"[tool.mtclean" in path.read_bytes()):
                return path
    return None


def load(path: Path) -> Settings:
    """Read a configuration file.

    Raises :class:`MtcleanError` with file, line and key for broken TOML, unknown keys and wrong values.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise MtcleanError(str(path), "not UTF-8", "save the file as UTF-8") from error
    except OSError as error:
        raise MtcleanError(str(path), (error.strerror or "cannot be read").lower(), "check --config") from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(path, error) from error
    reader = _Reader(path, text)
    if path.name == "pyproject.toml":
        for key in ("tool", "mtclean"):
            data = data.get(key, {})
            if not isinstance(data, dict):
                raise reader.fail(key, f"{key!r} must be a table, not {data!r}")
    return reader.settings(data)


def _not_toml(path: Path, error: tomllib.TOMLDecodeError) -> MtcleanError:
    """The parser's complaint with its place in front, where it gives one."""
    what, _, place = str(error).partition(" (at line ")
    line, _, column = place.rstrip(")").partition(", column ")
    shown = f"{path}:{line}:{column}" if line.isdigit() and column.isdigit() else str(path)
    return MtcleanError(shown, f"not valid TOML: {what[:1].lower()}{what[1:]}")


class _Reader:
    """Checks one file's table key by key, and knows the line of each key."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()

    def settings(self, data: dict[str, Any]) -> Settings:
        known = {f.name: f for f in fields(Settings)}
        values: dict[str, Any] = {}
        for raw_key, value in data.items():
            key = raw_key.replace("-", "_")
            if key not in known:
                raise self.fail(raw_key, f"unknown key {raw_key!r}", did_you_mean(key, tuple(known)))
            values[key] = self._value(raw_key, key, value)
        return Settings(**values)

    def _value(self, raw_key: str, key: str, value: Any) -> Any:
        if key in ("inputs", "glossary", "select", "ignore"):
            return self._strings(raw_key, key, value)
        if key in ("no_glossary", "no_names", "suggest"):
            return self._typed(raw_key, value, bool, "true or false")
        if key in ("engine", "source_lang"):
            return self._choice(raw_key, value, ENGINES if key == "engine" else SOURCE_LANGUAGES)
        if key == "rewrite":
            return self._rewrite(raw_key, value)
        if key == "schedule":
            return self._schedule(raw_key, value)
        if key == "batch":
            return self._batch(raw_key, value)
        if key == "jobs":
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise self.fail(raw_key, f"{raw_key!r} must be a whole number from 1, not {value!r}")
            return value
        if key == "date":
            return self._date(raw_key, value)
        text = self._typed(raw_key, value, str, "text")
        return self._below(text) if key in _PATHS else text

    def _strings(self, raw_key: str, key: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fail(raw_key, f"{raw_key!r} must be a list of texts", f'write {raw_key} = ["…"]')
        return tuple(self._below(item) if key in _PATH_LISTS else item for item in value)

    def _typed(self, raw_key: str, value: Any, kind: type, name: str) -> Any:
        if not isinstance(value, kind):
            raise self.fail(raw_key, f"{raw_key!r} must be {name}, not {value!r}")
        return value

    def _choice(self, raw_key: str, value: Any, choices: tuple[str, ...]) -> str:
        if value not in choices:
            raise self.fail(raw_key, f"{raw_key!r} cannot be {value!r}", did_you_mean(str(value), choices))
        return str(value)

    def _rewrite(self, raw_key: str, value: Any) -> bool | Mapping[str, Any]:
        if isinstance(value, bool):
            return value
        if not isinstance(value, dict):
            raise self.fail(raw_key, f"{raw_key!r} must be true, false or a table, not {value!r}")
        self._table(raw_key, value, REWRITE_KEYS)
        if "backend" in value:
            self._choice(f"{raw_key}.backend", value["backend"], BACKENDS)
        if "model" in value and (self._path.parent / value["model"]).is_dir():
            return {**value, "model": self._below(value["model"])}  # else it is the id of a hub
        return dict(value)

    def _schedule(self, raw_key: str, value: Any) -> Mapping[str, Any]:
        table = self._table(raw_key, self._typed(raw_key, value, dict, "a table"), SCHEDULE_KEYS)
        if ("cron" in table) == ("interval" in table):
            raise self.fail(raw_key, f"[{raw_key}] needs either cron or interval", 'write cron = "0 3 * * *"')
        if "interval" in table and table["interval"] < 1:
            raise self.fail(f"{raw_key}.interval", "'interval' must be at least 1 second", "write interval = 3600")
        if "timezone" in table and table["timezone"] not in zoneinfo.available_timezones():
            known = did_you_mean(table["timezone"], tuple(zoneinfo.available_timezones()))
            raise self.fail(f"{raw_key}.timezone", f"{table['timezone']!r} is no time zone", known)
        return table

    def _batch(self, raw_key: str, value: Any) -> Mapping[str, Any]:
        table = self._table(raw_key, self._typed(raw_key, value, dict, "a table"), BATCH_KEYS)
        for key, least in (("max_failures", 0), ("retries", 0), ("shard_bytes", 1), ("time_limit", 0.001)):
            if key in table and table[key] < least:
                raise self.fail(f"{raw_key}.{key}", f"{key!r} must be at least {least:g}, not {table[key]!r}")
        return table

    def _table(self, raw_key: str, value: dict[str, Any], keys: Mapping[str, tuple[type, ...]]) -> dict[str, Any]:
        """A table all of whose keys are known and hold what they should."""
        for key, given in value.items():
            place = f"{raw_key}.{key}"
            if key not in keys:
                raise self.fail(place, f"unknown key {key!r} in [{raw_key}]", did_you_mean(key, tuple(keys)))
            types = keys[key]
            if not isinstance(given, types) or (isinstance(given, bool) and bool not in types):
                raise self.fail(place, f"{key!r} must be {_TYPE_NAMES[types[0]]}, not {given!r}")
        return dict(value)

    def _date(self, raw_key: str, value: Any) -> datetime.date:
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value
        try:
            return datetime.date.fromisoformat(str(value))
        except ValueError as error:
            raise self.fail(raw_key, f"{value!r} is not a date", "write it as YYYY-MM-DD") from error

    def _below(self, path: str) -> str:
        """A path relative to the configuration file; URLs, absolute paths and ``-`` stay as they are."""
        if path == "-" or "://" in path or Path(path).is_absolute():
            return path
        folder = self._path.parent
        return path if folder == Path() else str(folder / path)

    def fail(self, key: str, what: str, todo: str = "") -> MtcleanError:
        """An error at the line of ``key`` (``table.key`` for one of a table), to be raised."""
        line = self._line_of(*key.split("."))
        return MtcleanError(f"{self._path}:{line}" if line else str(self._path), what, todo)

    def _line_of(self, *key: str) -> int | None:
        """The line where ``key`` is set or its table opens; keys of other tables do not count."""
        prefix = ("tool", "mtclean") if self._path.name == "pyproject.toml" else ()
        table: tuple[str, ...] = ()
        for number, line in enumerate(self._lines, start=1):
            header = _HEADER.match(line)
            if header:
                table = _dotted(header["name"])
                found = table
            else:
                assigned = _ASSIGNED.match(line)
                found = (*table, *_dotted(assigned["name"])) if assigned else ()
            if (*prefix, *key) == found[: len(prefix) + len(key)] or (key[0] in prefix and found[-1:] == key):
                return number
        return None


def _dotted(name: str) -> tuple[str, ...]:
    return tuple(part.strip(" \t\"'") for part in name.split("."))
