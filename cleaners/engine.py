"""Puts rules, glossary and guards together: settings in, a cleaner out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

from cleaners import __version__, glossary_rules, lexicon, rules
from cleaners import glossary as glossaries
from cleaners.config import Settings, names_rule
from cleaners.core import Document, Finding, Level, Result, Rule
from cleaners.errors import MtcleanError
from cleaners.guard import Guards
from cleaners.ignore import IgnoreList
from cleaners.settle import Policy, settle
from cleaners.yamlsource import nearest

# Settings that change what a document becomes; the others only say where things lie.
_CLEANING_KEYS = ("no_glossary", "no_names", "select", "ignore", "rewrite", "suggest", "source_lang", "date")


@dataclass(frozen=True)
class Cleaner:
    """Finds and repairs debris in documents, one way for command line, flow and library use.

    Building one is cheap; its glossary and rules are loaded at the first document. Use one for many.
    """

    settings: Settings = field(default_factory=Settings)
    ignore: IgnoreList = field(default_factory=IgnoreList)

    @cached_property
    def glossary(self) -> glossaries.Glossary:
        """The glossary these settings name."""
        return load_glossary(self.settings)

    @cached_property
    def known_rules(self) -> tuple[Rule, ...]:
        """Every rule there is, the glossary's two included, whether selected or not."""
        found = rules.all_rules(lexicon.from_glossary(self.glossary))
        return tuple(sorted((*found, *glossary_rules.rules(self.glossary)), key=lambda rule: rule.code))

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The selected rules."""
        return tuple(r for r in self.known_rules if self.settings.selects(r.code, r.name))

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all that decides what a document becomes: version, settings, glossary, set-aside hits."""
        parts = {key: str(getattr(self.settings, key)) for key in _CLEANING_KEYS}
        parts["glossary"] = repr([asdict(entry) | {"place": None} for entry in self.glossary.entries])
        parts["set_aside"] = repr(sorted(map(repr, self.ignore.entries)))
        parts["version"] = __version__
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("utf-8", "replace")).hexdigest()[:16]

    @cached_property
    def _policy(self) -> Policy:
        levels = {Level.SAFE, Level.SUGGEST} if self.settings.suggest else {Level.SAFE}
        return Policy(frozenset(levels), Guards(self.glossary.protected), self.ignore.matches)

    def find(self, document: Document) -> Iterator[Finding]:
        """Every finding of one reading of the document; nothing is applied."""
        for rule in self.rules:
            yield from rule.find(document)

    def clean(self, document: Document) -> Result:
        """Clean a document to a fixed point; an empty or blank one is given back as it is."""
        return settle(document, self.find, self._policy)

    def check_codes(self) -> None:
        """Raise :class:`MtcleanError` for an item of ``select`` or ``ignore`` that names no rule."""
        known = self.known_rules  # loads the glossary, too: a broken one is told before any text is read
        for option in ("select", "ignore"):
            for wanted in getattr(self.settings, option):
                if not wanted or not any(names_rule(wanted, rule.code, rule.name) for rule in known):
                    what = f"{wanted!r} is no rule, family or rule name"
                    raise MtcleanError(option, what, nearest_rule(wanted, known))


def nearest_rule(wanted: str, rules: Sequence[Rule]) -> str:
    """Advice for an unknown code or name: the nearest one, else the codes of its family."""
    for word, choices in ((wanted.upper(), [r.code for r in rules]), (wanted.lower(), [r.name for r in rules])):
        near = nearest(word, choices)
        if near:
            return f"did you mean {near!r}?"
    family = [rule.code for rule in rules if rule.code[:3] == wanted[:3].upper()]
    return f"that family has {', '.join(family)}" if family else "run mtclean rules for the list"


def load_glossary(settings: Settings) -> glossaries.Glossary:
    """The glossary that ``settings`` ask for."""
    paths = tuple(Path(path) for path in settings.glossary)
    if settings.no_glossary:
        return glossaries.load(paths, shipped=False)
    return glossaries.load(paths) if paths else glossaries.shipped_glossary()
