"""The command line: reads arguments, calls the library, prints; every error is one line.

Nothing heavy is imported before a command needs it: checking a small file takes well under half a second.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaners import __version__
from cleaners.errors import MtcleanError

if TYPE_CHECKING:
    from cleaners.config import Settings

Command = Callable[..., Any]
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Date(click.ParamType[Any]):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from datetime import date

        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as YYYY-MM-DD", param, ctx)


_OPTIONS: tuple[Command, ...] = (
    click.option("--config", type=click.Path(), help="Settings file (default: the nearest mtclean.toml)."),
    click.option("--select", multiple=True, metavar="CODES", help="Run only these rules: SPC, STR101, a name."),
    click.option("--ignore", multiple=True, metavar="CODES", help="Leave these rules out."),
    click.option("--glossary", multiple=True, metavar="PATH", help="A further glossary file; repeatable."),
    click.option("--no-glossary", is_flag=True, help="Leave the shipped glossary out."),
    click.option("--no-names", is_flag=True, help="Leave name repair out."),
    click.option("--source-lang", type=click.Choice(["ja", "zh", "auto"]), help="Language the text came from."),
    click.option("--date", type=_Date(), help="Date of the documents."),
    click.option("--text-field", metavar="NAME", help="Field of records that holds the text (default: text)."),
    click.option("--source-field", metavar="NAME", help="Field of records that holds the source text."),
    click.option("--skip-bad", is_flag=True, help="Pass records over that cannot be read."),
    click.option("--ignore-file", type=click.Path(), help="Hits set aside (default: mtclean-ignore.yaml)."),
    click.option("--jobs", type=click.IntRange(1), metavar="N", help="Work in N processes."),
    click.option("-q", "--quiet", is_flag=True, help="Print errors only."),
    click.option("-v", "--verbose", count=True, help="Say more; -vv shows the traceback of an error."),
)


def _common(command: Command) -> Command:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.group(context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="mtclean", message="%(prog)s %(version)s")
def cli() -> None:
    """Find and repair the debris that machine translation leaves in English text.

    It repairs what it can prove, says what it cannot, and leaves every other character as it was.
    """


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "jsonl", "sarif", "github"]),
    default="text",
    help="How findings are printed.",
)
@click.option("--write-ignore", is_flag=True, help="Set every finding aside in the ignore file.")
@_common
def check(paths: tuple[str, ...], format_: str, write_ignore: bool, **options: Any) -> int:
    """Print what is wrong in files, folders, globs or URLs; change nothing. `-` reads standard input.

    Exit status: 0 nothing found, 1 findings, 2 an error.
    """
    from cleaners import checking, files

    settings, ignore_file = _settings(options, inputs=paths)
    sources = files.discover(settings.inputs)
    return checking.run(
        settings,
        sources,
        format_,
        ignore_file=ignore_file,
        write_ignore=_ignore_path(options) if write_ignore else None,
        skip_bad=options["skip_bad"],
        quiet=options["quiet"],
    )


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-o", "--output", metavar="DIR", help="Folder or URL for the clean files and their trails.")
@click.option("--in-place", is_flag=True, help="Replace the files themselves; the trail lies beside each.")
@click.option("--diff", "as_diff", is_flag=True, help="Print a unified diff that patch applies; write nothing.")
@click.option("--suggest", is_flag=True, help="Apply suggestions too, not only what is proved.")
@click.option("--no-rewrite", is_flag=True, help="Leave the rewrite step out.")
@_common
def clean(
    paths: tuple[str, ...],
    output: str | None,
    in_place: bool,
    as_diff: bool,
    no_rewrite: bool,
    **options: Any,
) -> int:
    """Clean files, folders, globs or URLs. `-` reads standard input and writes standard output.

    Every clean file has a trail beside it (NAME.trail.jsonl): each edit with its reason, to read, undo
    and replay. Exit status: 0 done, 2 an error.
    """
    from cleaners import cleaning

    to_stdout = paths[-1] == "-" and not output and not in_place and not as_diff
    if to_stdout and len(paths) > 1:
        paths = paths[:-1]
    rewrite = False if no_rewrite else None
    settings, ignore_file = _settings(
        options, inputs=paths, output=output, suggest=options["suggest"] or None, rewrite=rewrite
    )
    ways = [bool(settings.output) and not (in_place or as_diff or to_stdout), in_place, as_diff, to_stdout]
    if sum(ways) != 1:
        todo = "give one of -o DIR, --in-place, --diff or -"
        raise MtcleanError("clean", "where the clean text goes is not clear", todo)
    run = cleaning.Run(settings, ignore_file, options["skip_bad"], options["quiet"])
    if as_diff:
        return run.print_diff()
    if to_stdout:
        return run.to_standard_output()
    return run.in_place() if in_place else run.into_folder()


@cli.command()
@click.argument("raw", type=click.Path())
@click.argument("clean_path", metavar="CLEAN", type=click.Path())
@click.option("--stat", is_flag=True, help="Print the number of edits per rule instead.")
def diff(raw: str, clean_path: str, stat: bool) -> int:
    """Show word by word what changed between RAW and CLEAN, two files or two folders."""
    from cleaners import comparing

    return comparing.print_difference(raw, clean_path, stat=stat, colour=sys.stdout.isatty())


@cli.command()
@click.argument("clean_path", metavar="CLEAN", type=click.Path())
@click.option("--code", metavar="CODE", help="Undo only this rule's edits.")
@click.option("--edit", type=click.IntRange(1), metavar="N", help="Undo only the Nth edit; see --list.")
@click.option("--list", "list_", is_flag=True, help="Print the edits with their numbers; change nothing.")
def undo(clean_path: str, code: str | None, edit: int | None, list_: bool) -> int:
    """Take edits of a clean file back, by its trail; without an option, all of them."""
    from cleaners import comparing

    return comparing.undo(clean_path, code=code, edit=edit, only_list=list_)


@cli.command()
@click.argument("trail_path", metavar="TRAIL", type=click.Path())
@click.argument("raw", type=click.Path())
@click.option("-o", "--output", metavar="FILE", help="Write the clean text here (default: print it).")
def apply(trail_path: str, raw: str, output: str | None) -> int:
    """Replay a trail over its raw text, which gives the clean text byte for byte."""
    from cleaners import comparing

    return comparing.replay(trail_path, raw, output)


@cli.command()
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
def rules(format_: str) -> int:
    """List every rule: code, name, level, and what is wrong."""
    from cleaners import explaining

    return explaining.print_rules(format_)


@cli.command()
@click.argument("code")
def explain(code: str) -> int:
    """Say what a rule finds, where the defect comes from, and what it leaves alone. CODE or name."""
    from cleaners import explaining

    return explaining.explain(code)


@cli.command()
@click.argument("config", type=click.Path())
def run(config: str) -> int:
    """Run the Prefect flow that cleans the inputs of a settings file, in shards."""
    try:
        from flows.clean import run_clean
    except ModuleNotFoundError as error:
        todo = "install it with pip install 'mtclean[flows]'"
        raise MtcleanError("run", f"the package {error.name!r} is missing", todo) from error
    return run_clean(config)


def _settings(options: dict[str, Any], **more: Any) -> tuple[Settings, str | None]:
    """Settings from file and command line, and the ignore file that is there."""
    from cleaners import config

    given = Path(options["config"]) if options["config"] else config.find_file(Path.cwd())
    settings = config.load(given) if given else config.Settings()
    overrides = {
        "select": _codes(options["select"]),
        "ignore": _codes(options["ignore"]),
        "glossary": options["glossary"] and settings.glossary + options["glossary"],
        "no_glossary": options["no_glossary"] or None,
        "no_names": options["no_names"] or None,
    }
    plain = ("source_lang", "date", "text_field", "source_field", "jobs")
    overrides.update({key: options[key] for key in plain})
    ignore_file = _ignore_path(options)
    found = ignore_file.is_file()
    if options["ignore_file"] and not found and not options.get("write_ignore"):
        raise MtcleanError(str(ignore_file), "no such file", "check --ignore-file")
    return settings.merged(**overrides, **more), str(ignore_file) if found else None


def _ignore_path(options: dict[str, Any]) -> Path:
    from cleaners.ignore import FILE_NAME

    if options["ignore_file"]:
        return Path(options["ignore_file"])
    return Path(options["config"]).parent / FILE_NAME if options["config"] else Path(FILE_NAME)


def _codes(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code.strip() for value in values for code in value.split(",") if code.strip())


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its status; errors are one line on standard error."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        status = cli.main(args=arguments, prog_name="mtclean", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        status = _complain(_one_line(error))
    except click.exceptions.Abort:
        status = _complain("stopped")
    except BrokenPipeError:
        sys.stderr.close()  # the reader went away; nothing is left to tell anyone
        status = 0
    except (MtcleanError, KeyboardInterrupt, OSError, MemoryError) as error:
        if "-vv" in arguments:
            traceback.print_exc()
        status = _complain("stopped" if isinstance(error, KeyboardInterrupt) else str(error) or repr(error))
    sys.exit(status if isinstance(status, int) else 0)


def _one_line(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    hint = f"; see {context.command_path} --help" if context else ""
    return " ".join(error.format_message().rstrip(".").split()) + hint


def _complain(message: str) -> int:
    click.echo(f"mtclean: {message}", err=True)
    return 2
