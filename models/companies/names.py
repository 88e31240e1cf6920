"""Names of companies as bills write them: brought into one form, with what tells two companies apart kept.

A name is read in this order: look-alike characters of Unicode are made plain (NFKC) and invisible ones dropped; what
follows a role ("care of", "as agent for") is cut off, and cells that name nobody ("to order", "same as consignee") are
none; letters lose their accents (anyascii); letters with dots or blanks between them are joined (S.A.R.L., J. P.);
the legal form is taken from the ends and kept apart, because two forms are two companies; numbers are kept apart too,
because Mine 2 is not Mine 3.

Only names in Latin letters are told by these words alone. Transliteration makes one word of different Chinese or
Arabic ones, and of a Cyrillic letter that only looks Latin: there the identifier carries a hash of the name as it was
written, so that such names meet in a comparison and never by identity.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import polars as pl
from anyascii import anyascii

from graphs.errors import InputError
from graphs.ids import join_key
from graphs.tables_companies import PARTIES
from models.companies.forms import strip_end, strip_front

LONGEST = 300
"""Characters of the longest name; longer cells hold addresses or noise, and name nobody."""
NO_COUNTRY = "__"
"""Stands in an identifier for the country that no bill states."""
NOBODY = re.compile(
    r"""to\ (?:the\ )?order(?:\ of.*)? | order(?:\ of.*)? | same(?:\ as.*)? | as\ (?:above|per\ .*)
    | not\ (?:stated|available|known|declared) | unknown | confidential | none | null | nil | na | nan | tba | tbc
    | various | consignee | shipper | notify(?:\ party)? | bearer | x{2,}""",
    re.VERBOSE,
)
"""Cells that name no company, in the plain form of `words`."""
ROLE = re.compile(r"\b(?:as agents?(?: for)?|on behalf of|care of|doing business as|trading as|for account of)\b")
SLASHED = {"c/o": " care of ", "o/b/o": " on behalf of ", "d/b/a": " trading as ", "t/a": " trading as "}
APOSTROPHES = str.maketrans(dict.fromkeys("`´‘’ʼ′", "'"))
ASCII_SIGNS: dict[int, str | None] = {
    at: " " if unicodedata.category(chr(at))[0] == "S" else None
    for at in range(128)
    if unicodedata.category(chr(at))[0] in "SC" and not chr(at).isspace()
} | {ord("`"): "'"}
"""What becomes of the signs and control characters of ASCII, as in `_plain`."""
DOTTED = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?")
SPACED = re.compile(r"\b[a-z](?: [a-z])+\b")
_ROMAN = [
    "ii",
    "iii",
    "iv",
    "vi",
    "vii",
    "viii",
    "ix",
    "xi",
    "xii",
    "xiii",
    "xiv",
    "xv",
    "xvi",
    "xvii",
    "xviii",
    "xix",
    "xx",
]
ROMAN = dict(
    zip(
        _ROMAN,
        ["2", "3", "4", "6", "7", "8", "9", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20"],
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Name:
    """A company's name, read."""

    words: tuple[str, ...]
    """The name without its legal form, in plain lower-case letters and digits; never empty."""
    form: str
    """Legal form in its kept spelling ("ltd", "pt tbk"); empty where none is written."""
    numbers: tuple[str, ...]
    """Numbers in the name, Roman ones included, sorted."""
    key: str
    """What names the company within its country: words and form in capitals, joined by `_`."""
    is_latin: bool
    """All letters are Latin; else the plain form is a transliteration and says less."""
    is_mixed: bool
    """One word holds Latin letters and others, as look-alike letters do."""

    @property
    def letters(self) -> str:
        """The words without blanks, so that a blank too many changes little."""
        return "".join(self.words)


