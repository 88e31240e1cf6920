"""Minerals, sand and timber of the world: how each family is priced, dug and spread over countries.

World totals, shares of countries and prices are of the order of the real ones in 2018-2024 (World Mining Data, USGS
Mineral Commodity Summaries, FAO, London and Shanghai exchanges). What nobody measures is set by hand: the share of
illegal output, and how zones move.
"""

from dataclasses import dataclass

COUNTRIES = 60
"""Countries of the world that `Mineral.output_kg`, `artisanal_sites` and `illegal_zones` describe."""


@dataclass(frozen=True)
class Mineral:
    """How one family is priced, dug and spread over countries."""

    family: str
    price_usd_per_kg: float
    """Long-run price of one kg of the basis as metal, sand or logs."""
    price_volatility: float
    """Standard deviation of the yearly log price change without jumps."""
    products: tuple[tuple[str, float, float], ...]
    """HS code, kg of the basis in one kg, share of that content's price that is paid (above 1 for worked goods)."""
    output_kg: float
    """Output of a world of 60 countries in a year, kg of the basis, all kinds of sites together."""
    rank_exponent: float
    """The producer of rank r has a share in proportion to r to the power of minus this."""
    artisanal_share: float
    illegal_share: float
    artisanal_sites: int
    illegal_zones: int
    """Over all years; about half of them are at work at one time."""
    legal_depth_m: float
    """Metres of ore under one square metre of opened ground, waste not counted."""
    small_depth_m: float
    """The same in artisanal sites and illegal zones."""
    density_kg_m3: float
    """Of the ground as it lies; for timber kg of wood on one m2, of which the depth is the share that is felled."""
    recovery: float
    """Share of the content that a legal mine wins; small sites win `Mining.small_recovery` of that."""
    ways: tuple[float, float, float, float]
    """Weights of where a zone opens: along a river, in a protected area, on ground of nobody, beside a permit."""
    drift_km_month: float
    """Median speed with which the centre of an illegal zone moves."""
    regrowth_factor: float
    """How much faster than `Mining.regrowth_per_month` the ground closes again."""
    ban: str
    """HS codes that an export ban on the raw good names; empty where none is ever banned."""


