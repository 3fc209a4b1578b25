"""The pages and the answers of the review: what the browser asks for, and what it is told.

The clean text is written before an answer goes out. Pieces of a page that changed are sent as the same markup that the
page itself was made of, in which every character of a document is escaped.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from cleaners import choices, jobs
from cleaners.choices import Choice
from cleaners.core import Rule, Verdict
from cleaners.errors import MtcleanError
from cleaners.files import open_source
from cleaners.glossary_file import KINDS
from cleaners.report import marks
from cleaners.report.html import pages
from cleaners.report.html.pages import Assets, Page
from cleaners.report.html.writer import parts
from cleaners.review.folder import Folder, Opened, StaleError
from cleaners.review.keeping import Keeping, Preview
from cleaners.trail import Lines

_ASSETS = {"report.css": "text/css", "report.js": "text/javascript", "review.js": "text/javascript"}
_KINDS = {"doubled-surname": "person", "garbled-person": "person"}
_LONGEST_EDIT = 10_000  # code points
Answer = Callable[[dict[str, Any]], dict[str, Any]]


class Review:
    """Answers requests, one at a time: what one changes on disk the next one reads."""

    def __init__(self, keeping: Keeping, rules: dict[str, Rule]) -> None:
        """``rules`` by their codes."""
        self._keeping = keeping
        self._folder: Folder = keeping.folder
        self._rules = rules
        self._lock = threading.Lock()

    def app(self) -> Starlette:
        """The application, without the gate before it."""
        answers: dict[str, Answer] = {
            "finding": self._finding,
            "decide": self._decide,
            "ignore/preview": self._ignore_preview,
            "ignore": self._set_aside,
            "glossary/preview": self._glossary_preview,
            "glossary": self._add_entry,
        }
        routes = [Route(f"/api/{name}", self._answering(answer), methods=["POST"]) for name, answer in answers.items()]
        routes += [
            Route("/", self._showing(self._index)),
            Route("/document/{id}", self._showing(self._document)),
            Route("/text/{id}", self._showing(self._text)),
            Route("/assets/{name}", self._asset),
        ]
        return Starlette(routes=routes)

    def _index(self, request: Request) -> Response:
        with self._lock:
            self._folder.refresh()
            rows, all_tallies = [], pages.Tallies()
            for entry in self._folder.entries():
                found = self._folder.glance(entry)
                all_tallies.update(found.tallies)
                href = f"/document/{entry.id}" if found.tallies else ""
                rows.append(pages.index_row(entry.relative, href, found.tallies, found.note))
            kept = self._folder.choices.count()
        values = pages.index_values(rows, all_tallies, self._rules, Assets("/assets/"))
        decided = f"{kept} {'finding' if kept == 1 else 'findings'} decided by hand"
        values |= {"kind": "index review", "policy": "", "title": f"Review of {self._name()}"}
        values["summary"] += f"; {decided}"
        return _html(pages.environment().get_template("index.html").render(values))

    def _name(self) -> str:
        """What the folder is called, in letters that a page can hold."""
        return os.fsencode(self._folder.root.resolve().name).decode("utf-8", "replace")

    def _document(self, request: Request) -> Response:
        with self._lock:
            opened = self._folder.open(self._folder.find(request.path_params["id"]))
            entries = [entry.id for entry in self._folder.entries()]
        shown = list(parts(text for text in opened.texts if text.decisions)) or [[]]
        number = request.query_params.get("part", "1")
        part = int(number) if number.isdecimal() and len(number) < 7 and 1 <= int(number) <= len(shown) else 1
        at = entries.index(opened.entry.id) if opened.entry.id in entries else len(entries)
        page = Page(
            name=opened.entry.relative,
            texts=shown[part - 1],
            assets=Assets("/assets/"),
            index="/",
            before=f"/document/{entries[at - 1]}" if at else None,
            after=f"/document/{entries[at + 1]}" if at + 1 < len(entries) else None,
            first_finding=sum(len(text.decisions) for texts in shown[: part - 1] for text in texts),
            first_text=sum(map(len, shown[: part - 1])),
        )
        values = pages.document_values(page, self._rules) | {
            "kind": "document review",
            "policy": "",  # the gate sends one with every answer
            "id": opened.entry.id,
            "sha256": opened.header.clean_sha256,
            "kinds": KINDS,
            "part": part,
            "part_count": len(shown),
            "ignore_file": str(self._keeping.ignore_file),
            "glossary_file": str(self._keeping.glossary_file),
        }
        return _html(pages.environment().get_template("review.html").render(values))

    def _text(self, request: Request) -> Response:
        with self._lock:
            opened = self._folder.open(self._folder.find(request.path_params["id"]))
            with open_source(opened.source) as stream:
                return Response(stream.read(), media_type="text/plain; charset=utf-8")

    def _asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _ASSETS:
            return PlainTextResponse("there is no such file\n", 404)
        return Response(pages.asset(name), media_type=_ASSETS[name])

    def _showing(self, page: Callable[[Request], Response]) -> Callable[[Request], Response]:
        """An endpoint that tells in one line what cannot be shown."""

        def endpoint(request: Request) -> Response:
            try:
                return page(request)
            except StaleError as error:
                return _plain(str(error), 404)
            except Exception as error:  # whatever it was, the other pages are still there
                return _plain(jobs.told(request.url.path, error), 409 if isinstance(error, MtcleanError) else 500)

        return endpoint

    def _answering(self, answer: Answer) -> Callable[[Request], Any]:
        """An endpoint that reads JSON, and tells in one line what cannot be done."""

        async def endpoint(request: Request) -> Response:
            if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
                return JSONResponse({"error": "the request must be JSON"}, 415)
            try:
                given = await request.json()
            except (ValueError, RecursionError):
                return JSONResponse({"error": "the request is not valid JSON"}, 400)
            if not isinstance(given, dict):
                return JSONResponse({"error": "the request must be an object"}, 400)
            return await run_in_threadpool(self._answered, answer, given)

        return endpoint

    def _answered(self, answer: Answer, given: dict[str, Any]) -> Response:
        try:
            with self._lock:
                return _json(answer(given))
        except (MtcleanError, StaleError) as error:
            return _json({"error": str(error)}, 409)
        except Exception as error:  # whatever it was, the person at the page is to read one line
            return _json({"error": jobs.told("the request", error)}, 500)

    def _opened(self, given: dict[str, Any]) -> tuple[Opened, int]:
        """The document and the finding that a request names, as long as the page shows what lies there."""
        id_, number = given.get("id"), given.get("n")
        if not isinstance(id_, str) or type(number) is not int or number < 0:
            raise StaleError("the request names no finding")
        opened = self._folder.open(self._folder.find(id_))
        if given.get("sha256") != opened.header.clean_sha256:
            raise StaleError("the file has changed meanwhile; load the page anew")
        return opened, number

    def _decide(self, given: dict[str, Any]) -> dict[str, Any]:
        opened, number = self._opened(given)
        choice, text = given.get("choice"), given.get("text")
        if choice not in tuple(Choice) or not isinstance(text, str | None):
            raise StaleError("the request names no decision")
        if text is not None and (len(text) > _LONGEST_EDIT or not choices.can_be_written(text)):
            raise StaleError(f"an edit may be {_LONGEST_EDIT} characters of Unicode at most")
        index, _ = opened.decision(number)
        made = self._folder.decide(opened, number, Choice(choice), text)
        return {"sha256": made.header.clean_sha256, **_changed(opened, made, index)}

    def _finding(self, given: dict[str, Any]) -> dict[str, Any]:
        """A finding letter by letter, for a field to edit it in; the kind is that of a name garbled so."""
        opened, number = self._opened(given)
        _, decision = opened.decision(number)
        own = decision.was or decision
        standing = decision.fix if decision.verdict is Verdict.APPLIED else own.fix
        text = own.raw if standing is None else standing
        kind = _KINDS.get(own.finding.name, "place" if own.finding.code.startswith("NAM") else "term")
        return {"raw": own.raw, "fix": own.fix, "text": text, "verdict": decision.verdict.value, "kind": kind}

    def _ignore_preview(self, given: dict[str, Any]) -> dict[str, Any]:
        return _shown(self._keeping.ignore_preview(*self._opened(given)))

    def _set_aside(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"written": self._keeping.set_aside(*self._opened(given))}

    def _glossary_preview(self, given: dict[str, Any]) -> dict[str, Any]:
        return _shown(self._keeping.glossary_preview(given))

    def _add_entry(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"written": self._keeping.add(given)}


def _changed(before: Opened, after: Opened, index: int) -> dict[str, Any]:
    """The rows of text and of the table that a decision changed, as markup by number, and the totals."""
    first = sum(len(text.decisions) for text in before.texts[:index])
    old, new = before.texts[index], after.texts[index]
    prefix = pages.prefix(index)
    was, now = (list(marks.rows(text.raw, text.decisions)) for text in (old, new))
    if len(was) != len(now):  # a page of fixed rows cannot follow
        raise StaleError("done, and the clean text is written; load the page anew to see it")
    changed = {
        number for number, pair in enumerate(zip(old.decisions, new.decisions, strict=True)) if pair[0] != pair[1]
    }
    lines = {
        number: str(pages.row(line, new.decisions, first, prefix))
        for number, line in enumerate(now)
        if line != was[number] or not changed.isdisjoint(line.findings)
    }
    places = Lines(new.raw)
    rows = {first + n: str(pages.finding_row(new.decisions[n], first + n, places)) for n in sorted(changed)}
    summary = pages.summary(pages.tallies_of(after.texts))
    return {"text": index, "lines": lines, "rows": rows, "summary": summary}


def _json(content: dict[str, Any], status: int = 200) -> Response:
    # As escapes: a name of a file, or a text of a record, may hold what UTF-8 cannot.
    return Response(json.dumps(content), status, media_type="application/json")


def _html(page: str) -> Response:
    return Response(page.encode("utf-8", "replace"), media_type="text/html; charset=utf-8")


def _plain(line: str, status: int) -> Response:
    return Response(f"{line}\n".encode("utf-8", "replace"), status, media_type="text/plain; charset=utf-8")


def _shown(preview: Preview) -> dict[str, Any]:
    return {
        "count": preview.count,
        "documents": preview.documents,
        "places": [asdict(place) for place in preview.places],
    }
