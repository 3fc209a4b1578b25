"""Puts rules, glossary and guards together: settings in, a cleaner out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cleaners import glossary as glossaries
from cleaners import lexicon, rules
from cleaners.config import Settings
from cleaners.core import Document, Finding, Level, Result, Rule
from cleaners.guard import Guards
from cleaners.ignore import IgnoreList
from cleaners.settle import Policy, settle


@dataclass(frozen=True)
class Cleaner:
    """Finds and repairs debris in documents, one way for command line, flow and library use.

    Building one loads the glossary; use it for many documents.
    """

    settings: Settings
    ignore: IgnoreList = IgnoreList()  # noqa: RUF009 - frozen and empty

    @cached_property
    def glossary(self) -> glossaries.Glossary:
        """The glossary these settings name; an empty one with ``no_glossary``."""
        return load_glossary(self.settings)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The selected rules."""
        chosen = rules.all_rules(lexicon.from_glossary(self.glossary))
        return tuple(rule for rule in chosen if self._selected(rule.code))

    @cached_property
    def _finders(self) -> tuple[Callable[[Document], object], ...]:
        return tuple(rule.find for rule in self.rules)

    @cached_property
    def _policy(self) -> Policy:
        levels = {Level.SAFE, Level.SUGGEST} if self.settings.suggest else {Level.SAFE}
        return Policy(frozenset(levels), Guards(self.glossary.protected), self.ignore.matches)

    def find(self, document: Document) -> Iterator[Finding]:
        """Every finding of one reading of the document; nothing is applied."""
        for rule in self.rules:
            yield from rule.find(document)
        for finding in self.glossary.find(document):
            if self._selected(finding.code):
                yield finding

    def clean(self, document: Document) -> Result:
        """Clean a document to a fixed point; an empty or blank one is given back as it is."""
        return settle(document, self.find, self._policy)

    def _selected(self, code: str) -> bool:
        return self.settings.selects(code)


def load_glossary(settings: Settings) -> glossaries.Glossary:
    """The glossary that ``settings`` ask for."""
    paths = tuple(Path(path) for path in settings.glossary)
    if settings.no_glossary:
        return glossaries.load(paths, shipped=False)
    return glossaries.load(paths) if paths else glossaries.shipped_glossary()
