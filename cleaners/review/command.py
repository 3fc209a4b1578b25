"""The command `review`: starts the server, prints its address, and ends with Ctrl-C."""

from __future__ import annotations

import contextlib
import secrets
import socket
import webbrowser
from pathlib import Path

import click
import uvicorn

from cleaners import config as configuration
from cleaners import ignore, jobs, reporting
from cleaners.errors import MtcleanError
from cleaners.formats import Fields
from cleaners.report import terminal
from cleaners.review.app import Review
from cleaners.review.folder import Folder
from cleaners.review.gate import Gate
from cleaners.review.keeping import GLOSSARY_NAME, Keeping

HOST = "127.0.0.1"


def run(folder: str, *, config: str | None, ignore_file: str | None, glossary: str | None, text_field: str | None,
        port: int, browser: bool) -> int:  # fmt: skip
    """Serve the review of ``folder`` on this machine until stopped; gives the exit status."""
    keeping = prepared(folder, config=config, ignore_file=ignore_file, glossary=glossary, text_field=text_field)
    documents = len(keeping.folder.entries())
    if not documents:
        todo = "name the folder that mtclean clean wrote into"
        raise MtcleanError(folder, "there are no clean files with trails in it", todo)
    bound = _bound(port)
    port = bound.getsockname()[1]
    token = secrets.token_urlsafe(32)
    app = Gate(Review(keeping, reporting.rules_of(keeping.settings)).app(), host=HOST, port=port, token=token)
    address = f"http://{HOST}:{port}/?token={token}"
    counted = "1 document" if documents == 1 else f"{documents} documents"
    click.echo(f"{terminal.visible(folder)}: {counted} to review. Open this address, once; Ctrl-C ends it:", err=True)
    click.echo(address)
    if browser:
        webbrowser.open(address)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", ws="none",
                                           server_header=False, timeout_graceful_shutdown=2))  # fmt: skip
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again once it has shut down
        server.run(sockets=[bound])
    count = keeping.folder.choices.count()
    click.echo(f"\n{'1 finding' if count == 1 else f'{count} findings'} decided by hand", err=True)
    return 0


def prepared(folder: str, *, config: str | None, ignore_file: str | None, glossary: str | None,
             text_field: str | None) -> Keeping:  # fmt: skip
    """What is reviewed, and the two files that it may write besides; raises :class:`MtcleanError` for bad settings.

    Hits are set aside where runs with these settings look for them: whoever names the settings names that file, too.
    """
    settings = configuration.load(Path(config)) if config else configuration.Settings()
    settings = settings.merged(text_field=text_field)
    opened = Folder(folder, Fields(settings.text_field, settings.source_field, skip_bad=True))
    beside = jobs.ignore_path(Path(config)) if config else opened.root / ignore.FILE_NAME
    aside = Path(ignore_file) if ignore_file else beside
    terms = Path(glossary) if glossary else opened.root / GLOSSARY_NAME
    return Keeping(opened, settings, aside, terms)


def _bound(port: int) -> socket.socket:
    """A socket on this machine alone; raises :class:`MtcleanError` where another program has the port."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
        bound.listen()  # from now on a browser waits for the server, where it would be refused
    except OSError as error:
        bound.close()
        raise MtcleanError("--port", f"{port} cannot be had on {HOST}", "leave --port out for a free one") from error
    return bound
