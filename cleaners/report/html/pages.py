"""Renders the pages of a report: what a document's page and the index hold, as markup."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cleaners import __version__, choices
from cleaners.cleaned import Text
from cleaners.core import Decision, Rule, Verdict
from cleaners.report import marks
from cleaners.report.html import markup
from cleaners.report.html.markup import FAMILIES, family_of, shown
from cleaners.report.terminal import visible
from cleaners.trail import Lines

Tallies = Counter[tuple[str, str, str]]  # by (code, level, verdict)
_MECHANISM = re.compile(r"\*\*Mechanism\.\*\*\s*(.+?)(?:\n\s*\n|\Z)", re.DOTALL)
_LONGEST_SHOWN = 400  # code points of a raw text or a fix in the table


@dataclass(frozen=True, slots=True)
class Assets:
    """Where style and script come from: files below ``base``, or, without one, the page itself."""

    base: str | None = None

    @property
    def linked(self) -> bool:
        """Whether the page names files."""
        return self.base is not None

    @property
    def style(self) -> Markup:
        """The style sheet."""
        return Markup(asset("report.css"))

    @property
    def script(self) -> Markup:
        """The script."""
        return Markup(asset("report.js"))

    @property
    def policy(self) -> str:
        """What the page may load and run (Content Security Policy 3): itself, and nothing else."""
        if self.linked:
            return "default-src 'none'; style-src 'self' file:; script-src 'self' file:; form-action 'none'"
        style, script = (_hash(asset(name)) for name in ("report.css", "report.js"))
        return f"default-src 'none'; style-src '{style}'; script-src '{script}'; form-action 'none'"


@dataclass(slots=True)
class Page:
    """One document's page: its texts, and where the others are; links are relative, and quoted already.

    Findings and texts are numbered from ``first_finding`` and ``first_text``.
    """

    name: str
    texts: Sequence[Text]
    assets: Assets
    index: str | None = None
    before: str | None = None
    after: str | None = None
    notes: Sequence[str] = ()
    first_finding: int = 0
    first_text: int = 0


@lru_cache(maxsize=8)
def asset(name: str) -> str:
    """A file of the folder ``assets``."""
    return resources.files(__package__).joinpath("assets", name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Where the templates come from; whatever is put into one is escaped, and may not be missing."""
    loader = PackageLoader(__package__ or "", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def document(page: Page, rules: Mapping[str, Rule]) -> str:
    """The page of one document."""
    return environment().get_template("document.html").render(document_values(page, rules))


def document_values(page: Page, rules: Mapping[str, Rule]) -> dict[str, Any]:
    """What the template of a document asks for."""
    tallies = tallies_of(page.texts)
    findings: list[Markup] = []
    texts: list[dict[str, Any]] = []
    for number, text in enumerate(page.texts, start=page.first_text):
        at = page.first_finding + len(findings)
        texts.append({"number": number, "record": _visible(text.record), "rows": rows(text, at, prefix(number))})
        findings += finding_rows(text, at)
    codes = sorted({code for code, _, _ in tallies})
    return {
        "kind": "document",
        "title": _visible(page.name),
        "name": _visible(page.name),
        "version": __version__,
        "policy": page.assets.policy,
        "assets": page.assets,
        "index": page.index,
        "before": page.before,
        "after": page.after,
        "notes": page.notes,
        "summary": summary(tallies),
        "total": len(findings),
        "texts": texts,
        "findings": findings,
        "charts": _charts(tallies, rules) if page.index is None else None,
        "rules": [_rule(code, rules) for code in codes],
        "family_names": _family_names(codes),
        "rule_names": [(code, _name(code, rules)) for code in codes],
    }


def index(documents: Sequence[Mapping[str, Any]], tallies: Tallies, rules: Mapping[str, Rule], untouched: int) -> str:
    """The page that lists the documents, with the charts; ``untouched`` is how many are not in the list."""
    values = index_values(documents, tallies, rules, Assets("assets/"))
    if untouched:
        values["untouched"] = f"{_counted(untouched, 'document')} in which nothing was found"
    return environment().get_template("index.html").render(values)


def index_values(documents: Sequence[Mapping[str, Any]], tallies: Tallies, rules: Mapping[str, Rule],
                 assets: Assets) -> dict[str, Any]:  # fmt: skip
    """What the template of the index asks for."""
    codes = sorted({code for code, _, _ in tallies})
    return {
        "kind": "index",
        "title": "What cleaning changed",
        "version": __version__,
        "policy": assets.policy,
        "assets": assets,
        "summary": f"{_counted(len(documents), 'document')} with findings: {summary(tallies)}",
        "documents": documents,
        **_charts(tallies, rules),
        "family_names": _family_names(codes),
        "rule_names": [(code, _name(code, rules)) for code in codes],
        "untouched": "",
    }


def index_row(name: str, href: str, tallies: Tallies, note: str = "") -> dict[str, Any]:
    """What the index tells of one document."""
    packed = " ".join(f"{code}:{level}:{verdict}:{count}" for (code, level, verdict), count in sorted(tallies.items()))
    return {"name": _visible(name), "href": href, "tallies": packed, "counts": verdicts_of(tallies), "note": note}


def rows(text: Text, first: int, prefix: str) -> list[Markup]:
    """The lines of a text; its findings are numbered from ``first``."""
    return [row(line, text.decisions, first, prefix) for line in marks.rows(text.raw, text.decisions)]


def row(line: marks.Row, decisions: Sequence[Decision], first: int, prefix: str) -> Markup:
    """One line of a text, as an element of its own."""
    calm = "" if line.findings else " calm"
    anchor = Markup(' id="{}L{}"').format(prefix, line.number) if line.number else Markup("")
    body = markup.row(line, decisions, first)
    number = str(line.number) if line.number else ""
    return Markup('<div class="line{}"{}><span class="no">{}</span><div class="t">{}</div></div>').format(
        calm, anchor, number, body
    )


def finding_rows(text: Text, first: int) -> list[Markup]:
    """The findings of a text as rows of a table, which hold all that the page knows of them."""
    lines = Lines(text.raw)
    return [finding_row(d, first + number, lines) for number, d in enumerate(text.decisions)]


_FINDING = Markup(
    '<tr id="f{n}" data-n="{n}" data-family="{family}" data-code="{code}" data-level="{level}" data-verdict="{verdict}"'
    ' data-own="{own}" data-hand="{hand}" data-has-fix="{has_fix}">'
    '<td><a href="#m{n}">{place}</a></td>'
    '<td><span class="code fam-{family}">{code}</span> {name}</td>'
    '<td>{message}</td><td class="raw">{raw}</td><td class="fix">{fix}</td>'
    '<td><b class="verdict v-{verdict}">{verdict}</b> {reason}</td>'
    "<td>{level}</td><td>{severity}</td><td>{sure} %</td><td>{entry}</td></tr>"
)


def finding_row(decision: Decision, number: int, lines: Lines) -> Markup:
    """One finding as a row of the table."""
    finding = decision.finding
    line, column = lines.place(decision.start)
    return _FINDING.format(
        n=number,
        family=family_of(finding.code),
        code=finding.code,
        level=finding.level.value,
        verdict=decision.verdict.value,
        own=(decision.was or decision).verdict.value,
        hand=choices.choice_of(decision) or "",
        has_fix=int((decision.was or decision).fix is not None),
        place=f"{line}:{column}",
        name=finding.name,
        message=shown(finding.message),
        raw=shown(_short(decision.raw), line_ends=True),
        fix=Markup("<i>none</i>")
        if decision.fix is None
        else shown(_short(decision.fix), line_ends=True) or Markup("<i>nothing</i>"),
        reason=shown(decision.reason),
        severity=finding.severity.value,
        sure=round(100 * finding.confidence),
        entry=shown(finding.entry or ""),
    )


def tallies_of(texts: Iterable[Text]) -> Tallies:
    """The decisions of some texts, counted."""
    return Counter((d.finding.code, d.finding.level.value, d.verdict.value) for text in texts for d in text.decisions)


def verdicts_of(tallies: Tallies) -> dict[str, int]:
    """How many decisions had each verdict."""
    counts = dict.fromkeys((verdict.value for verdict in Verdict), 0)
    for (_, _, verdict), count in tallies.items():
        counts[verdict] += count
    return counts


def summary(tallies: Tallies) -> str:
    """The totals in words."""
    counts = verdicts_of(tallies)
    parts = [_counted(counts["applied"], "edit") + " applied", _counted(counts["suggested"], "suggestion")]
    parts += [f"{counts['refused']} refused", f"{counts['open']} reported only"]
    return ", ".join(parts)


def prefix(number: int) -> str:
    """How the ids of the lines of a page's text begin; those of the first have no such beginning."""
    return f"r{number}-" if number else ""


def _charts(tallies: Tallies, rules: Mapping[str, Rule]) -> dict[str, list[dict[str, Any]]]:
    return {
        "families": _chart(tallies, family_of, FAMILIES.__getitem__),
        "rules": _chart(tallies, str, lambda code: _name(code, rules)),
    }


def _chart(tallies: Tallies, group: Any, name: Any) -> list[dict[str, Any]]:
    grouped: dict[str, Tallies] = {}
    for key, count in tallies.items():
        grouped.setdefault(group(key[0]), Counter())[key] += count
    most = max((found.total() for found in grouped.values()), default=1)
    bars = [
        {"code": code, "name": name(code), "family": family_of(code), "counts": verdicts_of(found), "most": most,
         "total": found.total()}
        for code, found in grouped.items()
    ]  # fmt: skip
    return sorted(bars, key=lambda bar: (-bar["total"], bar["code"]))


def _family_names(codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(family, FAMILIES[family]) for family in sorted({family_of(code) for code in codes})]


def _rule(code: str, rules: Mapping[str, Rule]) -> dict[str, str]:
    rule = rules.get(code)
    why = ""
    if rule is not None:
        found = _MECHANISM.search(rule.doc)
        why = " ".join((found[1] if found else rule.message).replace("**", "").replace("``", "").split())
    return {"code": code, "name": _name(code, rules), "family": family_of(code), "why": why}


def _name(code: str, rules: Mapping[str, Rule]) -> str:
    return rules[code].name if code in rules else "changed"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _visible(value: str | int | None) -> str | None:
    """A name with what nobody can see, or what no page can hold, written out."""
    if value is None:
        return None
    return visible(str(value))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
