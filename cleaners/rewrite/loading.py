"""Chooses what runs a rewrite model and loads it; nothing heavy is imported before."""

from __future__ import annotations

from pathlib import Path

from cleaners.errors import MtcleanError
from cleaners.rewrite import backends, ctranslate2_backend, transformers_backend
from cleaners.rewrite.backends import Backend, Options


def load(options: Options) -> Backend:
    """The backend for these options; loads the model.

    Raises :class:`~cleaners.rewrite.backends.UnavailableError` where the model or a package is not there.
    """
    if options.prompt is not None and backends.PLACEHOLDER not in options.prompt:
        raise MtcleanError(
            "rewrite.prompt", f"{options.prompt!r} has no place for the text", f"put {backends.PLACEHOLDER} in it"
        )
    if (
        options.backend == "auto"
        and options.is_shipped
        and backends.is_missing("ctranslate2")
        and backends.is_missing("torch")
    ):
        what = "neither ctranslate2 nor torch is installed"
        raise backends.UnavailableError("rewrite", what, "pip install 'mtclean[fast]'")
    if options.backend == "ctranslate2" or (options.backend == "auto" and _can_be_fast(options)):
        return ctranslate2_backend.load(options)
    return transformers_backend.load(options)


def _can_be_fast(options: Options) -> bool:
    own = (Path(options.model) / "recipe.json").is_file()  # trained by this program, so of a shape that is converted
    return own and options.device == "cpu" and not backends.is_missing("ctranslate2")
