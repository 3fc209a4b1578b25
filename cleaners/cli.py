"""The command line: reads arguments, calls the library, prints; every error is one line.

Nothing heavy is imported before a command needs it: checking a small file takes well under half a second.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaners import __version__, differences_cli, ending, glossary_cli
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
    click.option("--config", type=click.Path(), help="Settings file (default: mtclean.toml here or above)."),
    click.option(
        "--select",
        multiple=True,
        metavar="CODES",
        help="Run only these rules: STR101, a family (SPC), a name; a,b or repeated.",
    ),
    click.option("--ignore", multiple=True, metavar="CODES", help="Leave these rules out; written as for --select."),
    click.option("--glossary", multiple=True, metavar="PATH", help="A further glossary file; repeatable."),
    click.option("--no-glossary", is_flag=True, help="Leave the shipped glossary out."),
    click.option("--no-names", is_flag=True, help="Leave name repair out."),
    click.option(
        "--source-lang",
        type=click.Choice(["ja", "zh", "auto"]),
        help="Language the text was translated from (default: auto).",
    ),
    click.option("--date", type=_Date(), help="Date of the documents, for days without a month."),
    click.option("--text-field", metavar="NAME", help="Field or column that holds the text (default: text)."),
    click.option("--source-field", metavar="NAME", help="Field or column that holds the original text."),
    click.option("--skip-bad", is_flag=True, help="Pass broken records through unchanged."),
    click.option("--ignore-file", type=click.Path(), help="Findings set aside (mtclean-ignore.yaml)."),
    click.option("--jobs", type=click.IntRange(1), metavar="N", help="Clean files in N processes."),
    click.option("-q", "--quiet", is_flag=True, help="Leave the summary and the progress out."),
    click.option("-v", "--verbose", count=True, help="Name every file; -vv: also show tracebacks."),
)


def _common(command: Command) -> Command:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.group(cls=ending.Group, context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="mtclean", message="%(prog)s %(version)s")
def cli() -> None:
    """Find and repair the debris that machine translation leaves in English text.

    It repairs what it can prove, says what it cannot, and leaves every other character as it was.
    Begin with `mtclean check FILE`, which changes nothing.
    """


@cli.command(short_help="Print what is wrong in a text; change nothing.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "jsonl", "sarif", "github"]),
    default="text",
    help="How findings are printed.",
)
@click.option("--write-ignore", is_flag=True, help="Write every finding into the ignore file, to leave it alone.")
@_common
def check(paths: tuple[str, ...], format_: str, write_ignore: bool, **options: Any) -> int:
    """Print what is wrong in files, folders, globs or URLs; change nothing.

    A PATH of `-` reads standard input. Exit status: 0 nothing found, 1 findings, 2 an error.
    """
    from cleaners import checking, files

    settings, ignore_path = _settings({**options, "write_ignore": write_ignore}, inputs=paths)
    sources = files.discover(settings.inputs)
    return checking.run(
        settings,
        sources,
        format_,
        ignore_file=str(ignore_path) if ignore_path.is_file() else None,
        write_ignore=ignore_path if write_ignore else None,
        skip_bad=options["skip_bad"],
        quiet=options["quiet"],
        verbose=options["verbose"],
    )


@cli.command(short_help="Write the clean text: -o DIR, --in-place, --diff or -.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-o", "--output", metavar="DIR", help="Folder or URL for the clean files and their trails.")
@click.option("--in-place", is_flag=True, help="Replace the files themselves; a trail is put beside each.")
@click.option("--diff", "as_diff", is_flag=True, help="Print a unified diff that patch applies; write nothing.")
@click.option("--report", metavar="DIR", help="Write pages for the browser that show every edit; alone: nothing else.")
@click.option("--suggest", is_flag=True, help="Apply suggestions too, not only what is proved.")
@click.option("--no-rewrite", is_flag=True, help="Leave the rewrite step out.")
@_common
def clean(
    paths: tuple[str, ...],
    output: str | None,
    in_place: bool,
    as_diff: bool,
    report: str | None,
    no_rewrite: bool,
    **options: Any,
) -> int:
    """Clean files, folders, globs or URLs: into a folder, in place, or to standard output.

    Say where the clean text goes: -o DIR, --in-place, --diff, or a last PATH of `-` for standard output. With
    --report alone it goes nowhere, and the report shows what would be done.
    A PATH of `-` alone also reads standard input. With -o and --in-place every clean file has a trail
    beside it (NAME.trail.jsonl): each edit with its reason, to read, undo and replay.
    Exit status: 0 done, 2 an error.
    """
    from cleaners import cleaning

    to_stdout = paths[-1] == "-" and not output and not in_place and not as_diff
    if to_stdout and len(paths) > 1:
        paths = paths[:-1]
    rewrite = False if no_rewrite else None
    settings, ignore_path = _settings(
        options, inputs=paths, output=output, suggest=options["suggest"] or None, rewrite=rewrite, report=report
    )
    to_folder = bool(output) or bool(settings.output and not (in_place or as_diff or to_stdout))
    if to_folder and settings.output == "-":
        raise MtcleanError("-o", "- is no folder", "name a folder; for standard output give a last PATH of -")
    ways = sum([to_folder, in_place, as_diff, to_stdout])
    if ways > 1 or not (ways or report):
        todo = "give one of -o DIR, --in-place, --diff or -"
        raise MtcleanError("clean", "where the clean text goes is not clear", todo)
    if report and (as_diff or to_stdout):
        raise MtcleanError("--report", "it goes with -o DIR or --in-place, or alone", "leave out --diff and -")
    ignore_file = str(ignore_path) if ignore_path.is_file() else None
    run = cleaning.Run(settings, ignore_file, options["skip_bad"], options["quiet"], options["verbose"])
    if as_diff:
        return run.print_diff()
    if to_stdout:
        return run.to_standard_output()
    if in_place:
        return run.in_place()
    return run.into_folder() if to_folder else run.only_report()


for command in differences_cli.COMMANDS:
    cli.add_command(command)


@cli.command()
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="How the list is printed."
)
@ending.traceback_option
def rules(format_: str) -> int:
    """List every rule: code, name, level, and what is wrong.

    The level says how far a rule goes: safe is applied, suggest is applied with --suggest, report never.
    """
    from cleaners import explaining

    return explaining.print_rules(format_)


@cli.command(short_help="Explain one rule, with examples.")
@click.argument("code")
@ending.traceback_option
def explain(code: str) -> int:
    """Say what a rule finds, where the defect comes from, and what it leaves alone.

    CODE is a rule's code or its name, as `mtclean rules` lists them.
    """
    from cleaners import explaining

    return explaining.explain(code)


cli.add_command(glossary_cli.glossary)


@cli.command(short_help="Plant known debris in clean texts, with gold, to measure cleaning.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-o", "--output", required=True, metavar="DIR", help="Folder or URL for damaged texts and gold.jsonl.")
@click.option("--seed", type=int, default=0, metavar="N", help="Another number, other damage (default: 0).")
@click.option(
    "--rate", type=click.FloatRange(0, 1), default=0.05, metavar="R", help="Share of sentences (default: 0.05)."
)
@_common
def inject(paths: tuple[str, ...], output: str, seed: int, rate: float, **options: Any) -> int:
    """Write damaged copies of clean texts below DIR, and what was damaged, and how, into DIR/gold.jsonl.

    The same seed does the same damage to the same text everywhere. Exit status: 0 done, 2 an error.
    """
    from cleaners.inject import Run

    settings, _ = _settings(options, inputs=paths)
    return Run(settings, seed, rate, options["skip_bad"], options["quiet"]).into_folder(output)


@cli.command("eval", short_help="Measure what cleaning finds, restores and harms.")
@click.argument("gold", nargs=-1, metavar="[GOLD]...")
@click.option("--harm", multiple=True, metavar="PATH", help="Clean text that should stay as it is; repeatable.")
@click.option("--answers", metavar="FILE", help="Edits of clean text that a reader has classed right or wrong.")
@click.option("--unread", metavar="FILE", help="Write the edits here that nobody has classed yet.")
@click.option("--reference", multiple=True, metavar="PATH", help="System output with references; repeatable.")
@click.option("--all-lines", is_flag=True, help="Corpus scores over untouched lines too (slow).")
@click.option("--mqm", multiple=True, metavar="PATH", help="System output with MQM error spans; repeatable.")
@click.option("--gate", metavar="FILE", help="Compare with the pinned figures of this baseline file.")
@click.option("--update", is_flag=True, help="Pin the present figures in the baseline file.")
@click.option("--lower", metavar="REASON", help="Let --update lower a figure, and keep the reason.")
@click.option("--format", "format_", type=click.Choice(["text", "json", "markdown"]), default="text")
@_common
def evaluate(gold: tuple[str, ...], **options: Any) -> int:
    """Score the cleaner against GOLD files (gold.jsonl, with its documents beside it) and other material.

    Every page of figures ends with the signature it was made with. Exit status: 0 done, 2 an error or a
    gate that is shut.
    """
    from cleaners.evaluate import command

    settings, _ = _settings(options)
    names = ("harm", "answers", "unread", "mqm", "all_lines", "gate", "update", "lower", "format_")
    request = command.Request(gold=gold, references=options["reference"], **{name: options[name] for name in names})
    return command.run(settings, request)


@cli.command(short_help="Train the rewrite model, or tune a copy on your own edits.")
@click.argument("text", required=False, type=click.Path(), metavar="[TEXT]")
@click.option("-o", "--output", required=True, type=click.Path(), metavar="DIR", help="Folder for the model.")
@click.option("--from-trails", type=click.Path(), metavar="DIR", help="Learn from the edits in the trails below DIR.")
@click.option("--model", type=click.Path(), metavar="DIR", help="The model to tune (default: the shipped one).")
@click.option("--recipe", type=click.Path(), metavar="FILE", help="A recipe.json (default: the shipped model's).")
@click.option("--steps", type=click.IntRange(1), metavar="N", help="Train so many steps, whatever the recipe says.")
@click.option("--seed", type=int, metavar="N", help="Another number, other noise and other first weights.")
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
@ending.traceback_option
def train(text: str | None, output: str, from_trails: str | None, **options: Any) -> int:
    """Train a rewrite model on the documents in the folder TEXT, or tune a copy of one with --from-trails.

    TEXT holds JSON lines with id, text and license, in the public domain or under CC0. A run that was stopped goes on
    where DIR holds its checkpoint. It needs the extra: pip install 'mtclean[rewrite]'.
    """
    from cleaners.rewrite import command

    if (text is None) == (from_trails is None):
        raise MtcleanError("train", "what to learn from is not clear", "give a folder TEXT, or --from-trails DIR")
    if from_trails:
        return command.learn(
            from_trails, output, model=options["model"], seed=options["seed"] or 0, quiet=options["quiet"]
        )
    overrides = {"steps": options["steps"], "seed": options["seed"]}
    return command.train(text or "", output, recipe=options["recipe"], overrides=overrides, quiet=options["quiet"])


@cli.command(short_help="Clean what a settings file names, as a Prefect flow.")
@click.argument("config", type=click.Path())
@click.option("--force", is_flag=True, help="Clean what is current, too.")
@click.option("--prune", is_flag=True, help="Delete clean files whose input is gone.")
@click.option("--dry-run", is_flag=True, help="Tell what would be cleaned and deleted; write nothing.")
@ending.traceback_option
def run(config: str, force: bool, prune: bool, dry_run: bool) -> int:
    """Run the Prefect flow that cleans the inputs of the settings file CONFIG into its output.

    Only what is new or stale is cleaned: a document is current while its trail tells that it was made from the same
    text, with the same settings, glossary, model and version. One that cannot be cleaned goes to quarantine/ in the
    output, with the reason beside it.

    It needs the extra: pip install 'mtclean[flows]'. Exit status: 0 done, 2 an error.
    """
    with ending.needing("run", "flows"):
        from flows.batch import run_here
    return run_here(config, force=force, prune=prune, dry_run=dry_run)


@cli.command(short_help="Run a settings file on its schedule, until stopped.")
@click.argument("config", type=click.Path())
@ending.traceback_option
def serve(config: str) -> int:
    """Wait for the times that the table [schedule] of the settings file CONFIG names, and clean at each of them.

    The schedule shows in the Prefect UI of the server at PREFECT_API_URL, where a run can also be started by hand; runs
    never overlap. A time that passed while nothing was serving is made up for once. Ctrl-C or SIGTERM ends it, and a
    run that goes on with it.

    It needs a server: start one with `prefect server start`, and set PREFECT_API_URL to its address.
    It needs the extra: pip install 'mtclean[flows]'. Exit status: 0 stopped, 2 an error.
    """
    with ending.needing("serve", "flows"):
        from flows.serve import serve_here
    return serve_here(config)


def _settings(options: dict[str, Any], **more: Any) -> tuple[Settings, Path]:
    """Settings from file and command line, and where the ignore file is or would be."""
    from cleaners import config, jobs

    given = Path(options["config"]) if options["config"] else config.find_file(Path.cwd())
    if given and given.parent == Path.cwd():
        given = Path(given.name)  # so that messages and trails name what lies here as the user does
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
    ignore_path = Path(options["ignore_file"]) if options["ignore_file"] else jobs.ignore_path(given)
    if options["ignore_file"] and not ignore_path.is_file() and not options.get("write_ignore"):
        raise MtcleanError(str(ignore_path), "no such file", "check --ignore-file")
    return settings.merged(**overrides, **more), ignore_path


def _codes(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code.strip() for value in values for code in value.split(",") if code.strip())


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its status; errors are one line on standard error."""
    sys.exit(ending.status_of(cli, sys.argv[1:] if arguments is None else arguments))
