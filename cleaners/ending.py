"""How a call of the program ends: its exit status, and one line for whatever went wrong."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from cleaners.errors import MtcleanError
from cleaners.report import terminal

traceback_option = click.option(
    "-v", "--verbose", count=True, expose_value=False, help="Twice (-vv): show the traceback of an error."
)


class ReaderGoneError(Exception):
    """Standard output was closed early, as ``| head`` does; holds the command that wrote to it."""


class Group(click.Group):
    """A group of commands, listed in the order of definition: that in which a newcomer meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of definition."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader that went away is kept from click, which would call it a failure."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderGoneError(ctx.invoked_subcommand) from error


def status_of(group: Group, arguments: list[str]) -> int:
    """Run the command that ``arguments`` name; errors are one line on standard error, and status 2."""
    terminal.prepare_streams()
    try:
        status = group.main(args=arguments, prog_name="mtclean", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.ClickException as error:
        return _complain(_usage(error, arguments))
    except (ReaderGoneError, BrokenPipeError) as error:
        terminal.drop_output()
        return 1 if error.args == ("check",) else 0  # `check` had something to print
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _complain("stopped")
    except Exception as error:
        if "-vv" in arguments or arguments.count("-v") + arguments.count("--verbose") > 1:
            traceback.print_exc()
        return _complain(_told(error))
    return status if isinstance(status, int) else 0


def _told(error: Exception) -> str:
    if isinstance(error, MtcleanError):
        return str(error)
    if isinstance(error, MemoryError):
        return "there is not enough memory; use fewer --jobs, or split the largest file"
    if isinstance(error, OSError):
        terminal.drop_output()
        place = error.filename or "standard output"
        return f"{place}: {(error.strerror or str(error)).lower()}; write elsewhere, or free what it needs"
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return f"a mistake in mtclean, {what}; please report it with what -vv prints"


def _usage(error: click.ClickException, arguments: list[str]) -> str:
    """What click has to say, on one line, and where to read more."""
    context = getattr(error, "ctx", None)
    hint = f"; see {context.command_path} --help" if context else ""
    if isinstance(error, click.NoSuchOption) and (file := next(filter(_is_dashed_file, arguments), None)):
        hint = f"; for the file of that name write ./{file}"
    message = " ".join(error.format_message().split())
    return message.removesuffix(".").replace("?)", ")").replace(". (Did", ", did").replace(". Did", ", did") + hint


def _is_dashed_file(argument: str) -> bool:
    try:
        return argument.startswith("-") and Path(argument).exists()
    except (OSError, ValueError):  # no name that a file could have
        return False


def _complain(message: str) -> int:
    terminal.complain(message)
    return 2


@contextmanager
def needing(command: str, extra: str) -> Iterator[None]:
    """Say which extra brings a package that is not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        todo = f"install it with pip install 'mtclean[{extra}]'"
        raise MtcleanError(command, f"the package {error.name!r} is missing", todo) from error
