"""The language of the UN Comtrade API: what a user wants, what is published, what one call asks for. Pure.

The API answers a misspelt period or flow with 200 and no rows. So a `Request` is checked when it is made,
before anything is sent.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from graphs.countries import FORMER_NUMBERS, areas, by_numeric, canonical
from graphs.errors import InputError
from graphs.periods import is_annual
from graphs.tables import FLOW_CODES

FIRST_YEAR = 1962
CLASSIFICATIONS = ("HS", "H0", "H1", "H2", "H3", "H4", "H5", "H6", "SS", "S1", "S2", "S3", "S4", "B4", "B5")
TOTALS: Mapping[str, dict[str, str]] = {"get": {"partner2Code": "0", "motCode": "0", "customsCode": "C00"}}
_COMMODITY = re.compile(r"TOTAL|\d{2}|\d{4,6}|\d{8,12}")

Pair = tuple[int, int]
Service = Literal["get", "getTariffline", "getBilateralData", "getSUV"]


@dataclass(frozen=True)
class Request:
    """What the user wants. Empty means all. Areas are codes of `graphs.countries`.

    Raises InputError for a period, flow, commodity, classification or area that the API would answer with
    silence. `has_breakdown` also asks for rows by second partner, transport mode and customs procedure;
    `is_tariff_line` asks for national tariff lines.
    """

    periods: tuple[int, ...]
    commodities: tuple[str, ...] = ()
    reporters: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    frequency: Literal["A", "M"] = "A"
    classification: str = "HS"
    has_breakdown: bool = False
    is_tariff_line: bool = False

    def __post_init__(self) -> None:
        check_periods(self.periods, self.frequency)
        check_codes(self.commodities, self.flows, self.classification)
        for area in (*self.reporters, *self.partners):
            if not numbers(area):
                raise InputError(f"area {area} has no number in UN Comtrade: leave it out")

    @property
    def service(self) -> Service:
        """Kind of row."""
        return "getTariffline" if self.is_tariff_line else "get"

    def call(
        self,
        periods: Sequence[int],
        commodities: Sequence[str] = (),
        reporters: Sequence[int] = (),
        flows: Sequence[str] = (),
    ) -> "Call":
        """A call for a part of this request."""
        return Call(
            periods=tuple(periods),
            commodities=tuple(commodities),
            reporters=tuple(reporters),
            flows=() if set(flows) == set(FLOW_CODES) else tuple(flows),
            partners=tuple(number for code in self.partners for number in numbers(code)),
            frequency=self.frequency,
            classification=self.classification,
            has_breakdown=self.has_breakdown,
            service=self.service,
        )

    def wants(self, reporter: int) -> bool:
        """True if this reporter number, former ones of the same code included, was asked for."""
        return not self.reporters or by_numeric().get(reporter) in {canonical(code) for code in self.reporters}


@dataclass(frozen=True)
class Available:
    """One dataset that UN Comtrade holds: a reporter's period, its size, and when it was last published."""

    reporter: int
    period: int
    rows: int
    released: str

    @property
    def pair(self) -> Pair:
        """Reporter and period."""
        return self.reporter, self.period


@dataclass(frozen=True)
class Call:
    """One request to the API: the product of its lists. Empty lists mean all."""

    periods: tuple[int, ...]
    commodities: tuple[str, ...] = ()
    reporters: tuple[int, ...] = ()
    flows: tuple[str, ...] = ()
    partners: tuple[int, ...] = ()
    frequency: str = "A"
    classification: str = "HS"
    has_breakdown: bool = False
    quantity_unit: int | None = None
    service: Service = "get"

    def parameters(self) -> dict[str, str]:
        """Query parameters under their API names; those that mean "all" are left out."""
        lists: dict[str, Sequence[str | int]] = {
            "reportercode": self.reporters,
            "period": self.periods,
            "cmdCode": self.commodities,
            "flowCode": self.flows,
            "partnerCode": self.partners,
            "qtyUnitCode": () if self.quantity_unit is None else (self.quantity_unit,),
        }
        found = {name: ",".join(map(str, values)) for name, values in lists.items() if values}
        return found if self.has_breakdown else found | TOTALS.get(self.service, {})

    @property
    def path(self) -> str:
        """`get/C/A/HS`: commodities, annual, Harmonized System."""
        return f"{self.service}/C/{self.frequency}/{self.classification}"

    @property
    def query(self) -> str:
        """The call as the manifest names it: no host, no key."""
        return f"{self.path}?{joined(self.parameters())}"

    @property
    def scope(self) -> str:
        """What two calls must share for the rows of one to stand for those of the other."""
        partners = ",".join(map(str, sorted(self.partners)))
        return f"{self.path} partners={partners} breakdown={self.has_breakdown}"

    def url(self, prefix: str, **extra: str | int) -> str:
        """Full address; `prefix` is `https://host/data/v1/get`."""
        parameters = self.parameters() | {name: str(one) for name, one in extra.items()}
        return f"{prefix}/C/{self.frequency}/{self.classification}?{joined(parameters)}"

    def has(self, pair: Pair) -> bool:
        """True if rows of this reporter and period can be in the answer."""
        return (not self.reporters or pair[0] in self.reporters) and pair[1] in self.periods


def check_periods(periods: Sequence[int], frequency: str) -> None:
    """Raise InputError for periods of the wrong form, which the API would answer with silence."""
    if not periods:
        raise InputError("no period was named: give years (2020), or months (202003) with monthly data")
    for period in periods:
        annual = is_annual(period)
        if annual != (frequency == "A"):
            form = "a year such as 2020" if frequency == "A" else "a month such as 202003"
            raise InputError(f"period {period} does not go with frequency {frequency}: give {form}")
        if (period if annual else period // 100) < FIRST_YEAR:
            raise InputError(f"period {period} is before {FIRST_YEAR}, where UN Comtrade begins: give a later one")


def check_codes(commodities: Sequence[str], flows: Sequence[str], classification: str) -> None:
    """Raise InputError for codes that no list of UN Comtrade knows."""
    for flow in flows:
        if flow not in FLOW_CODES:
            raise InputError(f"flow code {flow!r} is unknown to UN Comtrade: use one of {', '.join(FLOW_CODES)}")
    for code in commodities:
        if not _COMMODITY.fullmatch(code):
            raise InputError(f"commodity {code!r} is no HS code: give 2, 4 or 6 digits, or TOTAL")
    if classification not in CLASSIFICATIONS:
        raise InputError(f"classification {classification!r} is unknown: use one of {', '.join(CLASSIFICATIONS)}")


def numbers(code: str) -> tuple[int, ...]:
    """Comtrade numbers of an area, former ones included; none for user-assigned codes."""
    listed = canonical(code)
    today = areas()[listed].numeric if listed in areas() else None
    former = [number for number, owner in FORMER_NUMBERS.items() if owner == listed]
    return tuple(sorted(former if today is None else [today, *former]))


def joined(parameters: Mapping[str, str]) -> str:
    """Query string. Commas stay as they are: encoded they would triple, and the address has a limit."""
    return "&".join(f"{name}={value}" for name, value in parameters.items())
