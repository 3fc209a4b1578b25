"""The commands of `mtclean glossary`: look over, list, try, add, mine, exchange."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from cleaners import ending
from cleaners.errors import MtcleanError

_KINDS = ("place", "person", "organisation", "treaty", "programme", "title", "term")
_text_or_json = click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="How the answer is printed."
)


@click.group(cls=ending.Group, short_help="Look over, list, try, add, mine and exchange glossary entries.")
def glossary() -> None:
    """Work on glossaries: YAML files of terms and of what translation makes of them.

    Begin with `mtclean glossary try WRONG --term RIGHT FILE`, which changes nothing.
    """


@glossary.command(short_help="Name every problem of a glossary with its place.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@_text_or_json
def lint(paths: tuple[str, ...], format_: str) -> int:
    """Name every problem of the glossaries at PATH (default: the shipped ones), a line each.

    Exit status: 0 no error (warnings perhaps), 2 an error.
    """
    from cleaners import glossary_lint

    problems = glossary_lint.lint(glossary_lint.shipped_and(paths))
    click.echo((glossary_lint.as_json if format_ == "json" else glossary_lint.as_text)(problems), nl=False)
    errors = sum(problem.severity == "error" for problem in problems)
    if format_ == "text":
        click.echo(f"{errors} errors, {len(problems) - errors} warnings", err=True)
    return 2 if errors else 0


@glossary.command("list", short_help="List the entries that are loaded.")
@click.argument("words", nargs=-1, metavar="[TEXT]...")
@click.option("--kind", type=click.Choice(_KINDS), help="Only entries of this kind.")
@click.option("--glossary", "paths", multiple=True, metavar="PATH", help="A further glossary file; repeatable.")
@_text_or_json
def list_(words: tuple[str, ...], kind: str | None, paths: tuple[str, ...], format_: str) -> int:
    """List entries: all, or those whose term, variants or native forms hold every TEXT."""
    from cleaners.glossary import load

    found = [
        entry
        for entry in load([Path(path) for path in paths]).entries
        if kind in (None, entry.kind) and all(_mentions(entry, word) for word in words)
    ]
    if format_ == "json":
        rows = [
            {
                "term": e.term,
                "kind": e.kind,
                "variants": list(e.variants),
                "native": [list(pair) for pair in e.native],
                "level": e.level.value,
                "place": e.place,
            }
            for e in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    for entry in found:
        shown = ", ".join((*entry.variants, *entry.regexes, *(f"~{fuzzy.text}" for fuzzy in entry.fuzzies)))
        click.echo(f"{entry.place}  {entry.kind:<12}  {entry.term}" + (f"  ← {shown}" if shown else ""))
    return 0


def _mentions(entry: Any, word: str) -> bool:
    held = (entry.term, *entry.variants, *entry.regexes, *(form for _, form in entry.native))
    return any(word.casefold() in text.casefold() for text in held)


@glossary.command("try", short_help="Show what an entry would change, before it is saved.")
@click.argument("variant")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--term", required=True, help="What the text should have.")
@click.option("--kind", type=click.Choice(_KINDS), default="term", help="Kind of the entry (default: term).")
@click.option("--near", multiple=True, metavar="TEXT", help="Only in a paragraph that mentions this; repeatable.")
@click.option("--document", multiple=True, metavar="TEXT", help="Only in a document that mentions this; repeatable.")
@click.option("--text-field", metavar="NAME", help="Field or column that holds the text (default: text).")
def try_(variant: str, paths: tuple[str, ...], term: str, **options: Any) -> int:
    """Show every place of the texts at PATH where VARIANT would become the term, in context; change nothing.

    Edits that a guard refuses are shown with the reason.
    """
    from cleaners import glossary_trial
    from cleaners.config import Settings
    from cleaners.engine import Cleaner

    settings = Settings(text_field=options["text_field"]) if options["text_field"] else Settings()
    count = 0
    for hit in glossary_trial.try_entry(Cleaner(settings), _entry(variant, term, options), paths):
        click.echo(str(hit))
        count += 1
    click.echo(f"{count} {'place' if count == 1 else 'places'}", err=True)
    return 0


@glossary.command(short_help="Write an entry into a glossary file.")
@click.argument("variant")
@click.option("--term", required=True, help="What the text should have.")
@click.option("--to", required=True, type=click.Path(path_type=Path), metavar="FILE", help="The glossary file.")
@click.option("--kind", type=click.Choice(_KINDS), default="term", help="Kind of the entry (default: term).")
@click.option("--near", multiple=True, metavar="TEXT", help="Only in a paragraph that mentions this; repeatable.")
@click.option("--document", multiple=True, metavar="TEXT", help="Only in a document that mentions this; repeatable.")
@click.option("--level", type=click.Choice(["safe", "suggest", "report"]), help="How far an edit may go by itself.")
@click.option("--note", help="Why; shown with every finding.")
def add(variant: str, term: str, to: Path, **options: Any) -> int:
    """Add VARIANT to the term's entry in FILE, or a new entry; comments, order and quoting stay.

    The file is made where it does not exist. What would break it is refused, and nothing is written.
    """
    from cleaners import glossary_edit

    entry: dict[str, Any] = {"term": term, "kind": options["kind"], "variants": [variant]}
    when = {key: list(options[key]) for key in ("document", "near") if options[key]}
    entry |= {"when": when} if when else {}
    entry |= {key: options[key] for key in ("level", "note") if options[key]}
    new = glossary_edit.add(to, [entry])
    click.echo(f"{to}: {'a new entry' if new else 'added to the entry'} for {term!r}", err=True)
    return 0


def _entry(variant: str, term: str, options: dict[str, Any]) -> Any:
    from cleaners.company import Condition
    from cleaners.glossary_file import Entry

    if variant == term:
        raise MtcleanError("try", f"{variant!r} is the term itself", "give the wrong wording first")
    company = Condition(document=options["document"], near=options["near"])
    when = company if options["document"] or options["near"] else None
    return Entry(term, options["kind"], "the command line:1", (variant,), when=when)
