"""Parameters of the world's samples."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Element:
    """An analyte: what rock and water ordinarily hold of it, and what a good laboratory can see."""

    crust_mg_kg: float
    river_ug_l: float
    limit_mg_kg: float
    limit_ug_l: float
    group: str
    """Elements of one group rise and fall together: sulphide, mafic, granite, or process (added by people)."""
    dissolved: float
    """Share of what a site releases that stays dissolved."""


@dataclass(frozen=True)
class Laboratory:
    """How a laboratory works: its faults are multiplicative, with a floor at its detection limits."""

    name: str
    method: str
    precision: float
    """Relative standard deviation of one measurement."""
    bias_sd: float
    """Standard deviation of the logarithm of its bias, drawn once for each analyte."""
    limit_factor: float
    """Its detection limits beside those of the elements."""
    isotope_precision: float | None = None
    """Relative standard deviation of lead isotope ratios; None where it does not measure them."""
    recovered: dict[str, float] = field(default_factory=dict)
    """Share of an analyte in solids that its digestion brings into solution; 1 where not listed."""
    analytes: tuple[str, ...] = ()
    """Those that it measures; all where empty."""
    units: dict[str, str] = field(default_factory=dict)
    """Units in which it writes analytes of solids; mg/kg where not listed."""
    share: float = 1.0
    """Share of samples that it gets, beside the others' shares."""
    takes_water: bool = True


def _elements() -> dict[str, Element]:
    """Upper crust: Rudnick and Gao 2003; dissolved in rivers: Gaillardet, Viers and Dupre 2003; rounded, filled."""
    rows = {
        "Au": (0.0015, 0.0005, 0.001, 0.002, "sulphide", 0.001),
        "Ag": (0.053, 0.004, 0.01, 0.005, "sulphide", 0.002),
        "As": (4.8, 0.62, 0.2, 0.05, "sulphide", 0.02),
        "Sb": (0.4, 0.07, 0.05, 0.01, "sulphide", 0.02),
        "Hg": (0.05, 0.002, 0.005, 0.001, "sulphide", 0.02),
        "Cu": (28.0, 1.48, 0.2, 0.05, "sulphide", 0.004),
        "Pb": (17.0, 0.079, 0.1, 0.01, "sulphide", 0.001),
        "Zn": (67.0, 0.6, 0.5, 0.2, "sulphide", 0.005),
        "Cd": (0.09, 0.08, 0.01, 0.005, "sulphide", 0.02),
        "Se": (0.09, 0.07, 0.1, 0.05, "sulphide", 0.05),
        "Te": (0.02, 0.001, 0.02, 0.01, "sulphide", 0.005),
        "Ni": (47.0, 0.8, 0.2, 0.05, "mafic", 0.003),
        "Co": (17.3, 0.15, 0.05, 0.005, "mafic", 0.002),
        "Cr": (92.0, 0.7, 0.5, 0.05, "mafic", 0.001),
        "Fe": (39_200.0, 66.0, 50.0, 1.0, "mafic", 0.0005),
        "Mn": (774.0, 34.0, 2.0, 0.05, "mafic", 0.01),
        "Al": (81_500.0, 32.0, 100.0, 0.5, "granite", 0.0002),
        "Sn": (2.1, 0.01, 0.1, 0.01, "granite", 0.0005),
        "W": (1.9, 0.1, 0.05, 0.01, "granite", 0.01),
        "Nb": (12.0, 0.0017, 0.05, 0.002, "granite", 0.0001),
        "Ta": (0.9, 0.0011, 0.02, 0.002, "granite", 0.0001),
        "U": (2.7, 0.37, 0.02, 0.002, "granite", 0.03),
        "CN": (0.01, 0.05, 0.2, 2.0, "process", 0.5),
    }
    return {name: Element(*row) for name, row in rows.items()}


