"""Every table, described once: column, dtype, unit, key and meaning.

Checks, documentation and test data are generated from these schemas. A unit stands in the column's
name; a null means "not declared" or "not known" and never zero.
"""

import dataframely as dy
import polars as pl

FLOW_CODES = ("M", "X", "RM", "RX", "DX", "FM", "MIP", "MOP", "XIP", "XOP")
KINDS = ("country", "residual", "group", "world", "zone")
VALUE_BASES = ("FOB", "CIF", "unknown")
VERDICTS = ("excluded", "possible", "cannot_test")
CHANNELS = ("mirror_gap", "one_sided", "unit_value", "balance", "jump", "ban_break")
PART = pl.Struct({"name": pl.String, "value": pl.Float64})


class Declarations(dy.Schema):
    """What one reporter declared about one partner: both sides kept, nothing merged."""

    source = dy.String(primary_key=True, description="Source of the row, e.g. comtrade")
    reporter = dy.String(primary_key=True, description="Who declares: ISO 3166 alpha-3, or the area's own code")
    partner = dy.String(primary_key=True, description="Whom the declaration names; W00 is the world")
    flow = dy.Enum(FLOW_CODES, primary_key=True, description="M import, X export, RX re-export, RM re-import ...")
    commodity = dy.String(primary_key=True, description="HS code as declared: 2, 4 or 6 digits, or TOTAL")
    period = dy.Int32(primary_key=True, description="Year (2020) or month (202003)")
    partner2 = dy.String(primary_key=True, description="Second partner; W00 where not broken down")
    customs = dy.String(primary_key=True, description="Customs procedure; C00 is the total")
    mode = dy.Int32(primary_key=True, description="Transport mode; 0 is the total")
    hs_revision = dy.String(nullable=True, description="HS edition of the code, H0 to H6")
    exporter = dy.String(description="Where the goods leave, by this declaration")
    importer = dy.String(description="Where the goods arrive, by this declaration")
    reporter_kind = dy.Enum(KINDS)
    partner_kind = dy.Enum(KINDS)
    value_usd = dy.Float64(nullable=True, min=0.0, description="Primary value, USD")
    value_basis = dy.Enum(VALUE_BASES, description="What value_usd includes")
    cif_value_usd = dy.Float64(nullable=True, min=0.0)
    fob_value_usd = dy.Float64(nullable=True, min=0.0)
    mass_kg = dy.Float64(nullable=True, min=0.0, description="Net mass; null where none is declared (0 beside a value)")
    is_mass_estimated = dy.Bool(nullable=True, description="Null where the source does not say")
    quantity = dy.Float64(nullable=True, min=0.0)
    quantity_unit = dy.String(nullable=True)
    is_counted = dy.Bool(description="False for totals, groups, parents, breakdowns: kept, but not added up")
    flags = dy.UInt32()
    known_from = dy.Date()
    raw_sha256 = dy.String(description="Hash of the bytes this row came from")
    raw_row = dy.UInt32(description="Row number in those bytes, from 1 without the header")


class Quarantine(dy.Schema):
    """Rows that could not be used, with the reason; none is dropped in silence."""

    source = dy.String(primary_key=True)
    raw_sha256 = dy.String(primary_key=True)
    raw_row = dy.UInt32(primary_key=True)
    file = dy.String(description="Name of the file as the user knows it")
    field = dy.String(description="The column at fault")
    found = dy.String(nullable=True, description="What stood there")
    reason = dy.String(description="One sentence: what is wrong and what to do")


class Reporting(dy.Schema):
    """Who reported at all: without a row here a side is missing, not zero."""

    source = dy.String(primary_key=True)
    reporter = dy.String(primary_key=True)
    period = dy.Int32(primary_key=True)
    direction = dy.Enum(("M", "X"), primary_key=True)
    rows = dy.UInt32(description="Counted rows declared in this direction")
    known_from = dy.Date()


