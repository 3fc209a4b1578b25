"""The command `train`: a model from public-domain text, or a tuned copy from the trails of a user's own runs."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import click

from cleaners.errors import MtcleanError
from cleaners.rewrite import backends, loading
from cleaners.rewrite.backends import SHIPPED, Options

_NEEDED = ("torch", "transformers", "tokenizers", "safetensors")


def train(folder: str, output: str, *, recipe: str | None, overrides: dict[str, Any], quiet: bool) -> int:
    """Train a model on the text in ``folder``; an output folder with a checkpoint is gone on with."""
    _check_packages()
    from cleaners.engine import Cleaner
    from cleaners.rewrite import calibration, corpus, rewriter, training
    from cleaners.rewrite.noise.pairs import Noiser

    noiser = Noiser.of(Cleaner().known_rules)
    wanted = _recipe(recipe, overrides)

    def tell(line: str) -> None:
        if not quiet:
            click.echo(line, err=True)

    text = corpus.read(Path(folder))  # the same segments for every recipe
    tell(f"{len(text.training)} segments to train on, {len(text.held_out)} held out")
    model = training.Training(wanted, text, noiser, Path(output), tell).run()
    backend = loading.load(Options(model=str(model)))
    found = calibration.calibrate(backend, noiser, text.held_out[: calibration.SEGMENTS])
    figures = {"safe": found.safe, "suggest": found.suggest}
    (model / rewriter.THRESHOLDS).write_text(json.dumps(figures) + "\n", encoding="utf-8")
    for name, threshold in figures.items():
        precision, recall, changed = found.rates(threshold)
        tell(
            f"{name}: from {threshold:.2f} nats {100 * precision:.1f} % of the rewrites are right, "
            f"{100 * recall:.1f} % of what is damaged is restored, {100 * changed:.2f} % of what is sound is changed"
        )
    tell(f"the model is in {model}")
    return 0


def learn(trails: str, output: str, *, model: str | None, seed: int, quiet: bool) -> int:
    """Tune a copy of a model on the edits of ``trails`` that stand, and on those that were undone."""
    _check_packages()
    from cleaners.rewrite import learning

    taught = learning.lessons(Path(trails), seed)
    folder = learning.tune(model or str(SHIPPED), taught, Path(output), seed)
    if not quiet:
        click.echo(
            f"{len(taught.accepted)} accepted, {len(taught.rejected)} rejected and {len(taught.untouched)} untouched "
            f"sentences; the tuned model is in {folder}",
            err=True,
        )
    return 0


def _recipe(path: str | None, overrides: dict[str, Any]) -> Any:
    """The recipe of a file, of the shipped model, or the default one, with what the command line says otherwise."""
    from cleaners.rewrite.training import RECIPE, Recipe

    given: dict[str, Any] = {}
    source = Path(path) if path else SHIPPED / RECIPE
    if path or source.is_file():
        try:
            given = json.loads(source.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise MtcleanError(
                str(source), f"is no recipe: {error}", "give a recipe.json of a trained model"
            ) from error
    unknown = set(given) - {field.name for field in fields(Recipe)}
    if unknown:
        raise MtcleanError(str(source), f"{sorted(unknown)[0]!r} is no part of a recipe", f"known: {known_keys()}")
    return Recipe(**{**asdict(Recipe()), **given, **{k: v for k, v in overrides.items() if v is not None}})


def known_keys() -> str:
    """The names that a recipe may hold."""
    from cleaners.rewrite.training import Recipe

    return ", ".join(field.name for field in fields(Recipe))


def _check_packages() -> None:
    for package in _NEEDED:
        if backends.is_missing(package):
            raise MtcleanError("train", f"the package {package} is not installed", "pip install 'mtclean[rewrite]'")
