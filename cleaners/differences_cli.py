"""The commands that show what cleaning changed, let people decide on it, take it back and do it again."""

from __future__ import annotations

from typing import Any

import click

from cleaners import ending
from cleaners.report import terminal


@click.command(short_help="Show word by word what cleaning changed.")
@click.argument("raw", type=click.Path())
@click.argument("clean_path", metavar="CLEAN", type=click.Path())
@click.option("--stat", is_flag=True, help="Print only how many edits each rule made.")
@click.option("--html", metavar="FILE", help="Write a page for the browser; of folders FILE is the index of many.")
@click.option("--text-field", default="text", metavar="NAME", help="Field that holds the text (default: text).")
@ending.traceback_option
def diff(raw: str, clean_path: str, stat: bool, html: str | None, text_field: str) -> int:
    """Show word by word what changed between RAW and CLEAN, two files or two folders.

    [-deleted-] and {+inserted+} words are marked so; on a terminal they are coloured instead. Before them stand the
    line and the rules that changed it, from the trail beside CLEAN; without one, words are compared, and no rule is
    known.
    """
    from cleaners import comparing, config

    settings = config.Settings(text_field=text_field)
    colour = terminal.coloured()
    return comparing.print_difference(raw, clean_path, stat=stat, colour=colour, html=html, settings=settings)


@click.command(short_help="Accept, reject and edit findings in the browser.")
@click.argument("folder", metavar="DIR", type=click.Path())
@click.option(
    "--config",
    type=click.Path(),
    help="Settings file whose glossary and text field are used.",
)
@click.option(
    "--ignore-file", type=click.Path(), help="Where hits are set aside (default: in DIR, or beside --config)."
)
@click.option("--glossary", type=click.Path(), metavar="FILE", help="Where names are added (default: in DIR).")
@click.option("--text-field", metavar="NAME", help="Field or column that holds the text (default: text).")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1 (default: a free one).")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@ending.traceback_option
def review(folder: str, no_browser: bool, **options: Any) -> int:
    """Open a page on this machine on which the findings in DIR, a folder of clean files and trails, are decided.

    Suggestions are accepted, rejected or edited there, and applied edits taken back; the clean text and its trail
    follow at once. Decisions are kept in DIR/decisions.jsonl, and cleaning the same texts into DIR again keeps them.
    Nobody else can open the page: it needs the address that is printed, once. Ctrl-C ends it.

    It needs the extra: pip install 'mtclean[review]'. Exit status: 0 stopped, 2 an error.
    """
    with ending.needing("review", "review"):
        from cleaners.review import command
    return command.run(folder, browser=not no_browser, **options)


@click.command(short_help="Take edits of a clean file back.")
@click.argument("clean_path", metavar="CLEAN", type=click.Path())
@click.option("--code", metavar="CODE", help="Undo only the edits of this rule, as in STR101.")
@click.option(
    "--edit",
    type=click.IntRange(1),
    multiple=True,
    metavar="N",
    help="Undo only the edit of this number, as --list shows it; repeatable.",
)
@click.option("--record", metavar="ID", help="Undo only the edits in this record of a file of records.")
@click.option("--list", "list_", is_flag=True, help="Print the edits with their numbers; change nothing.")
@click.option("--text-field", default="text", metavar="NAME", help="Field that holds the text (default: text).")
@ending.traceback_option
def undo(
    clean_path: str, code: str | None, edit: tuple[int, ...], record: str | None, list_: bool, text_field: str
) -> int:
    """Take back the edits of the file CLEAN, by the trail beside it: all of them, or those that are named."""
    from cleaners import comparing

    return comparing.undo(clean_path, code=code, edit=edit, record=record, only_list=list_, text_field=text_field)


@click.command(short_help="Make the clean text again from a raw text and its trail.")
@click.argument("trail_path", metavar="TRAIL", type=click.Path())
@click.argument("raw", type=click.Path())
@click.option("-o", "--output", metavar="FILE", help="Write the clean text here (default: print it).")
@click.option("--text-field", default="text", metavar="NAME", help="Field that holds the text (default: text).")
@ending.traceback_option
def apply(trail_path: str, raw: str, output: str | None, text_field: str) -> int:
    """Replay the edits in TRAIL over RAW, the file they were made in: gives the clean file byte for byte."""
    from cleaners import comparing

    return comparing.replay(trail_path, raw, output, text_field=text_field)


COMMANDS = (diff, review, undo, apply)
