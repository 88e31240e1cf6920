"""The false-accusation suite: trade that looks implausible and has an ordinary reason.

Each case says why the trade looks odd, what explains it, and which ordinary cause of the product must name that.
`real` cases are read from declarations or reconciled trade as published; `synthetic` ones are tables made up around
published totals, where nothing but the totals is known; `ships` are made up too: calls of ships beside trade that both
sides value alike; `world` ones are the benign artefacts of the training world,
whose truth is known. tests/cases/held.py says what holds of a case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Source = Literal["real", "synthetic", "ships", "world"]


@dataclass(frozen=True)
class Case:
    """Flows that must not rise above level 1 on any list, and what explains them."""

    name: str
    source: Source
    book: str
    """Where the flows are scored: a table of tests.cases.books, .ships or .worlds."""
    trade: str
    """Whose trade in what, and when."""
    looks: str
    """Why it looks implausible."""
    reason: str
    """The ordinary reason."""
    causes: tuple[str, ...]
    """Ordinary causes of the product that tell this reason; one of them must be held against the flows."""
    is_testable: bool = True
    """False where no source can show the reason, so that the cause is told as 'cannot be tested'."""
    exporters: tuple[str, ...] = ()
    """Empty for all."""
    importers: tuple[str, ...] = ()
    commodity: str = ""
    """First digits."""
    years: Sequence[int] = ()


NICKEL, MATTE, GOLD, COPPER, SAWNWOOD = "260400", "750110", "710812", "740311", "440799"
LATE = range(2018, 2024)

REAL = (
    Case(
        "philippine-nickel-2023", "real", "nickel", "Nickel ore from the Philippines to China, 2023",
        "China's declared mass jumps to a multiple of the Philippines'.",
        "China's mass was estimated, not declared; the value is ordinary.",
        ("estimated_mass",), exporters=("PHL",), importers=("CHN",), commodity=NICKEL, years=(2023,),
    ),
    Case(
        "australian-nickel-2022", "real", "nickel", "Nickel ore from Australia to China, 2022",
        "China declares 432 million USD, Australia nothing.",
        "Australia books the trade under areas not specified, to keep one company's figures from being read.",
        ("confidentiality",), exporters=("AUS",), importers=("CHN",), commodity=NICKEL, years=(2022,),
    ),
    Case(
        "australian-nickel-2023", "real", "nickel", "Nickel ore from Australia to China, 2023",
        "China declares 244 million USD; Australia declares this code with nobody, as after a ban.",
        "Australia stopped publishing the code altogether, as it had hidden this trade before.",
        ("reporter_break",), exporters=("AUS",), importers=("CHN",), commodity=NICKEL, years=(2023,),
    ),
    Case(
        "south-african-nickel-finland", "real", "nickel", "Nickel ore from South Africa to Finland, 2010 to 2014",
        "Finland declares up to 382 million USD a year, South Africa next to nothing.",
        "South Africa hardly ever declares this trade: the silence is a habit, and no change.",
        ("habit", "reporter_break"), exporters=("ZAF",), importers=("FIN",), commodity=NICKEL, years=range(2010, 2015),
    ),
    Case(
        "south-african-nickel-china", "real", "nickel", "Nickel ore from South Africa to China, 2017 to 2020",
        "China declares 170 to 200 million USD a year, South Africa next to nothing.",
        "South Africa stopped declaring this code with all its partners.",
        ("reporter_break", "habit"), exporters=("ZAF",), importers=("CHN",), commodity=NICKEL, years=range(2017, 2021),
    ),
    Case(
        "zimbabwean-nickel", "real", "nickel", "Nickel ore from Zimbabwe to South Africa, 2018 to 2023",
        "Zimbabwe exports up to 1,032 million USD a year, South Africa imports a hundred dollars.",
        "Probably another code in South Africa, which this source does not hold.",
        ("coding",), is_testable=False, exporters=("ZWE",), importers=("ZAF",), commodity=NICKEL, years=LATE,
    ),
    Case(
        "chinese-nickel-2016", "real", "nickel", "Nickel ore to China, 2016, from everybody",
        "China's masses stand far from its partners'.",
        "China published no masses that year; those in the file were made from values, with one price for all.",
        ("estimated_mass",), importers=("CHN",), commodity=NICKEL, years=(2016,),
    ),
    Case(
        "new-caledonian-nickel", "real", "nickel", "Nickel ore from New Caledonia, 2017 to 2024",
        "Its partners declare up to 360 million USD a year, New Caledonia nothing.",
        "New Caledonia has published no trade since 2016.",
        ("missing_reporter",), exporters=("NCL",), commodity=NICKEL, years=range(2017, 2025),
    ),
    Case(
        "russian-nickel", "real", "nickel", "Nickel ore from Russia, 2022 to 2024",
        "China declares 320 to 415 million USD a year, Russia nothing.",
        "Russia has published no trade since 2022.",
        ("missing_reporter",), exporters=("RUS",), commodity=NICKEL, years=range(2022, 2025),
    ),
    Case(
        "fob-importers-nickel", "real", "nickel", "Nickel ore and mattes to Canada, Mexico and South Africa",
        "The importer's figure lies below the exporter's, although freight should lift it.",
        "These offices value imports as they left, without freight.",
        ("fob_import",), importers=("CAN", "MEX", "ZAF"),
    ),
    Case(
        "fob-importers-sawnwood", "real", "sawnwood", "Sawn wood to Canada, Mexico and South Africa, 2005 to 2014",
        "The importer's figure lies below the exporter's, although freight should lift it.",
        "These offices value imports as they left, without freight.",
        ("fob_import",), importers=("CAN", "MEX", "ZAF"), commodity=SAWNWOOD,
    ),
    Case(
        "indonesian-sawnwood", "real", "sawnwood", "Sawn wood from Indonesia to China, 2005 to 2013",
        "China declares 6 to 1,600 times what Indonesia does, every year.",
        "Indonesia declares to all partners under a neighbouring code, which this source does not hold.",
        ("coding",), is_testable=False, exporters=("IDN",), importers=("CHN",), commodity=SAWNWOOD,
        years=range(2005, 2015),
    ),
    Case(
        "argentine-gold", "real", "gold", "Gold from Argentina, 2018 to 2023",
        "Exports on record exceed mine output by some 390 tonnes.",
        "The weights are of impure metal; by price the excess is below zero.",
        ("quantity_fault",), exporters=("ARG",), commodity=GOLD, years=LATE,
    ),
    Case(
        "chilean-gold", "real", "gold", "Gold from Chile, 2018 to 2023",
        "Exports on record exceed mine output by some 140 tonnes.",
        "The weights are of impure metal; by price the excess is below zero.",
        ("quantity_fault",), exporters=("CHL",), commodity=GOLD, years=LATE,
    ),
    Case(
        "peruvian-gold", "real", "gold", "Gold from Peru, 2018 to 2023",
        "Exports on record are four times what the price implies: 512 tonnes in 2022.",
        "The weights are of impure metal. What the price leaves, 32 to 53 tonnes a year, stays open.",
        ("quantity_fault",), exporters=("PER",), commodity=GOLD, years=LATE,
    ),
    Case(
        "belgian-gold", "real", "gold", "Gold from Belgium, 2018 to 2023",
        "A country without gold mines exports 10 to 37 tonnes a year more than it imports.",
        "Recycled metal and old stock, which no source counts by country, may be all of it. It stays open.",
        ("scrap",), is_testable=False, exporters=("BEL",), commodity=GOLD, years=LATE,
    ),
    Case(
        "congolese-gold-2023", "real", "gold",
        "Gold from the Republic of the Congo (Brazzaville) to the United Arab Emirates, 2023",
        "461 tonnes are on record from a country that digs hardly any.",
        "The price implies some ten tonnes: a faulty weight. What that leaves stays open.",
        ("quantity_fault",), exporters=("COG",), importers=("ARE",), commodity=GOLD, years=(2023,),
    ),
    Case(
        "russian-gold-armenia", "real", "gold", "Gold from Russia to Armenia, 2018 to 2023",
        "475 tonnes are on record after years of kilograms, almost all of it in 2023.",
        "The price implies 35 tonnes: a faulty weight.",
        ("quantity_fault",), exporters=("RUS",), importers=("ARM",), commodity=GOLD, years=LATE,
    ),
    Case(
        "japanese-gold", "real", "gold", "Gold from Japan, 2018 to 2023",
        "A country without large mines exports some hundred tonnes a year and more.",
        "Probably metal bought decades ago, sold and recycled; no source counts it by country. It stays open.",
        ("scrap",), is_testable=False, exporters=("JPN",), commodity=GOLD, years=LATE,
    ),
    Case(
        "british-gold", "real", "gold", "Gold from Britain, 2018 to 2023",
        "A country without mines is among the largest exporters, and swings by hundreds of tonnes.",
        "London's vaults hold metal for others; no source counts what goes in and out.",
        ("stocks",), is_testable=False, exporters=("GBR",), commodity=GOLD, years=LATE,
    ),
    Case(
        "hong-kong-gold", "real", "gold", "Gold from Hong Kong, 2018 to 2023",
        "A city without mines exports hundreds of tonnes.",
        "It holds and passes on metal of others; no source counts what its vaults hold.",
        ("stocks",), is_testable=False, exporters=("HKG",), commodity=GOLD, years=LATE,
    ),
    Case(
        "guyanese-gold", "real", "gold", "Gold from Guyana, 2018 to 2023",
        "Exports in 2023 are six times the mine output on record.",
        "The source of mine output files French Guiana under Guyana's code, and its figure in place of Guyana's.",
        ("output_record",), exporters=("GUY",), commodity=GOLD, years=LATE,
    ),
)  # fmt: skip

SYNTHETIC = (
    Case(
        "south-african-gold", "synthetic", "south_african_gold", "Gold from South Africa, 2000 to 2014",
        "78.2 billion USD, 67 % of what partners import, are missing from its declarations.",
        "It books the gold under a special partner.",
        ("confidentiality",), exporters=("ZAF",), commodity=GOLD,
    ),
    Case(
        "zambian-copper", "synthetic", "zambian_copper", "Copper from Zambia to Switzerland, 1995 to 2014",
        "Zambia exports 28.9 billion USD, of which Switzerland imports nothing.",
        "Merchants in Switzerland buy it; the goods go elsewhere, and arrive there.",
        ("transit",), exporters=("ZMB",), commodity=COPPER,
    ),
    Case(
        "chilean-copper", "synthetic", "chilean_copper", "Copper from Chile to the Netherlands, 1990 to 2014",
        "Chile exports 16.0 billion USD, of which the Netherlands import nothing.",
        "The goods pass through Rotterdam to other countries, and arrive there.",
        ("transit",), exporters=("CHL",), commodity=COPPER,
    ),
    Case(
        "vault-gold", "synthetic", "vault_gold", "Gold from Britain to Switzerland, 2013",
        "Switzerland takes in five times what Britain declared to it in any year before.",
        "Metal moves from London's vaults to Swiss refineries; no source counts what vaults hold.",
        ("stocks",), is_testable=False, exporters=("GBR",), importers=("CHE",), commodity=GOLD,
    ),
)  # fmt: skip


def _shipped(
    name: str, trade: str, looks: str, reason: str, *causes: str, is_testable: bool = True, commodity: str = "260600"
) -> Case:
    book = name.replace("-", "_")
    return Case(
        f"ships-{name}",
        "ships",
        book,
        trade,
        looks,
        reason,
        causes,
        is_testable,
        ("EXP",),
        ("IMP",),
        commodity,
        (2015,),
    )


SHIPS = (
    _shipped(
        "enough", "Bauxite, 3 Mt a year",
        "Hardly any single month shows ships for a twelfth of it.",
        "Over the year five bulk carriers could have carried it.",
    ),
    _shipped(
        "agreed", "Bauxite that both sides weigh alike", "Ships could have carried a quarter of it.",
        "Two offices that agree have seen the goods: their ships were not seen.", "unseen_ships",
    ),
    _shipped(
        "neighbours-port", "Bauxite of a country that ships through its neighbour's port",
        "One coaster calls at its own port.", "A railway leads to the neighbour's port, where bulk carriers call.",
        "other_ways", is_testable=False,
    ),
    _shipped(
        "no-station", "Bauxite of an island whose only port no receiver hears",
        "No bulk carrier is seen to call there.", "Nobody listens: where a port is not heard, nothing is tested.",
    ),
    _shipped(
        "wet-tonnes", "Bauxite declared as mined, wet", "Ships could not have carried all of the declared mass.",
        "It dries before it is loaded.", "wet_mass",
    ),
    _shipped(
        "through-a-hub", "Bauxite that changes ship on the way", "No ship goes from one country to the other.",
        "All ships of both ends count, wherever they go.",
    ),
    _shipped(
        "unread-month", "Bauxite of a year of which a month of positions is missing",
        "In the days that were read far too few ships called.", "A year with an unread day is not tested.",
    ),
    _shipped(
        "split-identities", "Bauxite on ships that send under shared identities",
        "By identities there are half as many ships.", "Each of the ships on an identity is a track of its own.",
    ),
    _shipped(
        "liners-only", "Nickel matte where only container ships call", "Not one bulk carrier called.",
        "It goes in boxes.", "boxes", commodity="750110",
    ),
    _shipped(
        "silent-in-port", "Bauxite on ships that switch off in port",
        "Receivers work, and none of the ships is seen to call at the exporter's port.",
        "They come back to the importer after days of which nobody saw where they were: they may have loaded there.",
    ),
)  # fmt: skip


def _artefact(kind: str, trade: str, looks: str, reason: str, *causes: str, is_testable: bool = True) -> Case:
    return Case(f"world-{kind.replace('_', '-')}", "world", kind, trade, looks, reason, causes, is_testable)


WORLD = (
    _artefact(
        "transit_misattribution", "Goods that change ship or hands on the way",
        "One side declares trade with a country of which the other knows nothing.",
        "The two name other partners: transit, merchants, the rule of origin.", "transit", "partner_rule",
    ),
    _artefact(
        "neighbour_coding", "Goods that one side puts under the code beside theirs",
        "The exporter or the importer stops declaring the code.",
        "The goods stand under the other code.", "coding", "parent_children",
    ),
    _artefact(
        "wet_dry_mass", "Ore weighed wet where it leaves",
        "A fifth to a third of the mass does not arrive.",
        "It is weighed dry on arrival: a shortfall on arrival hides no export.",
    ),
    _artefact(
        "vault_move", "Bullion that lies abroad for a while",
        "A large amount moves out and back without a sale.", "It moves between vaults.",
        "stocks", "special_codes", is_testable=False,
    ),
    _artefact(
        "toll_refining", "Ore smelted abroad for a fee",
        "One side declares the fee, the other nothing.", "The goods change no owner.",
        "stocks", "trade_system", "partner_rule", is_testable=False,
    ),
    _artefact(
        "reporter_stops", "All trade of an office that falls silent",
        "Its partners declare trade of which it says nothing.", "It publishes nothing any more.",
        "missing_reporter", "reporter_break",
    ),
    _artefact(
        "reporter_break", "All trade of an office that publishes no partners",
        "Its partners declare trade of which it says nothing.", "It publishes its trade without partners.",
        "reporter_break", "missing_reporter", "habit", "parent_children", "confidentiality",
    ),
    _artefact(
        "confidentiality", "A family's exports of one country",
        "Partners declare imports that the exporter does not.", "It books them under areas not specified.",
        "confidentiality", "reporter_break",
    ),
    _artefact(
        "fob_importer", "All imports of an office that values FOB",
        "The importer's figure lies below the exporter's.", "It leaves freight out.", "fob_import",
    ),
    _artefact(
        "estimated_mass", "All masses of an office that makes them from values",
        "Masses of the two sides stand far apart.", "One of them was made from the value.",
        "estimated_mass", "quantity_fault",
    ),
    _artefact(
        "price_spike", "All trade in a year of high prices",
        "Values double within a year.", "The world price does.", "price_move", "stocks", is_testable=False,
    ),
    _artefact(
        "strike", "Exports of a country whose mine stands still",
        "Exports break off and come back.", "A strike; stocks are sold meanwhile.", "stocks", is_testable=False,
    ),
    _artefact(
        "new_mine", "Exports of a country where a mine opens",
        "Exports rise from little to much.", "The mine: both sides declare it, and nothing is unmatched.",
    ),
)  # fmt: skip

CASES: tuple[Case, ...] = (*REAL, *SYNTHETIC, *SHIPS, *WORLD)
LEAST = 16
"""Cases that the suite must hold."""


def of(source: Source) -> list[Case]:
    """Cases of one source, in order."""
    return [case for case in CASES if case.source == source]
