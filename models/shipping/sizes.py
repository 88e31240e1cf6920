"""What a ship can carry, from its length and kind.

Ships of one kind are alike in shape: deadweight grows with the cube of the length, t = (length / slender)^3. The usual
bulk carriers (35,000 t at 180 m, 58,000 t at 197 m, 76,000 t at 225 m, 180,000 t at 292 m) give slender from 5.1 to
5.5. The interval of 80 % is that of a spread of 20 % (25 % for ships that differ more). Vessels that carry no cargo
have none.
"""

import polars as pl

SLENDER = {"bulk_carrier": 5.3, "general_cargo": 6.0, "container": 6.2, "tanker": 5.4}
SPREAD = {"bulk_carrier": 0.20, "general_cargo": 0.25, "container": 0.25, "tanker": 0.22}
NORMAL_80 = 1.2816
BULK_LENGTH_M = 140.0
"""Shorter cargo ships are taken for general cargo, which may carry bulk too."""
FAST_KN = 14.0
"""Cargo ships that cruise faster are taken for container ships: bulk carriers make 11 to 13.5 kn."""


def kind(ais_type: str = "ais_type", length_m: str = "length_m", speed_kn: str = "speed_kn") -> pl.Expr:
    """Kind of a ship by the type it sends (ITU-R M.1371); cargo ships by length and usual speed too."""
    code = pl.col(ais_type)
    cargo = (
        pl.when(pl.col(speed_kn) >= FAST_KN).then(pl.lit("container"))
        .when(pl.col(length_m) >= BULK_LENGTH_M).then(pl.lit("bulk_carrier"))
        .when(pl.col(length_m).is_not_null()).then(pl.lit("general_cargo"))
        .otherwise(pl.lit("unknown"))
    )  # fmt: skip
    return (
        pl.when(code == 30).then(pl.lit("fishing"))
        .when(code.is_in([31, 32, 52])).then(pl.lit("tug"))
        .when(code.is_between(60, 69)).then(pl.lit("passenger"))
        .when(code.is_between(70, 79)).then(cargo)
        .when(code.is_between(80, 89)).then(pl.lit("tanker"))
        .when(code > 0).then(pl.lit("other"))
        .otherwise(pl.lit("unknown"))
    )  # fmt: skip


def deadweight(kind: str = "kind", length_m: str = "length_m") -> dict[str, pl.Expr]:
    """deadweight_t with its 80 % interval; null where length or kind say nothing."""
    name = pl.col(kind).cast(pl.String)
    slender = name.replace_strict(SLENDER, default=None, return_dtype=pl.Float64)
    spread = name.replace_strict(SPREAD, default=None, return_dtype=pl.Float64)
    tonnes = (pl.col(length_m).cast(pl.Float64) / slender).pow(3)
    return {
        "deadweight_t": tonnes,
        "deadweight_low_t": tonnes * (-NORMAL_80 * spread).exp(),
        "deadweight_high_t": tonnes * (NORMAL_80 * spread).exp(),
    }
