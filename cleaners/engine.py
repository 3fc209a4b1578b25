"""Puts rules, glossary and guards together: settings in, a cleaner out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cleaners import __version__, glossary_rules, lexicon, origin, rules
from cleaners import glossary as glossaries
from cleaners.choices import Choices
from cleaners.config import Settings, names_rule
from cleaners.core import Document, Finding, Level, Result, Rule, Verdict
from cleaners.errors import MtcleanError
from cleaners.guard import Guards
from cleaners.guess import Guess
from cleaners.ignore import IgnoreList
from cleaners.rewrite import rule as rewrite_rule
from cleaners.settle import Policy, settle
from cleaners.yamlsource import nearest

if TYPE_CHECKING:
    from cleaners.rewrite.rewriter import Rewriter

# The rule that ends the reading of a document: in another language, nothing else is to be found.
_NOT_ENGLISH = "ENC109"
# How often a document is cleaned anew because the clean text told another origin than the raw one.
_SECOND_THOUGHTS = 2
# Settings that change what a document becomes; the others only say where things lie.
_CLEANING_KEYS = (
    "no_glossary", "no_names", "select", "ignore", "rewrite", "suggest", "source_lang", "date", "text_field",
    "source_field",
)  # fmt: skip


@dataclass(frozen=True)
class Cleaner:
    """Finds and repairs debris in documents, one way for command line, flow and library use.

    Building one is cheap; its glossary and rules are loaded at the first document. Use one for many. With a
    ``rewriter`` what the rules leave open is put to a model; :func:`cleaners.jobs.make_cleaner` makes one. ``choices``
    are kept for whoever writes files (:mod:`cleaners.jobs`): cleaning a single document does not ask them.
    """

    settings: Settings = field(default_factory=Settings)
    ignore: IgnoreList = field(default_factory=IgnoreList)
    rewriter: Rewriter | None = None
    choices: Choices = field(default_factory=Choices)

    @cached_property
    def glossary(self) -> glossaries.Glossary:
        """The glossary these settings name."""
        return load_glossary(self.settings)

    @cached_property
    def known_rules(self) -> tuple[Rule, ...]:
        """Every rule there is, the glossary's two included, whether selected or not."""
        found = rules.all_rules(lexicon.from_glossary(self.glossary))
        found += (*glossary_rules.rules(self.glossary), rewrite_rule.RULE)
        return tuple(sorted(found, key=lambda rule: rule.code))

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The selected rules."""
        return tuple(r for r in self.known_rules if self.settings.selects(r.code, r.name))

    @property
    def fingerprint(self) -> str:
        """A digest of all that decides what a document becomes: version, settings, glossary, set-aside hits, model."""
        return self._with_model(self.rewriter.fingerprint) if self.rewriter else self._fingerprint

    @property
    def fingerprint_unrewritten(self) -> str:
        """The digest for a text in which something was to be rewritten, and there was no model for it."""
        return self._with_model("missing")

    def _with_model(self, model: str) -> str:
        return hashlib.sha256(f"{self._fingerprint} {model}".encode()).hexdigest()[:16]

    @cached_property
    def _fingerprint(self) -> str:
        parts = {key: str(getattr(self.settings, key)) for key in _CLEANING_KEYS}
        if not isinstance(self.settings.rewrite, bool):  # how many threads run a model changes nothing that it says
            parts["rewrite"] = str({key: value for key, value in self.settings.rewrite.items() if key != "threads"})
        parts["glossary"] = repr([asdict(entry) | {"place": None} for entry in self.glossary.entries])
        parts["set_aside"] = repr(sorted(map(repr, self.ignore.entries)))
        parts["version"] = __version__
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("utf-8", "replace")).hexdigest()[:16]

    @cached_property
    def _policy(self) -> Policy:
        levels = {Level.SAFE, Level.SUGGEST} if self.settings.suggest else {Level.SAFE}
        is_selected = self.settings.selects(rewrite_rule.CODE, rewrite_rule.NAME)
        rewrite = self.rewriter.proposals if self.rewriter and is_selected else None
        return Policy(frozenset(levels), Guards(self.glossary.protected), self.ignore.matches, rewrite)

    @cached_property
    def _stopping(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.code == _NOT_ENGLISH)

    @cached_property
    def _reading(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.code != _NOT_ENGLISH)

    def find(self, document: Document) -> Iterator[Finding]:
        """Every finding of one reading of the document; nothing is applied.

        In a document that is not English, that is all that is told of it.
        """
        stops = [finding for rule in self._stopping for finding in rule.find(document)]
        if stops:
            yield from stops
            return
        for rule in self._reading:
            if document.origin is None:
                yield from rule.find(document)
            else:
                yield from (origin.weighed(finding, document.origin) for finding in rule.find(document))

    def clean(self, document: Document) -> Result:
        """Clean a document to a fixed point; an empty or blank one is given back as it is.

        Where nobody says which language it was translated from, its raw text is asked first.
        """
        if self.rewriter:
            self.rewriter.forget()
        if document.origin:
            return settle(document, self.find, self._policy)
        first = list(self.find(document))
        guess = origin.guess(document, first)
        result = self._settle(document, first, guess)
        for _ in range(_SECOND_THOUGHTS):
            if not result.changed:
                break
            # The guess is the raw document's; but what a second cleaning would guess, this one has to know.
            left = [d.finding for d in result.decisions if d.verdict is not Verdict.APPLIED]
            later = origin.guess(document.with_text(result.text), left)
            if later.language in (None, guess.language):
                break
            guess = later
            result = self._settle(document, first, guess)
        return replace(result, guess=guess)

    def _settle(self, document: Document, first: Sequence[Finding], guess: Guess) -> Result:
        """Settle with the guess in the document; without one, what was found at first need not be found again."""
        if guess.language:
            return settle(origin.informed(document, guess.language), self.find, self._policy)
        return settle(document, lambda current: first if current is document else self.find(current), self._policy)

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