class Flows(dy.Schema):
    """A flow with both declarations side by side."""

    flow_id = dy.String(primary_key=True, description="source:exporter:importer:commodity:period")
    source = dy.String()
    exporter = dy.String()
    importer = dy.String()
    commodity = dy.String()
    family = dy.String(description="Code family, see graphs.commodities")
    period = dy.Int32()
    exporter_kind = dy.Enum(KINDS)
    importer_kind = dy.Enum(KINDS)
    exporter_reported = dy.Bool(nullable=True, description="Any row of the exporter that period; null where the "
                                "source holds no declarations")
    importer_reported = dy.Bool(nullable=True)
    export_value_usd = dy.Float64(nullable=True, min=0.0)
    import_value_usd = dy.Float64(nullable=True, min=0.0)
    export_mass_kg = dy.Float64(nullable=True, min=0.0)
    import_mass_kg = dy.Float64(nullable=True, min=0.0)
    import_value_basis = dy.Enum(VALUE_BASES)
    cif_fob_ratio = dy.Float64(nullable=True, min=0.0, description="Importer's own CIF over FOB where it declares both")
    is_export_mass_estimated = dy.Bool(nullable=True)
    is_import_mass_estimated = dy.Bool(nullable=True)
    export_hs_revision = dy.String(nullable=True)
    import_hs_revision = dy.String(nullable=True)
    reconciled_value_usd = dy.Float64(nullable=True, min=0.0)
    reconciled_mass_kg = dy.Float64(nullable=True, min=0.0)
    reconciled_log_sd = dy.Float64(nullable=True, min=0.0)
    flags = dy.UInt32()
    known_from = dy.Date()


class Production(dy.Schema):
    """Mine output by country and year, with an interval."""

    source = dy.String(primary_key=True)
    country = dy.String(primary_key=True)
    commodity = dy.String(primary_key=True, description="Code family the output feeds, e.g. gold")
    year = dy.Int32(primary_key=True)
    basis = dy.Enum(("content", "ore"), primary_key=True, description="Contained metal, or ore as mined")
    mass_kg = dy.Float64(nullable=True, min=0.0)
    mass_low_kg = dy.Float64(nullable=True, min=0.0, description="10th percentile")
    mass_high_kg = dy.Float64(nullable=True, min=0.0, description="90th percentile")
    flags = dy.UInt32()
    known_from = dy.Date()
    raw_sha256 = dy.String()


class Governance(dy.Schema):
    """World Bank political stability and absence of violence, standard normal units, higher is more stable."""

    source = dy.String(primary_key=True)
    country = dy.String(primary_key=True)
    year = dy.Int32(primary_key=True)
    estimate = dy.Float64(nullable=True)
    standard_error = dy.Float64(nullable=True, min=0.0)
    known_from = dy.Date()
    raw_sha256 = dy.String()


class Expectations(dy.Schema):
    """What a flow would ordinarily have been."""

    flow_id = dy.String(primary_key=True)
    model = dy.String(primary_key=True, description="Rung of the ladder, e.g. own_history")
    as_of = dy.Date(primary_key=True)
    quantity = dy.Enum(("value_usd", "mass_kg", "log_ratio", "log_unit_value"), primary_key=True)
    median = dy.Float64()
    low = dy.Float64(description="10th percentile")
    high = dy.Float64(description="90th percentile")
    log_sd = dy.Float64(nullable=True, min=0.0)
    p_zero = dy.Float64(nullable=True, min=0.0, max=1.0)


class Statistics(dy.Schema):
    """A channel's studentised statistic for a flow, before any p-value. Larger is less plausible."""

    flow_id = dy.String(primary_key=True)
    channel = dy.Enum(CHANNELS, primary_key=True)
    as_of = dy.Date(primary_key=True)
    family = dy.String()
    statistic = dy.Float64()
    is_null = dy.Bool(description="Row of the matched clean null")
    model_p = dy.Float64(nullable=True, min=0.0, max=1.0, description="The channel's own probability, if it has one")
    gap_value_usd = dy.Float64(nullable=True, description="Unmatched amount; null where the channel has none")
    gap_mass_kg = dy.Float64(nullable=True)
    parts = dy.List(dy.Struct({"name": dy.String(), "value": dy.Float64(nullable=True)}),
                    description="The numbers that make the statistic; each name carries its unit")


