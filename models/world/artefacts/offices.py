"""Artefacts of a whole office. Customs applies them; here it is drawn which offices and years."""

from collections.abc import Callable

import polars as pl

from models.world.artefacts.quiet import Done, Quiet, drawn, lasting, numbered, summed
from models.world.totals import totals

CALM = 1.0
"""How much rather offices are taken that no scheme depends on: weight = value over (1 + scheme flows) to this power."""


def reporter_stops(quiet: Quiet, offices: pl.DataFrame) -> Done:
    """An office publishes nothing any more, or for some years."""
    rules, chance = quiet.config.artefacts, quiet.chance("reporter_stops")
    rows = _taken(quiet, offices, "reporter_stops", rules.stopped_years)
    for_good = pl.Series(chance.random(rows.height) < rules.stops_for_good, dtype=pl.Boolean)
    rows = rows.with_columns(last_year=pl.when(for_good).then(quiet.config.last_year).otherwise("last_year"))
    return Done.of(rows.with_columns(description=pl.format("{} publishes no trade from {} to {}.", *SPELL)))


def reporter_break(quiet: Quiet, offices: pl.DataFrame) -> Done:
    """An office publishes its trade without countries for some years."""
    rows = _taken(quiet, offices, "reporter_break", quiet.config.artefacts.break_years)
    text = pl.format("{} publishes its trade without partners from {} to {}.", *SPELL)
    return Done.of(rows.with_columns(description=text))


def fob_importer(quiet: Quiet, offices: pl.DataFrame) -> Done:
    """An office values imports without freight, in all years."""
    rows = _taken(quiet, offices, "fob_importer", (1, 1), always=1.0)
    return Done.of(rows.with_columns(description=pl.format("{} values imports FOB.", "country")))


def estimated_mass(quiet: Quiet, offices: pl.DataFrame) -> Done:
    """An office makes masses from values, with one unit value for all partners."""
    rows = _taken(quiet, offices, "estimated_mass", quiet.config.artefacts.estimated_years)
    text = pl.format("{} makes masses from values from {} to {}.", *SPELL)
    return Done.of(rows.with_columns(description=text))


def confidentiality(quiet: Quiet, offices: pl.DataFrame) -> Done:
    """A family's exports stand under areas not specified, to keep one company's figures from being read."""
    rules, chance = quiet.config.artefacts, quiet.chance("confidentiality")
    lines = offices.select("country", "calm").join(_exports(quiet), on="country", how="inner")
    lines = lines.with_columns(pl.col("value_usd") * pl.col("calm")).sort("country", "family")
    lines = drawn(lines, rules.in_offices[quiet.config.size], 1.0, chance)
    rows = lasting(numbered(lines, "confidentiality", chance), quiet.config, rules.secret_years, chance)
    rows = rows.with_columns(partner=pl.when(pl.col("luck") < rules.one_partner).then("largest"))
    whither = pl.format("{} does not tell how much of its exports of {} goes to ", "country", "family")
    whom = pl.col("partner").fill_null("whom")
    text = pl.concat_str(whither, whom, pl.format(" from {} to {}.", *SPELL[1:]))
    return Done.of(rows.with_columns(description=text))


SPELL = ("country", "first_year", "last_year")
OFFICES: tuple[Callable[[Quiet, pl.DataFrame], Done], ...] = (
    reporter_stops,
    reporter_break,
    fob_importer,
    estimated_mass,
    confidentiality,
)


def offices(quiet: Quiet) -> pl.DataFrame:
    """country, value_usd of its trade without schemes, calm: the fewer scheme flows hang on it the more."""
    ends = [quiet.goods.select("goods_id", "value_usd", country=end) for end in ("exporter", "importer")]
    sums = totals(pl.concat(ends).sort("country", "goods_id"), ["country"], "value_usd")
    touched = pl.concat([quiet.scheme_flows.select(country=end) for end in ("exporter", "importer")])
    counts = touched.group_by("country").agg(flows=pl.len())
    rows = sums.join(counts, on="country", how="left").sort("country")
    return rows.with_columns(calm=(1.0 + pl.col("flows").fill_null(0)).pow(-CALM)).drop("flows")


def _exports(quiet: Quiet) -> pl.DataFrame:
    """country, family, value_usd of its own exports, and the largest of its partners."""
    own = quiet.goods.filter(~pl.col("is_reexport"))
    pairs = summed(own, ["family", "exporter", "importer"])
    pairs = pairs.sort("family", "exporter", "value_usd", "importer", descending=[False, False, True, False])
    keys = ["family", "exporter"]
    largest = pairs.unique(keys, keep="first", maintain_order=True).select(*keys, largest="importer")
    sums = totals(pairs, keys, "value_usd").join(largest, on=keys, how="inner", maintain_order="left")
    return sums.rename({"exporter": "country"})


def _taken(quiet: Quiet, offices: pl.DataFrame, kind: str, years: tuple[int, int], always: float = 0.0) -> pl.DataFrame:
    """Offices that an artefact takes, with its years. `offices` are those that no other kind has taken."""
    rules, chance = quiet.config.artefacts, quiet.chance(kind)
    weighed = offices.with_columns(pl.col("value_usd").pow(rules.size_power) * pl.col("calm"))
    rows = numbered(drawn(weighed, rules.in_offices[quiet.config.size], 1.0, chance), kind, chance)
    return lasting(rows, quiet.config, years, chance, always)
