"""The rules, one file each, its code in the file's name.

A rule module offers ``RULE``, or, where the rule needs names or terms of the glossary, ``build(lexicon)``.
Adding a file adds the rule: nothing else has to know of it.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace

from cleaners.core import Rule
from cleaners.lexicon import Lexicon


def all_rules(lexicon: Lexicon) -> tuple[Rule, ...]:
    """Every rule, sorted by code; each carries its module's docstring.

    Raises ``TypeError`` for a module that offers no rule and ``ValueError`` for a code that its file's name
    contradicts or that two files share: a mistake of the rule's author.
    """
    rules: dict[str, Rule] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if hasattr(module, "build"):
            rule = module.build(lexicon)
        elif hasattr(module, "RULE"):
            rule = module.RULE
        else:
            raise TypeError(f"{module.__name__} offers neither RULE nor build(lexicon)")
        if info.name != f"{rule.code.lower()}_{rule.name.replace('-', '_')}":
            raise ValueError(f"{module.__name__} holds the rule {rule.code} {rule.name}: rename one of them")
        if rule.code in rules:
            raise ValueError(f"two rules have the code {rule.code}")
        rules[rule.code] = replace(rule, doc=(module.__doc__ or "").strip())
    return tuple(rules[code] for code in sorted(rules))