MINERALS = (
    Mineral(
        family="gold",
        price_usd_per_kg=50_000.0,
        price_volatility=0.15,
        products=(("710812", 0.995, 0.995), ("261690", 0.00006, 0.92), ("711291", 0.4, 0.96)),
        output_kg=3.5e6,
        rank_exponent=0.75,
        artisanal_share=0.17,
        illegal_share=0.08,
        artisanal_sites=220,
        illegal_zones=180,
        legal_depth_m=15.0,
        small_depth_m=4.0,
        density_kg_m3=2200.0,
        recovery=0.9,
        ways=(0.5, 0.25, 0.15, 0.3),
        drift_km_month=0.12,
        regrowth_factor=1.0,
        ban="",
    ),
    Mineral(
        family="nickel",
        price_usd_per_kg=17.0,
        price_volatility=0.3,
        products=(("260400", 0.012, 0.25), ("750110", 0.65, 0.78), ("750210", 0.999, 1.0)),
        output_kg=2.6e9,
        rank_exponent=1.45,
        artisanal_share=0.0,
        illegal_share=0.03,
        artisanal_sites=0,
        illegal_zones=30,
        legal_depth_m=8.0,
        small_depth_m=5.0,
        density_kg_m3=1500.0,
        recovery=0.85,
        ways=(0.0, 0.3, 0.2, 0.5),
        drift_km_month=0.06,
        regrowth_factor=1.0,
        ban="2604",
    ),
    Mineral(
        family="bauxite",
        price_usd_per_kg=2.0,
        price_volatility=0.18,
        products=(("260600", 0.24, 0.085), ("281820", 0.525, 0.34), ("760110", 0.998, 1.0)),
        output_kg=8.6e10,
        rank_exponent=0.9,
        artisanal_share=0.0,
        illegal_share=0.015,
        artisanal_sites=0,
        illegal_zones=24,
        legal_depth_m=5.0,
        small_depth_m=3.0,
        density_kg_m3=1600.0,
        recovery=0.95,
        ways=(0.0, 0.15, 0.25, 0.6),
        drift_km_month=0.05,
        regrowth_factor=1.0,
        ban="2606",
    ),
    Mineral(
        family="tin",
        price_usd_per_kg=24.0,
        price_volatility=0.24,
        products=(("260900", 0.55, 0.92), ("800110", 0.999, 1.0)),
        output_kg=3.0e8,
        rank_exponent=0.95,
        artisanal_share=0.22,
        illegal_share=0.05,
        artisanal_sites=45,
        illegal_zones=36,
        legal_depth_m=6.0,
        small_depth_m=4.0,
        density_kg_m3=1900.0,
        recovery=0.75,
        ways=(0.35, 0.2, 0.2, 0.25),
        drift_km_month=0.1,
        regrowth_factor=1.0,
        ban="2609",
    ),
    Mineral(
        family="tantalum",
        price_usd_per_kg=250.0,
        price_volatility=0.2,
        products=(("261590", 0.2, 0.8), ("810320", 0.998, 1.0)),
        output_kg=2.0e6,
        rank_exponent=1.0,
        artisanal_share=0.35,
        illegal_share=0.06,
        artisanal_sites=40,
        illegal_zones=36,
        legal_depth_m=8.0,
        small_depth_m=4.0,
        density_kg_m3=2000.0,
        recovery=0.65,
        ways=(0.15, 0.35, 0.4, 0.1),
        drift_km_month=0.08,
        regrowth_factor=1.0,
        ban="261590",
    ),
    Mineral(
        family="cobalt",
        price_usd_per_kg=42.0,
        price_volatility=0.32,
        products=(("260500", 0.08, 0.6), ("282200", 0.3, 0.72), ("810520", 0.35, 0.92)),
        output_kg=1.5e8,
        rank_exponent=1.9,
        artisanal_share=0.12,
        illegal_share=0.04,
        artisanal_sites=25,
        illegal_zones=26,
        legal_depth_m=20.0,
        small_depth_m=5.0,
        density_kg_m3=2100.0,
        recovery=0.75,
        ways=(0.0, 0.05, 0.3, 0.65),
        drift_km_month=0.04,
        regrowth_factor=1.0,
        ban="2605",
    ),
    Mineral(
        family="copper",
        price_usd_per_kg=7.5,
        price_volatility=0.22,
        products=(("260300", 0.25, 0.9), ("740311", 0.9999, 1.0)),
        output_kg=2.0e10,
        rank_exponent=0.85,
        artisanal_share=0.0,
        illegal_share=0.01,
        artisanal_sites=0,
        illegal_zones=28,
        legal_depth_m=40.0,
        small_depth_m=6.0,
        density_kg_m3=2500.0,
        recovery=0.85,
        ways=(0.0, 0.1, 0.3, 0.6),
        drift_km_month=0.04,
        regrowth_factor=1.0,
        ban="2603",
    ),
    Mineral(
        family="sand",
        price_usd_per_kg=0.014,
        price_volatility=0.07,
        products=(("250590", 1.0, 1.0),),
        output_kg=6.0e11,
        rank_exponent=0.6,
        artisanal_share=0.1,
        illegal_share=0.05,
        artisanal_sites=60,
        illegal_zones=45,
        legal_depth_m=5.0,
        small_depth_m=3.0,
        density_kg_m3=1600.0,
        recovery=0.95,
        ways=(0.8, 0.1, 0.05, 0.15),
        drift_km_month=0.1,
        regrowth_factor=2.0,
        ban="2505",
    ),
    Mineral(
        family="timber",
        price_usd_per_kg=0.2,
        price_volatility=0.11,
        products=(("440349", 1.0, 1.0), ("440729", 1.0, 3.3), ("440929", 1.0, 5.0)),
        output_kg=2.0e11,
        rank_exponent=0.7,
        artisanal_share=0.0,
        illegal_share=0.03,
        artisanal_sites=0,
        illegal_zones=90,
        legal_depth_m=1.0,
        small_depth_m=0.5,
        density_kg_m3=25.0,
        recovery=0.9,
        ways=(0.0, 0.6, 0.25, 0.2),
        drift_km_month=0.3,
        regrowth_factor=10.0,
        ban="4403",
    ),
)
"""Contents are those of `graphs.commodities`, but for precious metal ore (60 g of gold in a tonne) and mouldings.
Gold, nickel and cobalt reproduce the real shares of the largest producer in 2022 (11, 49 and 70 %) within a few
points; the timber's 25 kg of wood per m2 is a stand of 300 m3 per ha, of which illegal
felling takes half.
"""
