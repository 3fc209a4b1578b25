"""A browser for the tests that look at pages, and what no page may ever do in it.

Use it with ``pytest_plugins = ["browsing"]``. Where there is no browser, such tests are skipped; with
``MTCLEAN_BROWSER=required`` they fail instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).resolve().parent.parent / ".venv/axe/node_modules/axe-core/axe.min.js"
# No call home, no sandbox (it needs rights that containers do not have), no graphics card.
_ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
# Set before any script of the page runs; whatever a hostile text smuggles in would set it to true.
_TRAP = "window.pwned = false;"


def do_without(what: str) -> None:
    """Skip the test for want of something, or fail it where a browser is required."""
    if os.environ.get("MTCLEAN_BROWSER") == "required":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a window."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        do_without("playwright is not installed: pip install playwright")
    if not CHROMIUM.is_file():
        do_without(f"there is no browser: {CHROMIUM}")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a page with a profile of its own: ``opened(path or address, allowed=prefix, **options of the profile)``.

    At the end of the test no page may have written to the console, raised an error, opened a dialog, run what a
    document smuggled in, or asked for an address that does not begin with what was ``allowed``; a line on the console
    that holds what was ``expected`` is none of these.
    """
    contexts, wrong = [], []

    def open_(place: Path | str, *, allowed: str = "file:", expected: str = "\0", **options: Any) -> Any:
        context = browser.new_context(**options)
        context.add_init_script(_TRAP)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: expected in message.text or wrong.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        context.on("request", lambda asked: asked.url.startswith(allowed) or wrong.append(f"request: {asked.url}"))
        page.goto(place.as_uri() if isinstance(place, Path) else place)
        return page

    yield open_
    for context in contexts:
        wrong += [f"a document ran a script in {page.url}" for page in context.pages if page.evaluate("window.pwned")]
        context.close()
    assert wrong == []


@pytest.fixture(scope="session")
def violations() -> Callable[[Any], list[str]]:
    """What axe finds wrong with a page, target sizes too: one line for each rule that is broken."""
    place = Path(os.environ.get("MTCLEAN_AXE", AXE))
    if not place.is_file():
        do_without(
            f"axe is not installed: npm install --prefix .venv/axe axe-core, or name it in MTCLEAN_AXE ({place})"
        )
    source = place.read_text(encoding="utf-8")

    def violations_(page: Any) -> list[str]:
        page.evaluate(source)
        result = page.evaluate("axe.run(document, {preload: false, rules: {'target-size': {enabled: true}}})")
        return [f"{v['impact']} {v['id']}: {v['nodes'][0]['html'][:200]}" for v in result["violations"]]

    return violations_


@pytest.fixture(scope="session")
def fits() -> Callable[[Any], bool]:
    """Whether nothing makes a page wider than its window."""
    return lambda page: bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.fixture(scope="session")
def first_paint() -> Callable[[Any], float]:
    """Milliseconds from the start of a page's navigation to its first contentful paint."""
    script = """() => new Promise((resolve) => new PerformanceObserver((list) => {
        const paint = list.getEntriesByName("first-contentful-paint")[0];
        if (paint) resolve(paint.startTime);
    }).observe({type: "paint", buffered: true}))"""
    return lambda page: float(page.evaluate(script))
