"""What a user writes for a parameter, turned into what the engine gets: a text, a whole number or a fraction.

No parameter is ever null: `any` stands for everything where a question allows it, and reaches the engine as "".
"""

import math
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType

from graphs.commodities import FAMILIES, family_named, family_of
from graphs.countries import area, areas, is_user_assigned
from graphs.errors import InputError, UnknownCode
from graphs.periods import FIRST_YEAR, LAST_YEAR
from graphs.questions.reading import NAMED, Parameter, Question

Value = str | int | float
ANY = "any"
ALERT_LISTS = ("agnostic", "learned")
MODES = ("road", "rail", "river", "sea", "air", "transfer")
LONGEST_NAME = 200
CODE_LENGTH = 6


def values(question: Question, given: Mapping[str, object]) -> dict[str, Value]:
    """Every parameter of a question's statement: those given, defaults for the rest, and the derived ones.

    Raises InputError for a parameter that the question does not have, one that is missing, and a value of no use.
    """
    names = [parameter.name for parameter in question.parameters]
    for name in given:
        if name not in names:
            raise InputError(f"{question.name} has no parameter {name!r}; it takes {', '.join(names) or 'none'}")
    found = {parameter.name: _value(question, parameter, given) for parameter in question.parameters}
    if "since" in found and "until" in found and int(found["since"]) > int(found["until"]):
        raise InputError(f"since {found['since']} is after until {found['until']}: turn them round")
    return found | {name: pattern.format(**found) for name, pattern in question.derived.items()}


def parse(parameter: Parameter, text: str) -> Value:
    """One value from what a user writes. Raises InputError that names what is allowed."""
    plain = text.strip()
    if plain.casefold() == ANY:
        if parameter.default != ANY:
            raise InputError(f"{parameter.name} cannot be {ANY!r}: name one ({parameter.meaning})")
        return ""
    return PARSERS[parameter.kind](parameter.name, plain)


def _value(question: Question, parameter: Parameter, given: Mapping[str, object]) -> Value:
    raw = given.get(parameter.name, parameter.default)
    if raw is None:
        raise InputError(f"{question.name} needs {parameter.name}: {parameter.meaning}")
    return parse(parameter, str(raw))


def _text(name: str, text: str) -> str:
    return text


def _area(name: str, text: str) -> str:
    """ISO code of a country or area from its code or its name."""
    upper = text.upper()
    for code in (text, upper):
        if is_user_assigned(code):
            return code
        try:
            return area(code).code
        except UnknownCode:
            continue
    names = _area_names()
    if text.casefold() in names:
        return names[text.casefold()]
    near = [name for name in names if text.casefold() in name] or get_close_matches(text.casefold(), names, 1, 0.75)
    hint = "; did you mean " + " or ".join(f"{area(names[one]).name} ({names[one]})" for one in near) if near else ""
    raise UnknownCode(f"{name} {text!r} is neither an ISO alpha-3 code nor the name of a listed area{hint}")


@cache
def _area_names() -> Mapping[str, str]:
    return MappingProxyType({one.name.casefold(): code for code, one in areas().items()})


def _family(name: str, text: str) -> str:
    """A code family from its name or title."""
    lower = text.casefold()
    titles = {one.title.casefold(): one.name for one in FAMILIES.values()}
    if lower in FAMILIES or lower in titles:
        return lower if lower in FAMILIES else titles[lower]
    if lower.startswith("hs") and lower[2:].isdigit():
        return family_named(lower).name
    if text.isdigit():
        raise UnknownCode(f"{name} {text} is a code; this question adds codes up to materials: use {family_of(text)}")
    near = get_close_matches(lower, [*FAMILIES, *titles], n=1)
    hint = f", the nearest is {near[0]}" if near else ""
    raise UnknownCode(f"{name} {text!r} is no listed material{hint}; use {', '.join(sorted(FAMILIES))}")


def _goods(name: str, text: str) -> str:
    """A code family, or an HS code of six digits."""
    if text.isdigit():
        if len(text) == CODE_LENGTH:
            return text
        raise UnknownCode(f"{name} {text} has {len(text)} digits; use six, or a material such as {family_of(text)}")
    return _family(name, text)


def _year(name: str, text: str) -> int:
    if text.isdecimal() and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    raise InputError(f"{name} {text!r} is no year from {FIRST_YEAR} to {LAST_YEAR}")


def _whole(name: str, text: str) -> int:
    try:
        number = int(text.replace("_", ""))
    except ValueError:
        number = 0
    if not 1 <= number < 1 << 31:
        raise InputError(f"{name} {text!r} is no whole number from 1 on")
    return number


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise InputError(f"{name} {text!r} is no number from 0 on; write it like 1000000 or 1e6")
    return number


def _alert_list(name: str, text: str) -> str:
    if text.casefold() not in ALERT_LISTS:
        raise InputError(f"{name} {text!r} is no list of alerts; use {' or '.join(ALERT_LISTS)}")
    return text.casefold()


def _mode(name: str, text: str) -> str:
    if text.casefold() not in MODES:
        raise InputError(f"{name} {text!r} is no means of transport; use {', '.join(MODES)}")
    return text.casefold()


def _named(name: str, text: str) -> str:
    """A name, code or identifier of a node, which is looked for in the graph later (`graphs.questions.named`)."""
    if not text or not text.isprintable() or len(text) > LONGEST_NAME:
        raise InputError(f"{name} {text[:40]!r} is no name on one line of {LONGEST_NAME} characters at most")
    return text


PARSERS: Mapping[str, Callable[[str, str], Value]] = MappingProxyType(
    {
        "text": _text,
        "area": _area,
        "family": _family,
        "goods": _goods,
        "year": _year,
        "whole": _whole,
        "number": _number,
        "source": _text,
        "alert_list": _alert_list,
        "mode": _mode,
        **dict.fromkeys(NAMED, _named),
    }
)
