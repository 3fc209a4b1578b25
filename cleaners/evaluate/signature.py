"""What a figure was made with, in one line, as sacreBLEU prints it: without it no two figures compare."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from cleaners import __version__
from cleaners.engine import Cleaner


def signature(cleaner: Cleaner, corpora: Mapping[str, str], scorers: Mapping[str, str] | None = None) -> str:
    """Version, fingerprint of settings and glossary, model, corpus digests, scorer versions.

    ``corpora`` maps a corpus' name to its digest, ``scorers`` a scorer's name to its version.
    """
    parts = [f"mtclean:{__version__}", f"settings:{cleaner.fingerprint}", "model:none"]
    parts += [f"{name}:{digest}" for name, digest in sorted(corpora.items())]
    parts += [f"{name}:{version}" for name, version in sorted((scorers or {}).items())]
    return "|".join(parts)


def digest(texts: Iterable[str]) -> str:
    """The first twelve hex digits of the sha256 over all texts, each ended by a NUL."""
    total = hashlib.sha256()
    for text in texts:
        total.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return total.hexdigest()[:12]
