"""What schemes do to declarations.

In year t of a scheme of strength s the share f_t of a pair's trade is hidden, shifted or invented: f_t is s on its
ramp, moved from year to year by noise of its logit. What is cut is f_t of what was declared. What is added is
f_t * V_t * exp(e_t), where V_t is the amount declared that year (else the pair's usual one) and e_t one of the pair's
own log residuals; its weight follows from the pair's own price, moved by the pair's own unrest of prices. An estimated
mass follows the value, as the office computes it. Amounts are written in whole numbers where the office writes such.
"""

from collections.abc import Iterable

import polars as pl

from models.planting.rules import Rules

SIDES = ("x", "m")
KEPT_DIGITS = 3
CUT = {
    ("under_invoicing", "value"): "x",
    ("under_invoicing", "weight"): "x",
    ("misclassification", "exporter"): "x",
    ("misclassification", "importer"): "m",
    ("smuggling", "silent"): "x",
    ("hub_laundering", "unseen"): "x",
}
"""Side whose declaration loses a part on the first flow."""


def changes(plan: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """The plan's flows after planting: its columns, `new_x_value`, `new_x_mass`, `new_m_value`, `new_m_mass` (null: not
    declared), `hidden_usd` and `hidden_kg`. Flows that stay as they are are left out.

    plan: of `habits.with_amounts`.
    """
    years = _unchanged(_forced(plan, rules))
    first, second = _open(years)
    by_kind = [
        _cut(first, "x", rules),
        _cut(first, "m", rules),
        _banned(first, rules),
        _raised(first),
    ]
    done = pl.concat(by_kind).filter((pl.col("hidden_usd") >= rules.least_hidden_usd) | pl.col("hidden_usd").is_null())
    every = pl.concat([done, _second(second, done, rules)])
    emptied = pl.all_horizontal(pl.col(f"new_{side}_value").is_null() for side in SIDES)
    touched = (pl.col("hidden_usd") > 0) | (emptied & pl.col("is_row"))
    return every.filter(touched.fill_null(False)).sort("scheme_id", "leg", "exporter", "importer", "period")


def _listed(keys: Iterable[tuple[str, str]]) -> pl.Expr:
    return pl.any_horizontal([(pl.col("kind") == kind) & (pl.col("variant") == variant) for kind, variant in keys])


def _forced(years: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """`f`, the share of this year, and the noise of amounts and prices within its bounds."""
    logit = (pl.col("force") / (1 - pl.col("force"))).log() + rules.force_spread * pl.col("z_force")
    price = pl.col("price_sd") * pl.col("z_price")
    return years.with_columns(
        f=pl.when(pl.col("force") < 1).then(1 / (1 + (-logit).exp())).otherwise(1.0),
        amount_noise=_bounded(pl.col("residual"), rules.residual_bound).exp(),
        price_noise=_bounded(price, rules.price_bound).exp(),
    )


def _bounded(noise: pl.Expr, bound: float) -> pl.Expr:
    """Noise within its bound, without a heap at the bound."""
    return bound * (noise / bound).tanh()


def _unchanged(years: pl.DataFrame) -> pl.DataFrame:
    new = [pl.col(f"{side}_{what}").alias(f"new_{side}_{what}") for side in SIDES for what in ("value", "mass")]
    nothing = [pl.lit(None, pl.Float64).alias(name) for name in ("hidden_usd", "hidden_kg", "moved_usd", "moved_kg")]
    return years.with_columns(*new, *nothing)


def _open(years: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Years of first and of second flows in which the whole scheme can run: where goods come out on a flow that nobody
    would tell of, they do not go in either."""
    x, m = pl.col("x_value").is_not_null(), pl.col("m_value").is_not_null()
    both_heard = ~pl.col("is_declared") | (pl.col("exporter_heard") & pl.col("importer_heard"))
    heard = pl.when(pl.col("variant") == "exporter").then("exporter_heard").otherwise("importer_heard")
    opens = {"misclassification": heard, "hub_laundering": x | m, "round_tripping": both_heard}
    second = years.filter(pl.col("leg") == 1)
    second = pl.concat([second.filter(pl.col("kind") == kind, test) for kind, test in opens.items()])
    run = second.select("scheme_id", "period")
    passing = years.join(years.filter(pl.col("leg") == 1).select("scheme_id").unique(), on="scheme_id", how="semi")
    first = pl.concat(
        [
            years.join(passing.select("scheme_id").unique(), on="scheme_id", how="anti"),
            passing.filter(pl.col("leg") == 0).join(run, on=["scheme_id", "period"], how="semi"),
        ]
    )
    return first, second


def _written(amount: pl.Expr, side: str, what: str) -> pl.Expr:
    """An amount as the office writes it, as round as it was before but for three digits; null instead of 0."""
    least, size = pl.col(f"{side}_{what}_step"), pl.lit(10.0).pow(amount.log10().floor() - KEPT_DIGITS + 1)
    step = pl.max_horizontal(least, pl.min_horizontal(pl.col(f"{side}_{what}_round"), size.clip(lower_bound=1.0)))
    written = pl.when(step < 1).then(amount.round(3)).otherwise((amount / step).round(0) * step)
    return pl.when(written > 0).then(written)


def _cut(years: pl.DataFrame, side: str, rules: Rules) -> pl.DataFrame:
    """One side declares less: its value and its mass keep the part that is left."""
    rows = years.filter(
        _listed([key for key, cut in CUT.items() if cut == side]), pl.col(f"{side}_value").is_not_null()
    )
    low, high = rules.invoice
    invoice = (low + (high - low) * pl.col("place")) ** pl.col("price_noise")
    is_invoice, estimated = pl.col("kind") == "under_invoicing", pl.col(f"{side}_estimated").fill_null(False)
    keep = 1 - pl.col("f") * pl.when(is_invoice).then(1 - invoice).otherwise(1.0)
    keep_mass = (
        pl.when(is_invoice & (pl.col("variant") == "value") & ~estimated)
        .then(1.0)
        .when(is_invoice | estimated)
        .then(keep)
        .otherwise(keep ** pl.col("price_noise"))
    )
    value, mass = pl.col(f"{side}_value"), pl.col(f"{side}_mass")
    new_value = _written(value * keep, side, "value")
    new_mass = pl.when(new_value.is_not_null()).then(_written(mass * keep_mass, side, "mass"))
    lost_value, lost_mass = value - new_value.fill_null(0.0), mass - new_mass.fill_null(0.0)
    return rows.with_columns(
        new_value.alias(f"new_{side}_value"), new_mass.alias(f"new_{side}_mass"),
        hidden_usd=lost_value, hidden_kg=lost_mass, moved_usd=lost_value, moved_kg=lost_mass,
    )  # fmt: skip


def _banned(years: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """The exporter declares what left before the ban, then nothing; the importer a share of what it did before.

    Where an importer would declare next to nothing, nothing remains: that trade obeyed the ban.
    """
    rows = years.filter(pl.col("kind") == "ban_evasion", pl.col("is_row").fill_null(False))
    evaded = pl.when(pl.col("m_value") * pl.col("f") > 2 * rules.least_hidden_usd).then("f").otherwise(0.0)
    rows = _rewritten(rows, "m", pl.col("m_value") * evaded, pl.col("m_mass") * evaded)
    before = pl.when(pl.col("period") == pl.col("first_year")).then(ban_day(rules) / 365).otherwise(0.0)
    # Where hardly anything was evaded, what left before would hide it.
    left = pl.when(pl.col("x_value") * before < pl.col("new_m_value") / 2).then(before).otherwise(0.0)
    rows = _rewritten(rows, "x", pl.col("x_value") * left, pl.col("x_mass") * left)
    return rows.with_columns(
        hidden_usd=pl.col("new_m_value") - pl.col("new_x_value").fill_null(0.0),
        hidden_kg=pl.col("new_m_mass") - pl.col("new_x_mass").fill_null(0.0),
    )


def ban_day(rules: Rules) -> pl.Expr:
    """Days of the first year before the ban."""
    return (pl.col("place") * rules.ban_days).floor().cast(pl.Int64)


def _rewritten(rows: pl.DataFrame, side: str, value: pl.Expr, mass: pl.Expr) -> pl.DataFrame:
    new_value = _written(value, side, "value")
    new_mass = pl.when(new_value.is_not_null()).then(_written(mass, side, "mass"))
    return rows.with_columns(new_value.alias(f"new_{side}_value"), new_mass.alias(f"new_{side}_mass"))


def _raised(years: pl.DataFrame) -> pl.DataFrame:
    """Goods on top of what is declared, or in a year without trade of the pair."""
    supply, kind = pl.col("variant") == "supply", pl.col("kind")
    heard = pl.col("exporter_heard") & pl.col("importer_heard")
    lives = supply & (pl.col("is_row") | kind.is_in(["phantom_export", "round_tripping"]))
    lives |= kind.is_in(["phantom_export", "round_tripping"]) & heard
    lives |= (pl.col("variant") == "on_top") & pl.col("exporter_heard") & pl.col("m_value").is_not_null()
    rows = years.filter(lives.fill_null(False))
    base_x = pl.coalesce(_level("x"), _level("m"))
    base = pl.when(pl.col("variant") == "on_top").then(_level("m")).otherwise(base_x)
    rows = rows.with_columns(moved_usd=base * pl.col("f") * pl.col("amount_noise"))
    cycle, on_top = pl.col("variant") == "cycle", pl.col("variant") == "on_top"
    rows = rows.with_columns(moved_kg=pl.col("moved_usd") / pl.when(on_top).then(_price("m")).otherwise(_price("x")))
    rows = _with_more(rows, "x", ~on_top, pl.col("moved_usd"), pl.col("moved_kg"))
    value = pl.col("moved_usd") * pl.when(cycle).then(pl.col("mirror").exp()).otherwise(1.0)
    mass = pl.when(cycle).then(_seen_mass("m", value)).otherwise("moved_kg")
    return _with_more(rows, "m", on_top | cycle, value, mass).with_columns(**_gained())


def _level(side: str) -> pl.Expr:
    """What the goods on top are a share of: the geometric mean of this year's amount and the usual one, or either."""
    now, usual = pl.col(f"{side}_value"), pl.col(f"usual_{side}")
    return pl.coalesce((now * usual).sqrt(), usual, now)


def _second(years: pl.DataFrame, first: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """The flow on which the goods come out: under another code, from the hub, or on their way back."""
    moved = first.select("scheme_id", "period", "moved_usd", "moved_kg")
    rows = years.drop("moved_usd", "moved_kg").join(moved, on=["scheme_id", "period"], how="inner")
    kind, variant, place = pl.col("kind"), pl.col("variant"), pl.col("place")
    code, declared = kind == "misclassification", pl.col("is_declared")
    rise = {
        "hub_laundering": rules.margin[0] + (rules.margin[1] - rules.margin[0]) * place,
        "round_tripping": rules.markup[0] + (rules.markup[1] - rules.markup[0]) * place,
    }
    ratio = pl.lit(1.0)
    for name, span in rise.items():
        ratio = pl.when(kind == name).then((1 + span) * pl.col("price_noise")).otherwise(ratio)
    back = kind == "round_tripping"
    on = {
        "x": (code & (variant == "exporter")) | back | ((kind == "hub_laundering") & pl.col("x_value").is_not_null()),
        "m": (code & (variant == "importer")) | (declared & back)
        | ((kind == "hub_laundering") & pl.col("m_value").is_not_null()),
    }  # fmt: skip
    for side in SIDES:
        seen = pl.col("mirror").exp() if side == "m" else pl.lit(1.0)
        value = pl.col("moved_usd") * pl.when(code).then(1.0).otherwise(ratio * seen)
        mass = pl.when(code).then("moved_kg").otherwise(_seen_mass(side, value))
        # What leaves one code arrives in the other to the cent.
        rows = _with_more(rows, side, on[side], value, mass, exact=code)
    return rows.with_columns(**_gained()).select(first.columns)


def _seen_mass(side: str, value: pl.Expr) -> pl.Expr:
    """Mass of moved goods in the books of one side: weighed by each anew, or estimated from the value."""
    seen = pl.col("mass_mirror").exp() if side == "m" else pl.col("price_noise")
    weighed = pl.coalesce(pl.col("moved_kg") * seen, value / _price(side))
    return pl.when(pl.col(f"{side}_estimated").fill_null(False)).then(value / _price(side)).otherwise(weighed)


def _price(side: str) -> pl.Expr:
    """USD per kg of goods on top: of this year, else the pair's usual; with noise where the mass is weighed."""
    other = "m" if side == "x" else "x"
    usual = pl.coalesce(pl.col(f"{side}_value") / pl.col(f"{side}_mass"), f"{side}_price", f"{other}_price")
    estimated = pl.col(f"{side}_estimated").fill_null(False)
    return usual * pl.when(estimated).then(1.0).otherwise("price_noise")


def _with_more(
    rows: pl.DataFrame, side: str, on: pl.Expr, value: pl.Expr, mass: pl.Expr, exact: pl.Expr | None = None
) -> pl.DataFrame:
    """Rows whose declaration of one side holds more. A sum of which one part has no mass has none."""
    exact = pl.lit(False) if exact is None else exact
    old_value, old_mass = pl.col(f"{side}_value"), pl.col(f"{side}_mass")
    more = old_value.fill_null(0.0) + value
    heavier = pl.when(old_value.is_null()).then(mass).otherwise(old_mass + mass)
    new_value = pl.when(exact).then(more.round(3)).otherwise(_written(more, side, "value"))
    new_mass = pl.when(exact).then(heavier.round(3)).otherwise(_written(heavier, side, "mass"))
    return rows.with_columns(
        pl.when(on).then(new).otherwise(f"new_{side}_{what}").alias(f"new_{side}_{what}")
        for what, new in (("value", new_value), ("mass", new_mass))
    )


def _gained() -> dict[str, pl.Expr]:
    """Hidden amounts of flows that declare more than they did: the larger gain of both sides."""
    gains = {
        what: [pl.col(f"new_{side}_{what}").fill_null(0.0) - pl.col(f"{side}_{what}").fill_null(0.0) for side in SIDES]
        for what in ("value", "mass")
    }
    kg = pl.max_horizontal(gains["mass"])
    return {"hidden_usd": pl.max_horizontal(gains["value"]), "hidden_kg": pl.when(kg > 0).then(kg)}
