"""Mirror gap: two declarations of one flow, compared over time.

For a flow that both sides declare, y = log(M / X), imports over exports in value. The ratio has many
ordinary reasons (freight, habits of either office), which are constant for a pair, so the statistic is the
change of y against the median of the pair's last five clean years, in units of the spread that this
exporter, this importer and flows of this size showed in earlier years. It is one-sided: only a rise of M / X above
both its usual level and par counts, the direction in which exports go undeclared.

The unmatched amount is M - X * max(usual ratio, 1), in value and in mass, each with its own usual ratio.
"""

import numpy as np
import polars as pl

from models.flows.clean import clean_pairs
from models.flows.context import Context
from models.flows.history import changes
from models.flows.panel import Panel
from models.flows.parts import INTERVAL, NORMAL_80, answer, parts


def mirror_gap(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The importer declares more than the exporter does, and more so than in this pair's own past."""
    both = flows.filter(
        pl.col("export_value_usd") > 0, pl.col("import_value_usd") > 0, pl.col("exporter") != pl.col("importer")
    )
    panel = Panel.of(both)
    exports, imports = panel.matrix(both["export_value_usd"]), panel.matrix(both["import_value_usd"])
    ratio = np.log(imports / exports)
    change = changes(panel, ratio, np.fmax(exports, imports))
    mass_ratio = np.log(panel.matrix(both["import_mass_kg"]) / panel.matrix(both["export_mass_kg"]))
    usual_mass = changes(panel, mass_ratio, np.fmax(exports, imports)).median
    # A rise that stays below par brings the two sides together; z is moved by what lies under par.
    under_par = np.minimum(change.median, 0.0) / change.scale
    columns = {
        "statistic": change.z + under_par,
        "log_ratio": ratio,
        "usual_log_ratio": change.median,
        "history_years": change.years.astype(float),
        "spread": change.scale,
        "usual_log_ratio_mass": usual_mass,
    }
    rows = both.with_columns(pl.Series(name, panel.gather(matrix)) for name, matrix in columns.items())
    rows = rows.with_columns(
        gap_value_usd=unmatched("import_value_usd", "export_value_usd", "usual_log_ratio"),
        gap_mass_kg=unmatched("import_mass_kg", "export_mass_kg", "usual_log_ratio_mass"),
        gap_low_usd=unmatched("import_value_usd", "export_value_usd", "usual_log_ratio", NORMAL_80),
        gap_high_usd=unmatched("import_value_usd", "export_value_usd", "usual_log_ratio", -NORMAL_80),
        is_null=clean_pairs(both, context),
    )
    shown = ("log_ratio", "usual_log_ratio", "history_years", "spread", "usual_log_ratio_mass", *INTERVAL)
    return answer(rows.with_columns(parts({name: pl.col(name) for name in shown})), "mirror_gap")


def unmatched(imports: str, exports: str, usual_ratio: str, spreads: float = 0.0) -> pl.Expr:
    """Imports beyond exports times the usual ratio (at least 1) plus some spreads; null without both sides."""
    ratio = pl.col(usual_ratio).fill_nan(None).fill_null(0.0).clip(lower_bound=0.0)
    accounted = pl.col(exports) * (ratio + spreads * pl.col("spread") if spreads else ratio).exp()
    return (pl.col(imports) - accounted).clip(lower_bound=0.0)
