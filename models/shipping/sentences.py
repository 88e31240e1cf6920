"""Each event in one sentence with its numbers. No sentence says why: ordinary reasons are told first."""

import polars as pl

REASONS = {
    "reception": "receivers there heard nobody or lost several ships",
    "power_down": "transponders are powered down in port",
    "satellite": "satellites come late where no receiver ashore hears",
    "unread_day": "positions of a day between were not read",
}


def sentence() -> pl.Expr:
    """Of rows with kind, hours, place_id, place_km, kn, km, apart_km, other, main_cause, fewest_reports."""
    hours, place = _number("hours", 1), _place()
    gap = pl.format("Fell silent for {} h{}{}; {}.", hours, place, _under(), _reason())
    met = pl.format(
        "Lay within {} m of {} for {} h at {} kn{}; bunkers, crews and pilots are ordinary reasons.",
        (pl.col("apart_km") * 1000).round(0).cast(pl.Int64), pl.col("other").fill_null("another ship"), hours,
        _number("kn", 1), place,
    )  # fmt: skip
    slow = pl.format(
        "Stayed slower than two knots for {} h ({} kn on average){}; waiting for a berth or for orders is an ordinary "
        "reason.", hours, _number("kn", 1), place,
    )  # fmt: skip
    shared = pl.format(
        "Reports that no one ship could have sent came under one identity and are kept apart ({} and {}, {} reports or "
        "more each; the tracks overlap for {} h, silences included); jamming of receivers, a faulty transponder and a "
        "copied identity are ordinary reasons.",
        "track", pl.col("other").fill_null("another"), _number("fewest_reports", 0), hours,
    )  # fmt: skip
    lone = pl.format(
        "One report{} fits no ship that was heard under its identity and is left aside; jamming of receivers and a "
        "faulty transponder are ordinary reasons.", place,
    )  # fmt: skip
    return (
        pl.when(pl.col("kind") == "gap").then(gap)
        .when(pl.col("kind") == "encounter").then(met)
        .when(pl.col("kind") == "loitering").then(slow)
        .when(pl.col("kind") == "identity_collision").then(shared)
        .otherwise(lone)
    )  # fmt: skip


def _under() -> pl.Expr:
    """Of a gap: the identity under which the ship was heard again, where it is another."""
    return (
        pl.when(pl.col("other").is_not_null())
        .then(pl.format(" and was heard again as {}", "other"))
        .otherwise(pl.lit(""))
    )


def _reason() -> pl.Expr:
    told = pl.col("main_cause").replace_strict(REASONS, default=None, return_dtype=pl.String)
    possible = pl.format("an ordinary reason is possible: {}", told)
    tested = (
        pl.col("causes").list.eval(pl.element().struct.field("verdict") == "cannot_test").list.any().fill_null(True)
    )
    none = (
        pl.when(tested)
        .then(pl.lit("not every ordinary reason could be tested"))
        .otherwise(pl.lit("no ordinary reason was found"))
    )
    return pl.when(told.is_not_null()).then(possible).otherwise(none)


def _place() -> pl.Expr:
    told = pl.format(" {} km from {}", _number("place_km", 0), "place_id")
    return pl.when(pl.col("place_id").is_not_null()).then(told).otherwise(pl.lit(""))


def _number(column: str, decimals: int) -> pl.Expr:
    value = pl.col(column).round(decimals)
    text = value.cast(pl.Int64).cast(pl.String) if decimals == 0 else value.cast(pl.String)
    return text.fill_null("an unknown number of")
