"""Countries by the names that lists of ports and airports give them.

A name is known if it is that of `graphs.countries` or stands in codes/country_names.csv; nothing is guessed from
letters that are alike. A list's name says where it places a harbour and nothing about whose it should be.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from graphs.countries import alpha_2, areas
from graphs.families import read_codes

BETWEEN_WORDS = re.compile(r"[\W_]+")


def plain(name: str) -> str:
    """A name without accents, case and punctuation: words separated by single blanks."""
    bare = name
    if not name.isascii():
        bare = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    return " ".join(BETWEEN_WORDS.sub(" ", bare.casefold()).split())


def named(name: str) -> str | None:
    """Alpha-3 of a country's name; None where no list has it."""
    return _names().get(plain(name))


def from_alpha_2(code: str) -> str | None:
    """Alpha-3 of ISO alpha-2 in any case; XK is Kosovo. None where no list has it."""
    return _codes().get(code.strip().upper())


@cache
def _names() -> Mapping[str, str]:
    listed = {plain(one.name): one.code for one in areas().values() if one.kind == "country"}
    return MappingProxyType(listed | {plain(row["name"]): row["code"] for row in read_codes("country_names.csv")})


@cache
def _codes() -> Mapping[str, str]:
    return MappingProxyType({short.upper(): code for code, short in alpha_2().items()} | {"XK": "XKX"})
