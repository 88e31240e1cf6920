"""Words that no output may carry: statistics alone never accuse.

A gap between two declarations is a gap. Outputs say "implausible", "apparent", "unmatched" or "unrecorded", and
leave every stronger word to courts and officials. `lint` reads a text, `forbidden` a column of texts; tests read
every channel, cause and generated sentence with them.
"""

import re

import polars as pl

from graphs.errors import InputError

STEMS = (
    r"illegal\w*",
    r"illicit\w*",
    r"unlawful\w*",
    r"fraud\w*",
    r"smuggl\w*",
    r"launder\w*",
    r"traffick\w*",
    r"crimes?",
    r"criminals?",
    r"criminality",
    r"suspicious\w*",
    r"suspect\w*",
    r"guilt\w*",
    r"culprits?",
    r"thefts?",
    r"thie(?:f|ves)",
    r"stolen",
    r"steal\w*",
    r"corruption",
    r"brib\w+",
    r"cheat\w*",
    r"evad(?:e|es|ed|er|ers|ing)",
    r"evasions?",
    r"conceal\w*",
)
"""One regular expression per family of words, in any case, between word boundaries."""

PATTERN = r"(?i)\b(?:" + "|".join(STEMS) + r")\b"
_WORDS = re.compile(PATTERN)


def lint(text: str) -> list[str]:
    """Forbidden words of a text, lower-case, in the order in which they stand; empty for a clean text."""
    return [found.group().lower() for found in _WORDS.finditer(text)]


def forbidden(column: str) -> pl.Expr:
    """True where a column's text holds a forbidden word."""
    return pl.col(column).str.contains(PATTERN).fill_null(False)


def check(text: str, where: str) -> str:
    """The text itself; raises InputError naming the first forbidden word and where it stands."""
    found = lint(text)
    if found:
        raise InputError(f"{where} says {found[0]!r}, which no statistic can show: say 'implausible' or 'unmatched'")
    return text