def _enriched() -> dict[str, dict[str, float]]:
    """Ore over crust by setting, without the metal that is mined, whose content is the deposit's grade.

    Keys are a setting, or a family and a setting where families differ. Orders of magnitude from descriptive models of
    the US Geological Survey (Bulletin 1693).
    """
    return {
        "orogenic_vein": {"Ag": 20, "As": 200, "Sb": 20, "Te": 30, "W": 10, "Pb": 3, "Hg": 5, "Fe": 1.5},
        "gold:placer": {"Ag": 2, "Hg": 1.3, "W": 3, "Sn": 3, "Cr": 3, "Fe": 2, "Nb": 2, "As": 2},
        "laterite": {"Co": 25, "Cr": 60, "Fe": 8, "Mn": 5, "Zn": 2, "Cu": 1.5, "Pb": 0.5, "U": 0.3, "Al": 0.5},
        "bauxite:laterite": {"Fe": 3, "Cr": 3, "Nb": 3, "U": 2, "Ta": 2, "Sn": 2, "Mn": 0.3},
        "sulphide": {"Cu": 200, "Co": 15, "Se": 60, "Te": 30, "Ag": 20, "Au": 20, "Fe": 4, "Cr": 4},
        "granite_greisen": {"W": 60, "As": 50, "Nb": 3, "Ta": 5, "Sn": 100, "U": 4, "Cu": 3, "Pb": 3, "Zn": 3, "Cd": 3},
        "pegmatite": {"Nb": 10, "Ta": 30, "Sn": 30, "U": 5, "W": 3, "Mn": 2, "Cr": 0.2},
        "placer": {"Nb": 10, "Ta": 10, "W": 10, "Sn": 30, "U": 4, "Fe": 2},
        "sediment_hosted": {"U": 8, "Se": 40, "Ag": 15, "As": 5, "Ni": 4, "Co": 20, "Cu": 100, "Zn": 2, "Pb": 2},
        "porphyry": {"Ag": 30, "Au": 100, "Se": 30, "Te": 30, "As": 10, "Cu": 80, "Zn": 3, "Pb": 3, "W": 5},
        "river": {"Al": 0.5, "Fe": 0.7},
        "beach": {"Cr": 4, "Fe": 2, "Nb": 4, "Al": 0.4},
    }


