"""What the rules are: their list, and each one's page."""

from __future__ import annotations

import json

import click

from cleaners.core import Rule
from cleaners.engine import Cleaner, nearest_rule
from cleaners.errors import MtcleanError


def print_rules(format_: str) -> int:
    """Print every rule, one a line or as JSON."""
    rules = Cleaner().known_rules
    if format_ == "json":
        click.echo(json.dumps([_row(rule) for rule in rules], ensure_ascii=False, indent=2))
        return 0
    width = max(len(rule.name) for rule in rules)
    for rule in rules:
        click.echo(f"{rule.code}  {rule.name:<{width}}  {rule.level.value:<7}  {rule.message}")
    return 0


def explain(wanted: str) -> int:
    """Print one rule's page; raises :class:`MtcleanError` naming the nearest rule for an unknown one."""
    rules = Cleaner().known_rules
    for rule in rules:
        if wanted.upper() == rule.code or wanted == rule.name:
            click.echo(page(rule))
            return 0
    raise MtcleanError("explain", f"there is no rule {wanted!r}", nearest_rule(wanted, rules))


def page(rule: Rule) -> str:
    """A rule's page in Markdown: head, explanation, examples."""
    head = f"{rule.code} {rule.name}"
    facts = f"Level: {rule.level.value} · MQM: {rule.mqm}, {rule.severity.value}" + (
        f" · from: {rule.origin}" if rule.origin else ""
    )
    rows = [f"# {head}", "", facts, "", rule.doc, "", "## Found", ""]
    for example in rule.bad:
        rows.append(f"- {_shown(example.bad)}")
        rows.append(f"  {'becomes ' + _shown(example.good) if example.good is not None else 'is reported only'}")
    rows += ["", "## Left alone", "", *(f"- {_shown(text)}" for text in rule.good)]
    return "\n".join(rows)


def _shown(text: str) -> str:
    """A text as code, with line ends and what nobody can see spelled out."""
    seen = text.replace("\r\n", "\n").replace("\n", "⏎")
    return "`" + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in seen) + "`"


def _row(rule: Rule) -> dict[str, object]:
    return {
        "code": rule.code,
        "name": rule.name,
        "level": rule.level.value,
        "severity": rule.severity.value,
        "mqm": rule.mqm,
        "origin": rule.origin,
        "stage": rule.stage.value,
        "message": rule.message,
    }
