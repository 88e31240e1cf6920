"""Invented companies and the ways in which clerks would spell them, with the truth known: what the risk is read from.

No name stands for a real company. Rare words are made of syllables, common ones are those of the trade. A third of the
companies resemble an earlier one on purpose: another number, another legal form, one common word more or another, a
rare word that differs by one letter, or the same name in another country. Spellings differ as bills do: forms written
in other ways or left out, abbreviations, single wrong letters, lost blanks, another order, cut ends, no country.

How often each happens is assumed, not measured; whoever has judged pairs of their own can calibrate by those.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from models.companies.compare import COMMON, SHORT_FOR
from models.companies.forms import ENDS

_SYLLABLES = "ba be bo da de do fa fi ga go ka ke ki ko la le li lo ma mi mo mu na no nu pa pe ra ri ro sa se so ta to"
SYLLABLES = _SYLLABLES.split()
COUNTRIES = ("XAA", "XAB", "XAC", "XAD", "XAE")
FORMS = ("ltd", "llc", "sarl", "sa", "gmbh", "inc", "pte ltd", "sas", "plc", "")
TRADES = tuple(sorted(word for word in COMMON if len(word) > 4 and (word,) not in ENDS))
SCHEMA = {"company": pl.UInt32, "text": pl.String, "country": pl.String}


@dataclass(frozen=True)
class Invented:
    """A company that nobody has: its words, the number in its name, its form and its country."""

    words: tuple[str, ...]
    number: str
    form: str
    country: str


def spellings(companies: int, seed: int) -> pl.DataFrame:
    """One to four spellings of each invented company: company (its number), text, country (null where left out)."""
    chance = np.random.Generator(np.random.PCG64(seed))
    made, known = list[Invented](), set[Invented]()
    rows = []
    for at in range(companies):
        one = _alike(made[_below(chance, at)], chance) if at and chance.random() < 1 / 3 else _new(chance)
        while one in known:
            one = _new(chance)
        known.add(one)
        made.append(one)
        for _ in range(1 + _below(chance, 4)):
            country = None if chance.random() < 0.2 else one.country
            rows.append((at, _spelled(one, chance), country))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _new(chance: np.random.Generator) -> Invented:
    rare = tuple(_rare(chance) for _ in range(1 + _below(chance, 2)))
    common = tuple(_pick(TRADES, chance) for _ in range(_below(chance, 3)))
    number = str(1 + _below(chance, 9)) if chance.random() < 0.05 else ""
    return Invented(rare + common, number, _pick(FORMS, chance), _pick(COUNTRIES, chance))


def _alike(one: Invented, chance: np.random.Generator) -> Invented:
    """Another company with nearly the same name."""
    kind = _below(chance, 6)
    if kind == 0:
        return replace(one, number=str(int(one.number or 1) + 1 + _below(chance, 8)))
    if kind == 1:
        return replace(one, form=_other(FORMS, one.form, chance))
    if kind == 2:
        return replace(one, words=(*one.words, _pick(TRADES, chance)))
    if kind == 3:
        return replace(one, words=(*one.words[:-1], _other(TRADES, one.words[-1], chance)))
    if kind == 4:
        return replace(one, words=(_other_letter(one.words[0], chance), *one.words[1:]))
    return replace(one, country=_other(COUNTRIES, one.country, chance))


def _spelled(one: Invented, chance: np.random.Generator) -> str:
    words = list(one.words)
    if chance.random() < 0.2:
        words = [_shortened(word, chance) for word in words]
    if chance.random() < 0.12:
        at = _below(chance, len(words))
        words[at] = _wrong(words[at], chance)
    if len(words) > 1 and chance.random() < 0.05:
        words = [words[-1], *words[:-1]]
    if len(words) > 1 and chance.random() < 0.05:
        words = [words[0] + words[1], *words[2:]]
    if len(words) > 2 and chance.random() < 0.05:
        words = words[:-1]
    form = "" if chance.random() < 0.25 else _form(one.form, chance)
    text = " ".join(part for part in (*words, one.number, form) if part)
    if chance.random() < 0.05:
        text = text[: max(12, len(text) - 5)]
    return text.upper() if chance.random() < 0.7 else text.title()


def _form(form: str, chance: np.random.Generator) -> str:
    """The form in one of its spellings, with or without dots."""
    written = _pick([" ".join(spelling) for spelling, kept in ENDS.items() if kept == form] or [form], chance)
    return ".".join(written) + "." if len(written) < 5 and " " not in written and chance.random() < 0.3 else written


def _rare(chance: np.random.Generator) -> str:
    return "".join(_pick(SYLLABLES, chance) for _ in range(2 + _below(chance, 3)))


def _shortened(word: str, chance: np.random.Generator) -> str:
    short = sorted(short for short, long in SHORT_FOR.items() if long == word)
    return _pick(short, chance) if short else word


def _wrong(word: str, chance: np.random.Generator) -> str:
    """A letter changed, lost, doubled, or swapped with the next."""
    at, kind = _below(chance, len(word) - 1), _below(chance, 4)
    if kind == 0:
        return _other_letter(word, chance)
    middle = ("", word[at] * 2, word[at + 1] + word[at])[kind - 1]
    return word[:at] + middle + word[at + (2 if kind == 3 else 1) :]


def _other_letter(word: str, chance: np.random.Generator) -> str:
    at = _below(chance, len(word))
    return word[:at] + _other("abdefgiklmnoprst", word[at], chance) + word[at + 1 :]


def _below(chance: np.random.Generator, most: int) -> int:
    return int(chance.integers(most))


def _pick(among: Sequence[str], chance: np.random.Generator) -> str:
    return among[_below(chance, len(among))]


def _other(among: Sequence[str], than: str, chance: np.random.Generator) -> str:
    return _pick([one for one in among if one != than], chance)
