"""Find the inputs, open and decode them, put the outputs in place: everything about bytes on disk."""

from __future__ import annotations

from cleaners.files.discovery import discover, keeps_decisions
from cleaners.files.encoding import DOCUMENT_LIMIT, Decoded, decode, over_limit
from cleaners.files.places import Source, Stretch, is_url
from cleaners.files.streams import atomic_output, open_source, read_document

__all__ = [
    "DOCUMENT_LIMIT",
    "Decoded",
    "Source",
    "Stretch",
    "atomic_output",
    "decode",
    "discover",
    "is_url",
    "keeps_decisions",
    "open_source",
    "over_limit",
    "read_document",
]
