"""Regular expressions that are compiled when they are first used.

The rules hold hundreds of expressions, most of which wait behind a cheap test that few texts pass; compiling all of
them took half of the time of a start.
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class _Waiting:
    """Stands for a pattern; the first use of a method puts the compiled pattern's own methods in its place."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)

    def __reduce__(self) -> tuple[Any, ...]:
        return lazy, (self.pattern, self._flags)


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """What ``re.compile`` gives, compiled at its first use; a wrong expression shows only then."""
    return cast("re.Pattern[str]", _Waiting(pattern, int(flags)))
