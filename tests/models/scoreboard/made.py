"""Small invented cases: flows with numbers that tell schemes apart, as far as a test wants them to."""

import numpy as np
import polars as pl

from models.scoreboard.case import Case

KINDS = ("smuggling", "round_tripping")
AMOUNTS = (
    "export_value_usd",
    "import_value_usd",
    "export_mass_kg",
    "import_mass_kg",
    "reconciled_value_usd",
    "reconciled_mass_kg",
)


def case(name: str = "small-world-1", flows: int = 300, seed: int = 0, signal: float = 3.0) -> Case:
    """A case of `flows` flows, one in ten with a trace; `signal` is how far features and channels show it."""
    chance = np.random.default_rng(seed)
    exporter, importer = (chance.integers(0, 12, flows) for _ in range(2))
    importer = np.where(importer == exporter, importer + 12, importer)
    period = 2005 + np.arange(flows) // 40
    is_hit = chance.random(flows) < 0.1
    shown = signal * is_hit + chance.normal(size=flows)
    family = np.where(np.arange(flows) % 2 == 0, "gold", "tin")
    amounts = {one: np.exp(12 + chance.normal(size=flows) + 0.3 * is_hit) for one in AMOUNTS}
    rows = pl.DataFrame(
        {
            "source": "comtrade",
            "exporter": [f"X{one:02d}" for one in exporter],
            "importer": [f"X{one:02d}" for one in importer],
            "commodity": [f"{100000 + place}" for place in range(flows)],
            "family": family,
            "period": period.astype(np.int32),
            **amounts,
            "exporter_reported": True,
            "importer_reported": True,
            "scheme_id": [f"s{place % 7}" if one else None for place, one in enumerate(is_hit)],
            "kind": [KINDS[place % 7 % 2] if one else None for place, one in enumerate(is_hit)],
            "strength": [0.5 if one else None for one in is_hit],
            "hidden_usd": np.where(is_hit, amounts["import_value_usd"], np.nan),
            "hidden_kg": np.where(is_hit, amounts["import_mass_kg"], np.nan),
            "claim_level": (shown > 2.2).astype(np.uint8),
            "unmatched_usd": amounts["export_value_usd"],
            "is_clean": ~is_hit & (np.arange(flows) % 4 == 1),
            "stratum": np.full(flows, 5, dtype=np.uint8),
            "agnostic": shown.argsort().argsort().astype(np.float32),
            "agnostic_p": 1 / (1 + np.exp(shown)),
            "raw gap": np.abs(amounts["import_value_usd"] - amounts["export_value_usd"]),
            "standardised gap": np.abs(np.log(amounts["import_value_usd"] / amounts["export_value_usd"])),
            "PPML residual": chance.normal(size=flows),
            "channel_mirror_gap": np.where(np.arange(flows) % 3 == 0, shown, np.nan).astype(np.float32),
            "channel_balance": chance.normal(size=flows).astype(np.float32),
        }
    )
    ident = pl.concat_str("source", "exporter", "importer", "commodity", "period", separator=":")
    features = pl.DataFrame({"one": shown, "other": chance.normal(size=flows)}).cast(pl.Float32)
    whole = pl.concat([rows.select(flow_id=ident), rows, features], how="horizontal").sort("flow_id")
    numbers = whole.with_columns(pl.col("hidden_usd", "hidden_kg", "^channel_.*$").fill_nan(None))
    return Case(name, numbers.drop("one", "other"), whole.select("flow_id", "one", "other"))
