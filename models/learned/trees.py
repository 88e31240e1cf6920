"""Boosted trees that learn which flows hold a scheme: an ensemble over seeds, so that chance shows.

    score         = mean over seeds of the log-odds
    contributions = mean over seeds of TreeSHAP (Lundberg et al. 2020), additive: base + sum = score
    overlap       = mean over pairs of seeds of |top 5 of one and of the other| / 5

The log-odds rank flows. They are no probability: weights keep schemes as rare as in the cases that teach, and how rare
schemes are in real trade nobody knows.
"""

import gzip
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from models.learned.overlap import top_overlap

if TYPE_CHECKING:
    from lightgbm import Booster

Matrix = NDArray[np.float64]
KEY = "flow_id"
CARD = "card.json"
TAUGHT = "taught_folds"
"""Entry of the card where real trade taught: `of`, the number of folds of exporters (models.folds), and `folds`, those
that taught."""
SEEDS = tuple(range(10))
NOTHING = -30.0
"""Score of a flow of which nothing is known: below all others, for nothing speaks against it."""


@dataclass(frozen=True)
class Rules:
    """How the trees grow; chosen by cross-validation over exporters of training worlds."""

    trees: int = 60
    leaves: int = 15
    shrinkage: float = 0.1
    feature_share: float = 0.5
    row_share: float = 0.8
    least_rows: int = 40
    ridge: float = 5.0

    def parameters(self, seed: int) -> dict[str, Any]:
        """LightGBM's names for them; one thread and fixed orders, so that the same input gives the same bytes."""
        return {
            "objective": "binary", "num_leaves": self.leaves, "learning_rate": self.shrinkage,
            "feature_fraction": self.feature_share, "bagging_fraction": self.row_share, "bagging_freq": 1,
            "min_data_in_leaf": self.least_rows, "lambda_l2": self.ridge, "max_bin": 127, "seed": seed,
            "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbosity": -1,
        }  # fmt: skip


@dataclass(frozen=True)
class Trees:
    """A trained ensemble: one LightGBM model per seed, as text."""

    names: tuple[str, ...]
    """Features in the order of training."""
    texts: tuple[str, ...]
    card: dict[str, Any] = field(default_factory=dict)
    """What it was trained on, when and how."""

    @cached_property
    def _boosters(self) -> "list[Booster]":
        import lightgbm  # here: reading a list of alerts must not wait for it

        return [lightgbm.Booster(model_str=text) for text in self.texts]

    def score(self, features: pl.DataFrame) -> NDArray[np.float64]:
        """Mean log-odds of each row, NOTHING where no feature is known. A feature that the rows lack is unknown."""
        rows = self._matrix(features)
        known = np.isfinite(rows).any(axis=1)
        score = np.full(rows.shape[0], NOTHING)
        if known.any():
            told = rows[known]
            # Every row by itself: the sums are the same on any number of threads.
            each = [one.predict(told, raw_score=True) for one in self._boosters]
            score[known] = np.mean(each, axis=0)
        return score

    def parts(self, features: pl.DataFrame) -> tuple[tuple[str, ...], Matrix, NDArray[np.float64]]:
        """Names (features, then `base`), contributions `[row, name]` in log-odds that sum to the score, and the
        overlap of the five largest between seeds `[row]`, 0 to 1. Slow: about a millisecond a row and seed."""
        rows = self._matrix(features)
        names = (*self.names, "base")
        if not rows.shape[0]:
            return names, np.zeros((0, len(names))), np.zeros(0)
        each = np.stack([one.predict(rows, pred_contrib=True, num_threads=1) for one in self._boosters])
        return names, each.mean(axis=0), top_overlap(each[:, :, :-1])

    def _matrix(self, features: pl.DataFrame) -> NDArray[np.float32]:
        unknown = pl.lit(np.nan, dtype=pl.Float32)
        columns = [pl.col(name) if name in features.columns else unknown.alias(name) for name in self.names]
        return np.ascontiguousarray(features.select(columns).cast(pl.Float32).to_numpy())

    @property
    def digest(self) -> str:
        """SHA-256 over the models."""
        return sha256("\n".join(self.texts).encode()).hexdigest()

    def to_files(self, folder: Path) -> None:
        """Write a compressed text per seed and the card."""
        folder.mkdir(parents=True, exist_ok=True)
        for place, text in enumerate(self.texts):
            (folder / name_of(place)).write_bytes(gzip.compress(text.encode(), mtime=0))
        told = {**self.card, "features": list(self.names), "seeds": len(self.texts), "sha256": self.digest}
        (folder / CARD).write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")

    @classmethod
    def from_files(cls, folder: Path | Traversable) -> "Trees":
        """Read what `to_files` wrote. Raises ValueError where the models are not those of the card."""
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        names, count, digest = card.pop("features"), card.pop("seeds"), card.pop("sha256")
        texts = [gzip.decompress((folder / name_of(place)).read_bytes()).decode() for place in range(count)]
        trees = cls(tuple(names), tuple(texts), card)
        if trees.digest != digest:
            raise ValueError(f"the models in {folder} are not those that its {CARD} describes; train them again")
        return trees


def name_of(place: int) -> str:
    """File of one seed's model."""
    return f"seed_{place}.txt.gz"


def fit(
    features: pl.DataFrame,
    is_hit: ArrayLike,
    weight: ArrayLike | None = None,
    seeds: Sequence[int] = SEEDS,
    rules: Rules | None = None,
    **card: Any,
) -> Trees:
    """Train the ensemble. features: FEATURES (and flow_id, which is not read); is_hit: whether a flow holds a scheme;
    weight: of each row; card: what to remember of the training. Rows of which nothing is known teach nothing."""
    import lightgbm

    rules = rules or Rules()
    names = tuple(name for name in features.columns if name != KEY)
    rows = features.select(names).cast(pl.Float32).to_numpy()
    known = np.isfinite(rows).any(axis=1)
    rows, hit = rows[known], np.asarray(is_hit, dtype=np.float64)[known]
    weights = None if weight is None else np.asarray(weight, dtype=np.float64)[known]
    texts = []
    for seed in seeds:
        told = lightgbm.Dataset(rows, hit, weight=weights, feature_name=list(names), params={"verbosity": -1})
        model = lightgbm.train(rules.parameters(seed), told, num_boost_round=rules.trees)
        texts.append(model.model_to_string(importance_type="gain"))
    about = {"rows": int(hit.size), "hits": int(hit.sum()), "rules": asdict(rules)}
    return Trees(names, tuple(texts), {**about, **card})
