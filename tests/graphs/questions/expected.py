"""What each question answers on the small graph, worked out by hand from its rows: (question, parameters, rows)."""

from typing import Any

from tests.graphs.questions import expected_ships
from tests.graphs.questions.worlds import HOSTILE

Case = tuple[str, dict[str, Any], list[tuple[Any, ...]]]
GOLD_2020 = {"commodity": "gold", "year": 2020, "min_value_usd": 0}
NICKEL = {"commodity": "nickel", "since": 2018, "until": 2021}
TAIWAN = "Other Asia, n.e.s. (Taiwan)"
NOWHERE = "Areas, n.e.s."
SEA_SAND = "Ministry of Mines and Energy, 10 July 2017: sea sand"
IVORY = "Côte d'Ivoire"
BANNED = {"exporter": "IDN", "commodity": "nickel", "year": 2020, "window": 2, "min_value_usd": 0}
FIRST = (1, "agnostic:comtrade:XAA:XBB:260400:2020:2025-01-31", "XAA", "XBB", "260400", 2020, 2, "mirror_gap", None)
FIRST_ALERT = (*FIRST, 2000.0, None, True, HOSTILE)
SECOND = (
    2,
    "agnostic:comtrade:XAA:XDD:260400:2020:2025-01-31",
    "XAA",
    "XDD",
    "260400",
    2020,
    1,
    "one_sided",
    "transit",
)
SECOND_ALERT = (*SECOND, None, None, False, "Alert 2 of the list.")
THIRD = (
    3,
    "agnostic:comtrade:XEE:XBB:260400:2020:2025-01-31",
    "XEE",
    "XBB",
    "260400",
    2020,
    1,
    "mirror_gap",
    "transit",
)
THIRD_ALERT = (*THIRD, 5000.0, None, True, "Alert 3 of the list.")