def read(text: str | None) -> Name | None:
    """Name of a cell; None where it names no company: empty, a role, no letter or digit, longer than LONGEST."""
    shown = _visible(text)
    if shown is None:
        return None
    plain = words(shown)
    if not plain:
        return None
    cut = ROLE.search(plain)
    plain = plain[: cut.start()].strip() if cut and cut.start() else plain
    if NOBODY.fullmatch(plain):
        return None
    front, tokens = strip_front(tuple(plain.split()))
    end, tokens = strip_end(tokens)
    form = " ".join(part for part in (front, end) if part)
    is_latin, is_mixed = _scripts(shown)
    key = "_".join([*front.split(), *tokens, *end.split()]).upper()
    if not is_latin:
        key = f"{key}~{hashlib.sha256(shown.casefold().encode()).hexdigest()[:8]}"
    return Name(tokens, form, _numbers(tokens), key, is_latin, is_mixed)


def words(shown: str) -> str:
    """Plain lower-case words: accents gone, apostrophes too, other marks blanks, single letters joined."""
    text = anyascii(shown).lower()
    for role, word in SLASHED.items():
        text = text.replace(role, word)
    text = DOTTED.sub(lambda found: found[0].replace(".", ""), text.replace("&", " and "))
    text = text.replace("'", "")
    text = " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())
    return SPACED.sub(lambda found: found[0].replace(" ", ""), text)


def company_id(text: str | None, country: str | None) -> str | None:
    """Identifier `CC:KEY` of the company in a cell, with `__` for a country not stated; None where it names none."""
    name = read(text)
    return None if name is None else join_key(country or NO_COUNTRY, name.key)


def identified(manifests: pl.DataFrame) -> pl.DataFrame:
    """Manifests with shipper_id, consignee_id and notify_id: each spelling is read once."""
    for party in PARTIES:
        cells = [party, f"{party}_country"]
        distinct = manifests.select(cells).unique()
        ids = pl.Series(f"{party}_id", [company_id(*row) for row in distinct.iter_rows()], pl.String)
        told = manifests.drop(f"{party}_id", strict=False)
        manifests = told.join(
            distinct.with_columns(ids), on=cells, how="left", nulls_equal=True, maintain_order="left"
        ).select(manifests.columns)
    return manifests


def named(identifier: str) -> tuple[str | None, str]:
    """Country, if known, and key of a company_id. Raises InputError."""
    country, colon, key = identifier.partition(":")
    if not (country and colon and key):
        raise InputError(f"{identifier!r} is no company; name one as oretrace companies lists it, such as GHA:NAME_LTD")
    return (None if country == NO_COUNTRY else country), key


def _visible(text: str | None) -> str | None:
    """The cell without control and format characters and surplus blanks; None if nothing is left, or too much is."""
    if text is None or len(text) > 4 * LONGEST:
        return None
    shown = " ".join((text.translate(ASCII_SIGNS) if text.isascii() else _plain(text)).split())
    return shown if 0 < len(shown) <= LONGEST else None


def _plain(text: str) -> str:
    """Look-alikes made plain. Signs go first: some would become letters (a trade mark) or words (a smiling face)."""
    marks = (" " if unicodedata.category(one)[0] in "SZ" else one for one in text.translate(APOSTROPHES))
    plain = unicodedata.normalize("NFKC", "".join(marks))
    return "".join(one for one in plain if one.isspace() or unicodedata.category(one)[0] not in "CS")


def _scripts(shown: str) -> tuple[bool, bool]:
    """Whether all letters are Latin, and whether a word mixes Latin letters with others."""
    if shown.isascii():
        return True, False
    scripts = [{_script(letter) for letter in word if letter.isalpha()} for word in shown.split()]
    is_mixed = any("LATIN" in script and len(script) > 1 for script in scripts)
    return all(script <= {"LATIN"} for script in scripts), is_mixed


@cache
def _script(letter: str) -> str:
    """Script of a letter by the first word of its Unicode name: LATIN, CYRILLIC, CJK, ..."""
    return unicodedata.name(letter, "UNNAMED").split()[0]


def _numbers(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Runs of digits and Roman numbers of two letters and more; a single letter is an initial as often."""
    digits = [run.lstrip("0") or "0" for token in tokens for run in re.findall(r"\d+", token)]
    return tuple(sorted([*digits, *(ROMAN[token] for token in tokens if token in ROMAN)]))
