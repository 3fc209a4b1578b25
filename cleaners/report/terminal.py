"""What may reach a terminal: no document and no file name writes escape sequences there."""

from __future__ import annotations

import contextlib
import io
import os
import sys

import click


def printable(text: str) -> str:
    """The text on one line, character for character, without control and direction characters."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "�" for c in text)


def visible(text: str) -> str:
    """The text with such characters written out as escapes: for file names and messages."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def coloured() -> bool:
    """Whether to colour what is printed: on a terminal, unless its user said NO_COLOR (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def complain(message: str) -> None:
    """Print one line on standard error, with the program's name before it."""
    click.echo(f"mtclean: {visible(message)}", err=True)


def complain_of(path: str, note: str) -> None:
    """Print a note about a file, which is named unless the note names it."""
    complain(note if path in note else f"{path}: {note}")


def prepare_streams() -> None:
    """Make standard input and output safe to use, whatever they are.

    A closed one is opened the wrong way round: to use it is then an error, and no other file gets its number.
    What the encoding of standard output lacks is written out as an escape.
    """
    for number, name, flags in ((0, "stdin", os.O_WRONLY), (1, "stdout", os.O_RDONLY), (2, "stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            os.open(os.devnull, flags)  # takes the lowest number that is free, which is this one
            setattr(sys, name, os.fdopen(number, "w" if number else "r", closefd=False))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def drop_output() -> None:
    """Let what is still to be written vanish, so that closing the stream does not fail a second time."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