CASES: list[Case] = [
    *expected_ships.CASES,
    # Nothing reported: XEE and CIV in 2020. XAA's partner XDD heard nothing from an office that did report.
    (
        "absent-exporters",
        NICKEL | {"min_value_usd": 0},
        [
            ("XEE", "XEE", "XBB", "XBB", "260400", 2020, 5000.0, None),
            ("CIV", IVORY, "CHN", "China", "260400", 2020, 40.0, 4.0),
        ],
    ),
    (
        "absent-importers",
        NICKEL | {"min_value_usd": 0},
        [("XAA", "XAA", "XEE", "XEE", "260400", 2020, 700.0, 7.0)],
    ),
    (
        "silent-exporters",
        NICKEL | {"min_value_usd": 0},
        [
            ("XAA", "XAA", "XDD", "XDD", "260400", 2020, 4000.0, 50.0),
            ("PHL", "Philippines", "JPN", "Japan", "260400", 2021, 500.0, 50.0),
            ("IDN", "Indonesia", "CHN", "China", "260400", 2020, 90.0, 9.0),
        ],
    ),
    (
        "silent-exporters",
        NICKEL | {"min_value_usd": 500, "limit": 1},
        [("XAA", "XAA", "XDD", "XDD", "260400", 2020, 4000.0, 50.0)],
    ),
    (
        "silent-importers",
        NICKEL | {"min_value_usd": 0},
        [
            ("XBB", "XBB", "XAA", "XAA", "260400", 2020, 6000.0, 600.0),
            ("IDN", "Indonesia", "JPN", "Japan", "260400", 2019, 30.0, 3.0),
        ],
    ),
    # XAA has two alerts in one episode, one of which states no amount: it is counted, not added as zero.
    ("alerts-by-exporter", {}, [("XAA", "XAA", 2, 1, 1, 2, 1, 2000.0, 1), ("XEE", "XEE", 1, 0, 1, 1, 1, 5000.0, 0)]),
    ("alerts-by-exporter", {"list": "learned"}, [("XCC", "XCC", 1, 0, 1, 1, 1, 5.0, 0)]),
    ("alerts-of-a-commodity", NICKEL, [FIRST_ALERT, SECOND_ALERT, THIRD_ALERT]),
    ("alerts-of-a-commodity", NICKEL | {"commodity": "any", "min_level": 2}, [FIRST_ALERT]),
    ("alerts-of-a-country", {"country": "XBB"}, [FIRST_ALERT, THIRD_ALERT]),
    ("alerts-sharing-an-importer", {}, [("XBB", "XBB", 2, 2, 2020, 2020, 7000.0, 0)]),
    (
        "episodes",
        {},
        [
            ("XAA-2020", "XAA", "260400", 2020, 2020, 2, 2, 2, 1, 2000.0, 1),
            ("XEE-2020", "XEE", "260400", 2020, 2020, 1, 1, 1, 3, 5000.0, 0),
        ],
    ),
    (
        "ordinary-causes-of-alerts",
        {},
        [
            ("mirror_gap", "none named", 1, 1, 2000.0, 0),
            ("mirror_gap", "transit", 1, 0, 5000.0, 0),
            ("one_sided", "transit", 1, 0, None, 1),
        ],
    ),
    (
        "both-declarations",
        NICKEL | {"exporter": "XAA", "importer": "XBB"},
        [("260400", 2020, True, True, 1000.0, 3000.0, 100.0, 100.0, False, False)],
    ),
    (
        "both-declarations",
        NICKEL | {"exporter": "XAA", "importer": "XDD"},
        [("260400", 2020, True, True, None, 4000.0, None, 50.0, None, None)],
    ),
    (
        "commodities-of-a-family",
        {"commodity": "nickel"},
        [
            ("260400", "Nickel ores and concentrates", "nickel", "Nickel", "nickel", "mass"),
            ("750110", "Nickel mattes", "nickel", "Nickel", "nickel", "mass"),
        ],
    ),
    # To XBB 6.0 of metal and 0.4 of ores, to XCC 1.0; XBB itself supplies XCC and is no common supplier.
    (
        "common-suppliers",
        GOLD_2020 | {"first": "XBB", "second": "XCC"},
        [("XAA", "XAA", 6.4e6, 1e6, 7.4e6)],
    ),
    (
        "dependence-on-one-supplier",
        GOLD_2020 | {"min_share": 0.8},
        [
            ("XCC", "XCC", "XBB", "XBB", 8.2 / 9.2, 9.2e6, 2),
            ("XAA", "XAA", "XCC", "XCC", 1.0, 3e6, 1),
            ("S19", TAIWAN, "XBB", "XBB", 1.0, 5e5, 1),
        ],
    ),
    (
        "ego-of-a-country",
        GOLD_2020 | {"country": "XBB"},
        [
            ("XBB", "XBB", "XCC", "XCC", 8.2e6, None, True),
            ("XAA", "XAA", "XBB", "XBB", 6.4e6, 4100.0, True),
            ("XCC", "XCC", "XBB", "XBB", 2e6, 40.0, True),
            ("XBB", "XBB", "S19", TAIWAN, 5e5, 10.0, True),
            ("XCC", "XCC", "XAA", "XAA", 3e6, 50.0, False),
            ("XAA", "XAA", "XCC", "XCC", 1e6, 20.0, False),
        ],
    ),
    (
        "estimated-masses",
        NICKEL | {"min_value_usd": 0},
        [("XCC", "XBB", "750110", 2020, "import", "XBB", 5.0, 4.0)],
    ),
    (
        "export-bans",
        {"exporter": "Cambodia"},
        [
            ("KHM:2505:2017-07-10", "KHM", "Cambodia", "2505", "2017-07-10", None, 0, SEA_SAND),
        ],
    ),
    # 1000 + 2000 against 3000 + 2500; what only one side declares is not in it.
    (
        "exporters-below-their-partners",
        NICKEL | {"min_value_usd": 10},
        [
            ("XAA", "XAA", 2, 2, 3000.0, 5500.0, 2500.0, 5.5 / 3),
            ("IDN", "Indonesia", 2, 1, 300.0, 330.0, 30.0, 1.1),
            ("PHL", "Philippines", 2, 1, 340.0, 350.0, 10.0, 35 / 34),
        ],
    ),
    # Price 6,000,000 / 100: exports 7.4 M are 123.333 kg, imports 3 M 50 kg, production at most 55 kg.
    (
        "exports-above-production",
        {"commodity": "gold", "year": 2020, "price_from_usd": 6e6},
        [("XAA", "XAA", 55.0, 123.333, 50.0, 18.333, 7.4e6, 60000.0)],
    ),
    (
        "exports-above-production",
        {"commodity": "nickel", "year": 2020},
        [("XAA", "XAA", 1100.0, 5000.0, 500.0, 3400.0, 10000.0, None)],
    ),
    (
        "fast-growing-pairs",
        GOLD_2020 | {"min_ratio": 2},
        [("XAA", "XAA", "XBB", "XBB", 1.5e6, 6.4e6, 6.4 / 1.5, 4.9e6)],
    ),
    (
        "gaps-of-an-office",
        NICKEL | {"country": "XAA"},
        [("XBB", "exporter", 1, 1000.0, 3000.0, 2000.0, 2000.0), ("XCC", "exporter", 1, 2000.0, 2500.0, 500.0, 500.0)],
    ),
    (
        "gaps-of-an-office",
        NICKEL | {"country": "XBB"},
        [
            ("XAA", "importer", 1, 3000.0, 1000.0, -2000.0, 2000.0),
            ("XCC", "importer", 1, 5.0, 10.0, 5.0, 5.0),
        ],
    ),
    (
        "habitual-gaps",
        NICKEL | {"factor": 2, "min_partners": 1},
        [("XAA", "XAA", 2, 1, 0, 0.5, 3000.0, 5500.0)],
    ),
    # XEE is listed as a producer of unknown output: neither a producer to count nor a country without production.
    (
        "hubs-without-production",
        GOLD_2020,
        [
            ("XBB", "XBB", 8.7e6, None, 2, 8.4e6, 4140.0, 2, 2),
            ("XCC", "XCC", 5e6, 90.0, 2, 9.2e6, None, 2, 2),
        ],
    ),
    (
        "imports-under-a-ban",
        {"year": 2020},
        [("IDN", "CHN", "China", "260400", 90.0, None, 90.0, "IDN:2604:2020-01-01", "2020-01-01")],
    ),
    ("imports-under-a-ban", {"year": 2019}, []),  # the first ban had ended, the second not begun
    (
        "largest-flows",
        GOLD_2020 | {"limit": 2},
        [("XBB", "XBB", "XCC", "XCC", 8.2e6, None, 2), ("XAA", "XAA", "XBB", "XBB", 6.4e6, 4100.0, 2)],
    ),
    # Exports 7.4, 8.7, 5.0 of 21.1 and, a year before, 1.5, 4.0, 0.7 of 6.2 million.
    (
        "market-concentration",
        {"commodity": "gold", "since": 2018, "until": 2021},
        [
            (2019, 3, 6.2e6, (1.5**2 + 4.0**2 + 0.7**2) / 6.2**2, 4.0 / 6.2),
            (2020, 3, 21.1e6, (7.4**2 + 8.7**2 + 5.0**2) / 21.1**2, 8.7 / 21.1),
        ],
    ),
    ("materials-of-a-country", {"country": "XBB", "year": 2020}, [("gold", HOSTILE, 8.7e6, 8.4e6, 8.7e6)]),
    ("mutual-triads", GOLD_2020, []),
    (
        "mutual-triads",
        {"commodity": "nickel", "year": 2021, "min_value_usd": 0},
        [("XAA", "XBB", "XCC", 1000.0, 21000.0)],
    ),
    (
        "new-pairs",
        GOLD_2020 | {"window": 2},
        [
            ("XBB", "XBB", "XCC", "XCC", 8.2e6, None, 1),
            ("XCC", "XCC", "XAA", "XAA", 3e6, 50.0, 1),
            ("XAA", "XAA", "XCC", "XCC", 1e6, 20.0, 1),
            ("XBB", "XBB", "S19", TAIWAN, 5e5, 10.0, 1),
        ],
    ),
    ("new-pairs", GOLD_2020 | {"year": 2019}, []),  # no year before it is held: nothing can be called new
    (
        "new-routes-after-a-ban",
        BANNED | {"min_former_usd": 0},
        [
            ("PHL", "Philippines", "JPN", "Japan", 2021, 500.0, 1, 30.0),
            ("CIV", IVORY, "CHN", "China", 2020, 100.0, 2, 330.0),
        ],
    ),
    ("new-routes-after-a-ban", BANNED | {"min_former_usd": 0, "year": 2018}, []),  # no ban stood that year
    (
        "successors-after-a-ban",
        BANNED,
        [("PHL", "Philippines", 2, 50.0, 800.0, 750.0), ("CIV", IVORY, 1, None, 100.0, 100.0)],
    ),
    (
        "pair-by-year",
        {"exporter": "XAA", "importer": "XBB", "commodity": "gold", "since": 2018, "until": 2021},
        [(2019, 1.5e6, 30.0, 50000.0, 1), (2020, 6.4e6, 4100.0, 6.4e6 / 4100, 2)],
    ),
    (
        "partners-of-a-country",
        GOLD_2020 | {"country": "XBB"},
        [
            ("XCC", "XCC", 8.2e6, None, 2e6, 40.0, 8.2e6),
            ("XAA", "XAA", None, None, 6.4e6, 4100.0, 6.4e6),
            ("S19", TAIWAN, 5e5, 10.0, None, None, 5e5),
        ],
    ),
    # Ores at 100 and 200 USD per kg, weighted by 0.4 and 0.2 million: 133.33. Metal lies within a factor of 1.2.
    (
        "price-outliers",
        GOLD_2020 | {"factor": 1.2},
        [
            ("XAA", "XBB", "261690", 4e5, 4000.0, 100.0, 400 / 3, 0.75),
            ("XBB", "XCC", "261690", 2e5, 1000.0, 200.0, 400 / 3, 1.5),
        ],
    ),
    (
        "producers-of-a-commodity",
        {"commodity": "gold", "year": 2020},
        [
            ("XAA", "XAA", "table", "content", 50.0, 45.0, 55.0),
            ("XDD", "XDD", "table", "content", 30.0, 25.0, 35.0),
            ("XEE", "XEE", "table", "content", None, None, None),
        ],
    ),
    ("producers-without-exports", {"commodity": "gold", "year": 2020}, [("XDD", "XDD", 30.0, None, None)]),
    (
        "reexport-chains",
        GOLD_2020,
        [
            ("XAA", "XBB", "XBB", "XCC", 6.4e6, 8.2e6, 6.4e6),
            ("XAA", "XCC", "XCC", "XBB", 1e6, 2e6, 1e6),
            ("XAA", "XBB", "XBB", "S19", 6.4e6, 5e5, 5e5),
        ],
    ),
    # 900 of 23,510: of two declarations the larger counts.
    (
        "residual-partners",
        {"since": 2018, "until": 2021},
        [("_X", NOWHERE, "residual", "importer", 1, 1, 900.0, 900 / 23510, 0)],
    ),
    (
        "residual-partners",
        {"since": 2020, "until": 2020, "commodity": "gold", "source": "reconciled"},
        [("S19", TAIWAN, "residual", "importer", 1, 1, 5e5, 0.5 / 21.1, 0)],
    ),
    (
        "who-trades-with-residuals",
        {"year": 2020, "min_value_usd": 0},
        [("XBB", "XBB", "_X", NOWHERE, "importer", 1, 900.0, 0)],
    ),
    (
        "round-trips",
        GOLD_2020,
        [("XBB", "XBB", "XCC", "XCC", 8.2e6, 2e6, 2e6, 2 / 8.2), ("XAA", "XAA", "XCC", "XCC", 1e6, 3e6, 1e6, 1 / 3)],
    ),
    (
        "shared-intermediaries",
        GOLD_2020 | {"exporter": "XAA", "importer": "XCC"},
        [("XBB", "XBB", 6.4e6, 8.2e6, 6.4e6)],
    ),
    (
        "stopped-pairs",
        GOLD_2020 | {"window": 2},
        [("XBB", "XBB", "XAA", "XAA", 7e5, 1, 2019)],
    ),
    ("three-country-loops", GOLD_2020, [("XAA", "XBB", "XCC", 6.4e6, 8.2e6, 3e6, 3e6)]),
    (
        "top-exporters",
        GOLD_2020,
        [
            ("XBB", "XBB", 2, 8.7e6, 8.7 / 21.1, None, 1),
            ("XAA", "XAA", 2, 7.4e6, 7.4 / 21.1, 4120.0, 0),
            ("XCC", "XCC", 2, 5e6, 5 / 21.1, 90.0, 0),
        ],
    ),
    (
        "top-importers",
        GOLD_2020,
        [
            ("XCC", "XCC", 2, 9.2e6, 9.2 / 21.1, None, 1),
            ("XBB", "XBB", 2, 8.4e6, 8.4 / 21.1, 4140.0, 0),
            ("XAA", "XAA", 1, 3e6, 3 / 21.1, 50.0, 0),
            ("S19", TAIWAN, 1, 5e5, 0.5 / 21.1, 10.0, 0),
        ],
    ),
    (
        "unit-values-that-differ",
        NICKEL | {"factor": 2, "min_value_usd": 0},
        [
            ("XAA", "XBB", "260400", 2020, 10.0, 30.0, 3.0, 1.0, 3000.0),
            ("XCC", "XBB", "750110", 2020, 10.0, 1.25, 0.125, 4.0, 10.0),
        ],
    ),
    (
        "what-is-held",
        {"since": 2019, "until": 2020},
        [
            ("baci", 2019, 3, 3, 2, 1, 0, 0, 0),
            ("baci", 2020, 11, 3, 4, 3, 0, 0, 1),
            ("comtrade", 2019, 2, 1, 2, 1, 1, 0, 0),
            ("comtrade", 2020, 11, 7, 7, 2, 4, 0, 1),
        ],
    ),
]