class Scores(dy.Schema):
    """Statistics with p-values against the matched clean null."""

    flow_id = dy.String(primary_key=True)
    channel = dy.Enum(CHANNELS, primary_key=True)
    as_of = dy.Date(primary_key=True)
    statistic = dy.Float64()
    p_value = dy.Float64(min=0.0, max=1.0)
    null_rows = dy.UInt32(description="Rows of the null this p was read from; 0 for a channel's own probability")
    null_block = dy.String(description="Family whose null was used, or pooled, or the channel's own model")
    is_null_large = dy.Bool(description="The null resolves the p-values that a declared error rate needs")
    gap_value_usd = dy.Float64(nullable=True)
    gap_mass_kg = dy.Float64(nullable=True)
    parts = dy.List(dy.Struct({"name": dy.String(), "value": dy.Float64(nullable=True)}))


class Causes(dy.Schema):
    """Every ordinary explanation faced by every scored flow."""

    flow_id = dy.String(primary_key=True)
    cause = dy.String(primary_key=True)
    as_of = dy.Date(primary_key=True)
    verdict = dy.Enum(VERDICTS)
    share_of_gap = dy.Float64(nullable=True, min=0.0, max=1.0)
    detail = dy.String(nullable=True, description="The numbers compared, for a reader")


class Alerts(dy.Schema):
    """Scored flows in their total order; `is_selected` marks the alerts themselves. A contract for machines."""

    alert_id = dy.String(primary_key=True, description="list:flow_id:as_of")
    list = dy.Enum(("learned", "agnostic"))
    rank = dy.UInt32(description="1 is first; no ties")
    flow_id = dy.String()
    exporter = dy.String(description="ISO 3166 alpha-3; user-assigned codes as they are; residual areas by own code")
    importer = dy.String()
    commodity = dy.String(description="HS code as declared")
    period = dy.Int32()
    channel = dy.Enum(CHANNELS, description="Channel with the smallest p-value")
    statistic = dy.Float64()
    p_value = dy.Float64(min=0.0, max=1.0, description="Smallest p over the testable channels, times their number")
    q_value = dy.Float64(nullable=True, min=0.0, max=1.0, description="Empty where the null is too small")
    claim_level = dy.UInt8(max=5, description="0 ordinary, 1 anomaly, 2 candidate, 3 reviewed, 4 corroborated, "
                           "5 established")
    export_value_usd = dy.Float64(nullable=True)
    import_value_usd = dy.Float64(nullable=True)
    export_mass_kg = dy.Float64(nullable=True)
    import_mass_kg = dy.Float64(nullable=True)
    reconciled_value_usd = dy.Float64(nullable=True)
    reconciled_mass_kg = dy.Float64(nullable=True)
    gap_value_usd = dy.Float64(nullable=True)
    gap_mass_kg = dy.Float64(nullable=True)
    episode_id = dy.String()
    source = dy.String()
    as_of = dy.Date()
    main_cause = dy.String(nullable=True, description="Possible ordinary cause with the largest share, if any")
    sentence = dy.String()
    unmatched_usd = dy.Float64(nullable=True, description="Unmatched amount that orders the list: mass times world unit "
                               "value for goods weighed by mass, value for precious ones")
    channels_tested = dy.UInt32(description="Channels that could be tested and may lead")
    is_selected = dy.Bool(description="True for the alerts; false for scored flows below the cut")
    family = dy.String()
    joint_share = dy.Float64(nullable=True, min=0.0, max=1.0, description="Share of the gap that causes could explain "
                             "together: 1 - prod(1 - share)")
    why_level = dy.String(description="What decided the claim level")


class Judgements(dy.Schema):
    """What people decided about an alert: appended, never changed."""

    alert_id = dy.String(primary_key=True)
    judged_at = dy.Datetime(primary_key=True, time_zone="UTC", time_unit="us")
    reviewer = dy.String(primary_key=True)
    verdict = dy.Enum(("implausible", "explained", "undecided"))
    note = dy.String(nullable=True)


TABLES: dict[str, type[dy.Schema]] = {
    "declarations": Declarations,
    "quarantine": Quarantine,
    "reporting": Reporting,
    "flows": Flows,
    "production": Production,
    "governance": Governance,
    "expectations": Expectations,
    "statistics": Statistics,
    "scores": Scores,
    "causes": Causes,
    "alerts": Alerts,
    "judgements": Judgements,
}
