"""Reading single cells of trade rows: codes into vocabulary, text into numbers, each refusal a sentence.

Code-like columns hold few distinct values, so each is read once per distinct value (`translate`) and
joined back; amounts are read as expressions.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from graphs import countries, units
from graphs.errors import InputError, UnknownCode
from graphs.periods import is_annual
from graphs.tables import FLOW_CODES

FLOW_WORDS: Mapping[str, str] = {
    "1": "M",
    "2": "X",
    "3": "RX",
    "4": "RM",
    "IMPORT": "M",
    "IMPORTS": "M",
    "EXPORT": "X",
    "EXPORTS": "X",
    "REEXPORT": "RX",
    "REEXPORTS": "RX",
    "REIMPORT": "RM",
    "REIMPORTS": "RM",
    "DOMESTICEXPORT": "DX",
    "FOREIGNIMPORT": "FM",
}
NO_AMOUNT = ("", "null", "none", "n/a", "na")
NO_TEXT = (*NO_AMOUNT, "nan")
COMMODITY = re.compile(r"TOTAL|(?:\d\d){1,3}|9999AA")
CUSTOMS = re.compile(r"C\d{2}")
PERIOD = re.compile(r"(\d{4})(?:[-/M]?(\d{2}))?")

Cell = str | None
Read = tuple[Any, ...]


def cell(column: str) -> pl.Expr:
    """A code column as trimmed text, null where it says nothing; 842.0 becomes 842."""
    text = pl.col(column).cast(pl.String).str.strip_chars()
    text = pl.when(text.str.to_lowercase().is_in(NO_TEXT).not_()).then(text)
    return text.str.replace(r"^(-?\d+)\.0+$", "$1")


def amount_cell(column: str) -> pl.Expr:
    """An amount column of text, trimmed, null where it says nothing; "nan" stays for the caller to judge."""
    text = pl.col(column).str.strip_chars()
    return pl.when(text.str.to_lowercase().is_in(NO_AMOUNT).not_()).then(text)


def truth(column: str) -> pl.Expr:
    """A yes or no as Boolean, null where the row does not say."""
    text = pl.col(column).cast(pl.String).str.strip_chars().str.to_lowercase()
    yes, no = text.is_in(["true", "1", "1.0", "yes", "y"]), text.is_in(["false", "0", "0.0", "no", "n"])
    return pl.when(yes).then(True).when(no).then(False).otherwise(None)


def translate(
    frame: pl.DataFrame, inputs: Sequence[str], outputs: Mapping[str, pl.DataType], read: Callable[..., Read]
) -> pl.DataFrame:
    """Add `outputs` = read(*inputs), read once per distinct value and joined back.

    Where `read` raises InputError, the outputs are null and `<first output>_fault` holds the sentence; the column is
    there only if any row has one.
    """
    distinct = frame.select(inputs).unique()
    rows: list[Read] = []
    for values in distinct.select(cell(name) for name in inputs).iter_rows():
        try:
            rows.append((*read(*values), None))
        except InputError as error:
            rows.append((*(None for _ in outputs), str(error)))
    fault = fault_of(outputs)
    answers = pl.DataFrame(rows, schema={**outputs, fault: pl.String()}, orient="row")
    if answers[fault].null_count() == answers.height:
        answers = answers.drop(fault)
    if distinct.height == 1:
        return frame.with_columns(
            pl.lit(answers[name][0], answers.schema[name]).alias(name) for name in answers.columns
        )
    table = pl.concat([distinct, answers], how="horizontal")
    return frame.join(table, on=list(inputs), how="left", nulls_equal=True, maintain_order="left")


def fault_of(outputs: Iterable[str]) -> str:
    """Name of the column that says why these outputs could not be read."""
    return f"{next(iter(outputs))}_fault"


def read_period(period: Cell, year: Cell) -> Read:
    """2020, 2020.0, 202003, 2020-03 as a whole number."""
    text = period or year
    if text is None:
        raise UnknownCode("no period is given; write a year (2020) or a month (202003)")
    found = PERIOD.fullmatch(text)
    if found is None:
        raise UnknownCode(f"period {text!r} is neither a year (2020) nor a month (202003)")
    number = int("".join(part for part in found.groups() if part))
    is_annual(number)
    return (number,)


def read_flow(code: Cell, name: Cell) -> Read:
    """Flow code: letters, the legacy numbers 1 M, 2 X, 3 RX, 4 RM, or the words Import, Export, ..."""
    found = code or name
    if found is None:
        raise UnknownCode("no flow is given; expected one of " + ", ".join(FLOW_CODES))
    upper = re.sub(r"[^0-9A-Z]", "", found.upper())
    flow = FLOW_WORDS.get(upper, upper)
    if flow not in FLOW_CODES:
        raise UnknownCode(f"flow code {found!r} is unknown; expected one of {', '.join(FLOW_CODES)} or 1 to 4")
    return (flow,)


def read_area(code: Cell, number: Cell) -> Read:
    """Area code and kind, from the ISO column, else from the number."""
    if code is not None:
        try:
            found = countries.area(code)
            return found.code, found.kind
        except UnknownCode:
            if number is None:
                raise
    if number is None:
        raise UnknownCode("no country code is given; fill in the ISO alpha-3 code or the Comtrade number")
    if not re.fullmatch(r"\d{1,4}", number):
        raise UnknownCode(f"area number {number!r} is not a whole number; use a Comtrade number")
    found = countries.area(countries.from_numeric(int(number)))
    return found.code, found.kind


def read_second_area(code: Cell, number: Cell) -> Read:
    """Second partner; where nothing is given there is no breakdown, which is the world."""
    return read_area(code, number)[:1] if code or number else (countries.WORLD,)


def read_commodity(code: Cell) -> Read:
    """HS code with its leading zero, which spreadsheets drop: odd lengths lack one."""
    if code is None:
        raise UnknownCode("no commodity code is given; expected 2, 4 or 6 digits, or TOTAL")
    text = code.upper()
    padded = text.zfill(len(text) + len(text) % 2) if text.isdigit() else text
    if COMMODITY.fullmatch(padded) is None:
        raise UnknownCode(f"commodity code {code!r} is not an HS code of 2, 4 or 6 digits; declare it at 6 digits")
    return (padded,)


def read_six_digits(code: Cell) -> Read:
    """HS code of six digits whose leading zero a number column may have lost."""
    if code is None or re.fullmatch(r"\d{5,6}", code) is None:
        raise UnknownCode(f"commodity code {code!r} is not a six-digit HS code; fetch the file again")
    return (code.zfill(6),)


def read_revision(code: Cell) -> Read:
    """HS edition; null for `HS` as reported. Other classifications are refused."""
    if code is None or code.upper() in ("HS", "HS AS REPORTED"):
        return (None,)
    if re.fullmatch(r"H[0-7]", code.upper()) is None:
        raise UnknownCode(f"classification {code!r} is not an edition of the Harmonized System; ask for H0 to H6")
    return (code.upper(),)


def read_customs(code: Cell) -> Read:
    """Customs procedure; C00, the total, where none is given."""
    text = (code or "C00").upper()
    if CUSTOMS.fullmatch(text) is None:
        raise UnknownCode(f"customs procedure {code!r} is unknown; expected C00 (total) to C20")
    return (text,)


def read_mode(code: Cell) -> Read:
    """Mode of transport; 0, the total, where none is given."""
    if code is None:
        return (0,)
    if re.fullmatch(r"\d{1,4}", code) is None:
        raise UnknownCode(f"transport mode {code!r} is unknown; expected 0 (total) or a code such as 1000 (air)")
    return (int(code),)


def read_unit(code: Cell, name: Cell) -> Read:
    """Quantity unit by its short name, null where the row states none. Raises UnknownUnit."""
    if code is not None and re.fullmatch(r"-?\d+", code):
        found = units.from_code(int(code))
    elif name is not None:
        found = units.unit(name)
    else:
        return (None,)
    return (None if found.dimension == "none" else found.name,)


def read_type(code: Cell) -> Read:
    """Goods only: type C, or not stated."""
    if code not in (None, "C"):
        raise UnknownCode(f"type code {code!r} is not trade in goods; ask for type C")
    return (None,)