def _laboratories() -> tuple[Laboratory, ...]:
    fresh = {"Sn": 0.25, "Ta": 0.1, "Nb": 0.15, "W": 0.3, "Cr": 0.35, "Al": 0.3, "U": 0.7}
    field_set = ("As", "Cu", "Pb", "Zn", "Ni", "Cr", "Fe", "Mn", "Sn", "Nb", "W", "U", "Sb", "Ag")
    return (
        Laboratory("Ostrelle Geochemical", "four-acid ICP-MS; MC-ICP-MS", 0.04, 0.03, 1.0, 0.00015, share=0.35),
        Laboratory(
            "Velmar Analytical", "aqua regia ICP-MS; Q-ICP-MS", 0.06, 0.05, 2.0, 0.002, fresh, units={"Au": "ug/kg"},
            share=0.35,
        ),
        Laboratory(
            "Cordane Assay", "fire assay; ICP-OES", 0.08, 0.08, 15.0, None, units={"Fe": "%", "Al": "%"}, share=0.2,
        ),
        Laboratory(
            "Tannick Field Unit", "portable XRF", 0.15, 0.15, 60.0, None, analytes=field_set, share=0.1,
            takes_water=False,
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Samples:
    """Parameters of the world's samples."""

    elements: dict[str, Element] = field(default_factory=_elements)
    """Analytes by chemical symbol; CN is cyanide."""
    metals: dict[str, str] = field(
        default_factory=lambda: {
            "gold": "Au", "nickel": "Ni", "bauxite": "Al", "tin": "Sn", "tantalum": "Ta", "cobalt": "Co",
            "copper": "Cu",
        }
    )  # fmt: skip
    """Element whose content is the grade, by family; sand and timber have none."""
    enriched: dict[str, dict[str, float]] = field(default_factory=_enriched)
    """Ore over crust."""
    laboratories: tuple[Laboratory, ...] = field(default_factory=_laboratories)
    """Who measures."""
    deposit_sd: float = 0.45
    """Standard deviation of a deposit's own log offset in each group and again in each element."""
    district_sd: float = 0.6
    """Standard deviation of what neighbouring deposits and the rocks around share."""
    ore_sd: float = 0.45
    """Standard deviation of samples of one deposit, in each group and again in each element."""
    grab_sd: float = 0.2
    """Standard deviation of samples of one river bed or water, each element."""
    background_sd: float = 0.35
    """Standard deviation of log background between sub-basins, each element."""
    ages_ga: dict[str, tuple[float, float]] = field(
        default_factory=lambda: {"porphyry": (0.01, 0.2), "sediment_hosted": (0.3, 1.0), "granite_greisen": (0.1, 0.6)}
    )
    """Youngest and oldest ore by setting, 1e9 years; others are as old as their province."""
    province_ga: tuple[float, float] = (0.1, 2.8)
    """Youngest and oldest province."""
    mu_sd: float = 0.02
    """Relative standard deviation of U/Pb of the source of lead between provinces, and half of it between deposits."""
    kappa_sd: float = 0.02
    """Of Th/U likewise."""
    ore_deposits: float = 0.4
    """Share of deposits that anybody has sampled."""
    ore_samples: tuple[int, int] = (3, 8)
    """Fewest and most samples of such a deposit."""
    river_sites: float = 0.3
    """Share of sites above and below which the river is sampled."""
    below_km: tuple[float, float] = (20.0, 350.0)
    """How far below a site such samples lie."""
    river_points: float = 0.15
    """Further points on rivers, for each reach."""
    residue_sites: float = 0.3
    """Share of artisanal and illegal metal sites from which residues are taken."""
    duplicates: float = 0.07
    """Share of samples that are measured twice, half of them by another laboratory."""
    blanks: float = 0.03
    """Blanks for each sample."""
    references: float = 0.04
    """Measurements of reference materials for each sample."""
    reference_materials: dict[str, str] = field(
        default_factory=lambda: {
            "RMX-1 vein ore": "orogenic_vein", "RMX-2 stream sediment": "crust", "RMX-3 laterite": "laterite",
        }
    )  # fmt: skip
    """Invented ones, each with the setting whose rock it is; certificates are rows of the laboratory "certificate"."""
    isotope_share: float = 0.6
    """Share of solid samples whose lead isotopes are measured, where the laboratory can."""
    blank_share: float = 0.15
    """What reagents and dust add, beside a good laboratory's detection limit."""
    erosion_t_km2: float = 120.0
    """Sediment that sub-basins yield a year, median; the world's rivers carry 10 to 1,000."""
    erosion_sd: float = 0.6
    """Standard deviation of its logarithm."""
    season_swing: float = 0.6
    """Swing of discharge about its mean through the year; wettest in local summer."""
    season_power: float = 1.5
    """Sediment of the background goes with this power of discharge; sites work in the dry season too."""
    outcrop_km2: float = 3.0
    """Ore that an untouched deposit shows to rain: natural sources look like small sites."""
    open_ground_t_ha: float = 60.0
    """Sediment from a hectare of open ground a year."""
    ore_in_open_ground: float = 0.15
    """Share of it that is ore."""
    tailings_lost: dict[str, float] = field(
        default_factory=lambda: {"legal_mine": 0.002, "artisanal": 0.25, "illegal": 0.35}
    )
    """Share of the rock that was dug whose fine residue reaches the river."""
    recovery: dict[str, float] = field(
        default_factory=lambda: {"mercury": 0.45, "cyanide": 0.88, "gravity": 0.4, "none": 0.8}
    )
    """Share of the metal that processing wins."""
    mercury_per_gold: float = 1.4
    """Mercury lost for each kg of gold won by amalgamation, median; 1 to 5 in practice."""
    mercury_sd: float = 0.4
    """Standard deviation of its logarithm between sites."""
    mercury_to_river: float = 0.35
    """Share of lost mercury that goes to ground and water; the rest goes up as vapour."""
    cyanide_kg_t: float = 0.5
    """Cyanide for each tonne of ore leached."""
    cyanide_lost: dict[str, float] = field(
        default_factory=lambda: {"legal_mine": 0.0005, "artisanal": 0.05, "illegal": 0.08}
    )
    """Share of it that reaches the river."""
    fade_km: dict[str, float] = field(default_factory=lambda: {"Hg": 300.0, "CN": 120.0})
    """Distance down the river over which what sites add falls by e: settling, and decay of cyanide."""
    process_water_m3_t: float = 8.0
    """Water that a tonne of rock takes through a site."""
