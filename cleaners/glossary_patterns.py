"""Variants that are no plain strings: regular expressions, and spellings a letter or two away.

Expressions run on RE2 (package google-re2), whose time is linear in the text whatever the expression. Near spellings
are found by deletions (Garbe's SymSpell): two words at most *d* letters apart share a form from which each has lost at
most *d* letters, so one look-up for each such form of each word of the text replaces a comparison with every entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

_CAPITALISED = re.compile(r"(?<![\w@#.’'-])[A-ZÀ-ÖØ-Þ][\w]{3,30}(?![\w@])")
_MAX_MEMORY = 1 << 20  # bytes RE2 may use for one expression
# Expressions that are asked together: so few instructions that a set has room for thousands of its states.
_SET_SIZE, _SET_MEMORY, _WORTH_A_SET = 10_000, 64 << 20, 4
# A quantified group that ends in an unlimited quantifier: it can match the same text in many ways.
_NESTED = re.compile(r"(?<!\\)[+*}](?<!\\[+*}])\??\)(?:[+*]|\{\d+,\})")


def complaint(pattern: str) -> str | None:
    """What is wrong with an expression, or ``None``; the words follow "the expression …"."""
    import re2

    if _NESTED.search(pattern):
        return "repeats a repetition, which fits one text in countless ways"
    try:
        compiled = re2.compile(pattern, _options())
    except re2.error as error:
        why = error.args[0].decode("utf-8", "replace") if isinstance(error.args[0], bytes) else str(error)
        return f"cannot be used: {why} (RE2 syntax)"
    return "fits nothing at all" if compiled.fullmatch("") else None


@lru_cache(maxsize=4096)
def _compiled(pattern: str, any_case: bool) -> Any:
    import re2

    return re2.compile(f"(?i:{pattern})" if any_case else pattern, _options())


def _options(memory: int = _MAX_MEMORY) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = memory
    return options


class Expressions:
    """Many expressions, each with whether case counts for nothing; one pass over a text says which of them fit it."""

    def __init__(self, patterns: Sequence[tuple[str, bool]]) -> None:
        self._patterns = patterns
        self._always: list[int] = []
        self._sets: list[tuple[Any, list[int]]] = []
        batch: list[int] = []
        size = 0
        for index, (pattern, any_case) in enumerate(patterns):
            own = _compiled(pattern, any_case).programsize
            if own > _SET_SIZE:
                self._always.append(index)
                continue
            if size + own > _SET_SIZE:
                self._close(batch)
                batch, size = [], 0
            batch.append(index)
            size += own
        self._close(batch)

    def _close(self, batch: list[int]) -> None:
        import re2

        if len(batch) < _WORTH_A_SET:
            self._always += batch
            return
        together = re2.Set.SearchSet(_options(_SET_MEMORY))
        for index in batch:
            pattern, any_case = self._patterns[index]
            together.Add(f"(?i:{pattern})" if any_case else pattern)
        together.Compile()
        self._sets.append((together, batch))

    def hits(self, text: str) -> Iterator[tuple[int, int, int]]:
        """(start, end, index of the expression) of every place where one fits."""
        fitting = [*self._always, *(batch[i] for together, batch in self._sets for i in together.Match(text) or ())]
        for index in sorted(fitting):
            pattern, any_case = self._patterns[index]
            for start, end in matches(pattern, text, any_case=any_case):
                yield start, end, index


def matches(pattern: str, text: str, *, any_case: bool) -> Iterator[tuple[int, int]]:
    """Where an expression fits, left to right, in code points."""
    for match in _compiled(pattern, any_case).finditer(text):
        if match.end() > match.start():
            yield match.span()


class NearSpellings:
    """Words at most ``distance`` letters from one of ``targets`` (word → distance)."""

    def __init__(self, targets: Mapping[str, int]) -> None:
        self._targets = dict(targets)
        self._reach = max(targets.values(), default=0)
        self._by_form: dict[str, set[str]] = {}
        for word, distance in targets.items():
            for form in _deletions(word.lower(), distance):
                self._by_form.setdefault(form, set()).add(word)

    def hits(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Capitalised words of ``text`` near a target, with the nearest one; the target itself is among them."""
        for match in _CAPITALISED.finditer(text):
            target = self.nearest(match.group())
            if target is not None:
                yield *match.span(), target

    @lru_cache(maxsize=65536)  # noqa: B019 - one object a glossary, and it lives as long as the program
    def nearest(self, word: str) -> str | None:
        """The target that ``word`` is nearest to within that target's distance; ``None`` where there is none."""
        from rapidfuzz.distance import OSA

        lowered = word.lower()
        candidates = {t for form in _deletions(lowered, self._reach) for t in self._by_form.get(form, ())}
        near = [
            (apart, target)
            for target in candidates
            if (apart := OSA.distance(lowered, target.lower())) <= self._targets[target]
        ]
        best = sorted(near)[:2]
        if not best or (len(best) > 1 and best[0][0] == best[1][0]):
            return None  # as near to one as to another: neither is proved
        return best[0][1]


def _deletions(word: str, distance: int) -> Iterable[str]:
    for lost in range(distance + 1):
        for places in combinations(range(len(word)), lost):
            yield "".join(letter for index, letter in enumerate(word) if index not in places)
