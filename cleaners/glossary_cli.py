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


def _company(command: Any) -> Any:
    """The options that say where a variant is meant, and how it is written."""
    options = (
        click.option(
            "--as", "shape", type=click.Choice(["text", "regex", "fuzzy"]), default="text",
            help="How VARIANT is meant: as it stands, an expression (RE2), or a word and its misspellings.",
        ),
        click.option("--near", multiple=True, metavar="TEXT", help="Only in a paragraph with this; repeatable."),
        click.option(
            "--document", multiple=True, metavar="TEXT", help="Only in a document with this; repeatable."
        ),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


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

    problems = glossary_lint.lint(glossary_lint.shipped_and(paths), _shipped() if paths else ())
    click.echo((glossary_lint.as_json if format_ == "json" else glossary_lint.as_text)(problems), nl=False)
    errors = sum(problem.severity == "error" for problem in problems)
    if format_ == "text":
        warnings = _counted(len(problems) - errors, "warning", "warnings")
        click.echo(f"{_counted(errors, 'error', 'errors')}, {warnings}", err=True)
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
@_company
@click.option("--text-field", metavar="NAME", help="Field or column that holds the text (default: text).")
def try_(variant: str, paths: tuple[str, ...], term: str, **options: Any) -> int:
    """Show every place of the texts at PATH where VARIANT would become the term, in context; change nothing.

    Edits that a guard refuses are shown with the reason.
    """
    from cleaners import glossary_trial
    from cleaners.config import Settings
    from cleaners.engine import Cleaner

    entry = glossary_trial.entry_from(_mapping("try", variant, term, options))
    settings = Settings(text_field=options["text_field"]) if options["text_field"] else Settings()
    count = 0
    for hit in glossary_trial.try_entry(Cleaner(settings), entry, paths):
        click.echo(str(hit))
        count += 1
    click.echo(f"{count} {'place' if count == 1 else 'places'}", err=True)
    return 0


@glossary.command(short_help="Write an entry into a glossary file.")
@click.argument("variant")
@click.option("--term", required=True, help="What the text should have.")
@click.option("--to", required=True, type=click.Path(path_type=Path), metavar="FILE", help="The glossary file.")
@click.option("--kind", type=click.Choice(_KINDS), default="term", help="Kind of the entry (default: term).")
@_company
@click.option("--level", type=click.Choice(["safe", "suggest", "report"]), help="How far an edit may go by itself.")
@click.option("--note", help="Why; shown with every finding.")
def add(variant: str, term: str, to: Path, **options: Any) -> int:
    """Add VARIANT to the term's entry in FILE, or a new entry; comments, order and quoting stay.

    The file is made where it does not exist. What would break it is refused, and nothing is written.
    """
    added = _add(to, [_mapping("add", variant, term, options)])
    what = "a new entry" if added.entries else "added to the entry" if added.variants else "nothing new"
    click.echo(f"{to}: {what} for {term!r}", err=True)
    return 0


def _add(to: Path, entries: list[dict[str, Any]]) -> Any:
    """Write entries; what the lint says of them goes to standard error."""
    from cleaners import glossary_edit

    added = glossary_edit.add(to, entries, _shipped())
    for problem in added.warnings:
        click.echo(str(problem), err=True)
    return added


def _shipped() -> Any:
    from cleaners.glossary import shipped_glossary

    return shipped_glossary().entries


def _mapping(command: str, variant: str, term: str, options: dict[str, Any]) -> dict[str, Any]:
    """An entry as the options say it."""
    if variant == term:
        raise MtcleanError(command, f"{variant!r} is the term itself", "give the wrong wording first")
    shaped = variant if options["shape"] == "text" else {options["shape"]: variant}
    when = {key: list(options[key]) for key in ("document", "near") if options[key]}
    rest = {"when": when, **{key: options.get(key) for key in ("level", "note")}}
    entry: dict[str, Any] = {"term": term, "kind": options["kind"], "variants": [shaped]}
    return entry | {key: value for key, value in rest.items() if value}


@glossary.command(short_help="Mine texts for unknown names and for terms in several wordings.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--min", "least", type=click.IntRange(1), default=1, help="Only what stands this often (default: 1).")
@click.option("--limit", type=click.IntRange(1), default=50, help="No more than this many of each (default: 50).")
@click.option("--glossary", "glossaries", multiple=True, metavar="PATH", help="A further glossary file; repeatable.")
@click.option("--text-field", metavar="NAME", help="Field or column that holds the text (default: text).")
@click.option("--accept", multiple=True, metavar="WRONG=RIGHT", help="Write this as an entry; repeatable.")
@click.option("--to", type=click.Path(path_type=Path), metavar="FILE", help="The glossary file for --accept.")
@_text_or_json
def suggest(paths: tuple[str, ...], **options: Any) -> int:
    """Name the capitalised words at PATH that nobody knows, and terms in several wordings, with what may be meant.

    Known is what a glossary, the index of places or the English dictionary has. Nothing is written without --accept;
    an accepted place asks for the countries that its texts speak of.
    """
    from cleaners import glossary_suggest

    pairs = _accepted(options["accept"], options["to"])
    miner = _mined(paths, options, [wrong for wrong, _ in pairs])
    if pairs:
        for wrong, _ in pairs:
            if wrong not in miner.seen:
                raise MtcleanError("--accept", f"{wrong!r} does not stand in the texts", "write it as it stands there")
        added = _add(options["to"], [miner.entry(wrong, right) for wrong, right in pairs])
        _tell_added(options["to"], added)
        return 0
    names = miner.names(options["least"], options["limit"])
    terms = miner.terms(options["least"], options["limit"])
    show = glossary_suggest.as_json if options["format_"] == "json" else glossary_suggest.as_text
    click.echo(show(names, terms), nl=False)
    if options["format_"] == "text":
        click.echo(
            f"{_counted(len(names), 'unknown name', 'unknown names')}, "
            f"{_counted(len(terms), 'term', 'terms')} in several wordings",
            err=True,
        )
    return 0


def _accepted(accept: tuple[str, ...], to: Path | None) -> list[tuple[str, str]]:
    if bool(accept) != (to is not None):
        raise MtcleanError("suggest", "--accept and --to go together", "give both, or neither")
    pairs = []
    for item in accept:
        wrong, sign, right = (part.strip() for part in item.partition("="))
        if not (sign and wrong and right) or wrong == right:
            raise MtcleanError("--accept", f"{item!r} is not WRONG=RIGHT", "write it as 'Vernis=Vilnius'")
        pairs.append((wrong, right))
    return pairs


def _mined(paths: tuple[str, ...], options: dict[str, Any], wanted: list[str]) -> Any:
    from cleaners import files, formats
    from cleaners.config import Settings
    from cleaners.glossary import load
    from cleaners.glossary_suggest import Miner
    from cleaners.jobs import document_of

    settings = Settings(text_field=options["text_field"]) if options["text_field"] else Settings()
    miner = Miner(load([Path(path) for path in options["glossaries"]]).entries, wanted)
    fields = formats.Fields(settings.text_field, settings.source_field)
    for source in files.discover(list(paths)):
        for record in formats.read_records(source, fields):
            miner.read(document_of(source, record, settings))
    return miner


@glossary.command("import", short_help="Take entries from a CSV or TBX file into a glossary file.")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE.csv|FILE.tbx")
@click.option("--to", required=True, type=click.Path(path_type=Path), metavar="FILE", help="The glossary file.")
def import_(path: Path, to: Path) -> int:
    """Write the entries of a table or a TBX file into the glossary FILE; what is there already is not doubled.

    A table has a header of term, kind, variants, document, near, level, source, ja, zh, note, more; only term is
    needed, and ` | ` stands between several values. Nothing is written unless everything can be.
    """
    from cleaners import glossary_exchange

    entries, left_out = glossary_exchange.read(path)
    added = _add(to, entries)
    for line in left_out:
        click.echo(f"{path}: {line}", err=True)
    _tell_added(to, added)
    return 0


@glossary.command(short_help="Write entries as a CSV or TBX file.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FILE.csv|FILE.tbx", help="Where."
)
def export(paths: tuple[str, ...], output: Path) -> int:
    """Write the entries of the glossaries at PATH (default: the shipped ones) for a spreadsheet or translation tools.

    What has no place in the format goes as JSON into the column `more`, in TBX into a second note, and comes back
    with `mtclean glossary import`.
    """
    from cleaners import files, glossary_exchange
    from cleaners.glossary_file import read_entries

    format_ = output.suffix.lower().removeprefix(".")
    if format_ not in ("csv", "tbx"):
        raise MtcleanError(str(output), "is neither .csv nor .tbx", "name it so")
    entries = [entry for path in paths for entry in read_entries(Path(path))] if paths else list(_shipped())
    written = (glossary_exchange.as_csv if format_ == "csv" else glossary_exchange.as_tbx)(entries)
    with files.atomic_output(str(output)) as stream:
        stream.write(written.encode("utf-8"))
    click.echo(f"{output}: {_counted(len(entries), 'entry', 'entries')}", err=True)
    return 0


def _tell_added(to: Path, added: Any) -> None:
    new = _counted(added.entries, "new entry", "new entries")
    joined = _counted(added.variants, "variant", "variants")
    click.echo(f"{to}: {new}, {joined} to entries that were there", err=True)


def _counted(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
