"""What happened to trade and to its statistics: published export bans, and known breaks of reporting.

A collapse of an exporter's declarations is not a ban: confidentiality looks the same. Only a published event
counts; a user's file may add some to those that stand here (graphs.event_rows). A country name in it says what the law
was, and nothing about who broke it.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Ban:
    """An export ban on unprocessed goods."""

    exporter: str
    prefixes: tuple[str, ...]
    """HS codes covered, by their first digits."""
    start: date
    end: date | None
    """Last day, or None while it stands."""
    citation: str


BANS: tuple[Ban, ...] = (
    Ban(
        "IDN",
        ("2604",),
        date(2014, 1, 12),
        date(2017, 1, 11),
        "Regulations GR 1/2014 and MEMR 1/2014; relaxed by MEMR 5/2017",
    ),
    Ban("IDN", ("2604",), date(2020, 1, 1), None, "Regulation MEMR 11/2019 on nickel ore"),
    Ban(
        "IDN",
        ("2606",),
        date(2014, 1, 12),
        date(2017, 1, 11),
        "Regulations GR 1/2014 and MEMR 1/2014; relaxed by MEMR 5/2017",
    ),
    Ban("IDN", ("2606",), date(2023, 6, 10), None, "Law 3/2020, article 170A: unprocessed bauxite from 10 June 2023"),
    Ban("IDN", ("4403",), date(2001, 10, 8), None, "Joint decree 1132/Kpts-II/2001 and 292/MPP/Kep/10/2001 on logs"),
    Ban(
        "GAB",
        ("4403",),
        date(2010, 5, 15),
        None,
        "Decree on the export of logs announced 5 November 2009, in force 15 May 2010",
    ),
    Ban(
        "MMR",
        ("4403",),
        date(2014, 4, 1),
        None,
        "Ministry of Environmental Conservation and Forestry: log exports end 31 March 2014",
    ),
    Ban("LAO", ("4403", "4407"), date(2016, 5, 13), None, "Prime Minister's Order 15/PM of 13 May 2016"),
    Ban("KHM", ("2505",), date(2017, 7, 10), None, "Ministry of Mines and Energy, 10 July 2017: sea sand"),
    Ban(
        "ZWE",
        ("253090",),
        date(2022, 12, 20),
        None,
        "Base Minerals Export Control Order, S.I. 213 of 2022: lithium ores",
    ),
)


@dataclass(frozen=True)
class Break:
    """Years in which an office is known to declare this trade in another way."""

    office: str
    prefixes: tuple[str, ...]
    """HS codes concerned, by their first digits; an empty string stands for all."""
    last_year: int
    """Last year of the other way."""
    reason: str


BREAKS: tuple[Break, ...] = (
    Break("CHE", ("7108",), 2013, "Switzerland publishes its gold trade by country only from 2014"),
    *(
        Break(member, ("",), 1999, "members of the Southern African Customs Union report one by one only from 2000")
        for member in ("BWA", "LSO", "NAM", "SWZ", "ZAF")
    ),
    *(
        Break(member, ("",), 1998, "Belgium and Luxembourg report one by one only from 1999")
        for member in ("BEL", "LUX")
    ),
)

FISCAL_YEARS: tuple[str, ...] = ("AFG", "BGD", "IRN", "NPL", "PAK")
"""Offices whose annual figures follow a fiscal year that does not end in December (UN Comtrade country notes)."""
