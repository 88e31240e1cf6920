"""Ports and vessels of bills, where exactly one place or vessel fits what was written; else the cell stays as text."""

from collections import defaultdict

import polars as pl

from graphs.country_names import plain
from graphs.errors import UnknownCode
from graphs.manifest_rows import country_of

CALLED_AT = ("port", "airport", "anchorage", "border")
"""Kinds of places at which goods change hands, those meant first in front."""

Known = dict[str, list[tuple[str, str, str | None]]]
"""Kind, place_id and country of every place by what it is called."""


def joined(manifests: pl.DataFrame, places: pl.DataFrame, vessels: pl.DataFrame) -> pl.DataFrame:
    """Manifests with from_place, to_place (tables `places`) and track_id (table `vessels`) filled in where one fits."""
    known = _known(places)
    texts = pl.concat([manifests["from_text"], manifests["to_text"]]).unique().sort().to_list()
    found = {text: place_of(text, known) for text in texts if text is not None}
    told = pl.DataFrame(list(found.items()), schema={"text": pl.String, "place": pl.String}, orient="row")
    ships = vessels.drop_nulls("imo").group_by("imo").agg(pl.col("track_id").min(), pl.len().alias("ships"))
    tracks = ships.filter(pl.col("ships") == 1).select("imo", "track_id")
    answer = manifests.drop("from_place", "to_place", "track_id")
    for side in ("from", "to"):
        places_of = told.rename({"text": f"{side}_text", "place": f"{side}_place"})
        answer = answer.join(places_of, on=f"{side}_text", how="left", maintain_order="left")
    return answer.join(tracks, on="imo", how="left", maintain_order="left").select(manifests.columns)


def place_of(text: str, known: Known) -> str | None:
    """place_id for a UN/LOCODE, or for a name with or without its country behind a comma; None unless one place fits.

    Of places of one name the first kind of CALLED_AT counts, and only if it has one place.
    """
    whole, country = plain(text), None
    listed = known.get(whole.replace(" ", ""), []) if len(whole.replace(" ", "")) == 5 else []
    name, comma, behind = text.rpartition(",")
    if not listed:
        listed = known.get(whole, [])
    if not listed and comma:
        try:
            country = country_of(behind.strip())
        except UnknownCode:
            return None
        listed = [one for one in known.get(plain(name), []) if one[2] == country]
    for kind in CALLED_AT:
        of_kind = {place for its_kind, place, _ in listed if its_kind == kind}
        if of_kind:
            return of_kind.pop() if len(of_kind) == 1 else None
    return None


def _known(places: pl.DataFrame) -> Known:
    """Places that count, by name and by UN/LOCODE; a code that is also a name stands for both."""
    found: Known = defaultdict(list)
    counted = places.filter(pl.col("same_as").is_null(), pl.col("kind").cast(pl.String).is_in(CALLED_AT)).sort(
        "place_id"
    )
    for kind, place, country, name, locode in counted.select(
        "kind", "place_id", "country", "name", "locode"
    ).iter_rows():
        for called in {plain(name), plain(locode or "")} - {""}:
            found[called].append((kind, place, country))
    return dict(found)
