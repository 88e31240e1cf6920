"""Every table, described once: column, dtype, unit, key and meaning.

Checks, documentation and test data are generated from these schemas. A unit stands in the column's
name; a null means "not declared" or "not known" and never zero.
"""

import dataframely as dy
import polars as pl

from graphs.tables_companies import COMPANIES
from graphs.tables_expected import Expectations as Expectations
from graphs.tables_expected import Ladder as Ladder
from graphs.tables_places import PLACES
from graphs.tables_ships import SHIPS

FLOW_CODES = ("M", "X", "RM", "RX", "DX", "FM", "MIP", "MOP", "XIP", "XOP")
KINDS = ("country", "residual", "group", "world", "zone")
EVENT_KINDS = ("ban",)
VALUE_BASES = ("FOB", "CIF", "unknown")
VERDICTS = ("excluded", "possible", "cannot_test")
CHANNELS = (
    "mirror_gap", "one_sided", "unit_value", "balance", "jump", "ban_break", "disparity", "pass_through", "two_cycle",
    "code_switch", "partner_switch", "new_route", "three_path", "edge_stream", "carrying_capacity", "learned",
)  # fmt: skip
LEARNED = "learned"
"""The channel that leads the learned list, and that list's name; it never leads the other."""
LISTS = ("agnostic", LEARNED)
"""Lists of alerts, never merged: one for which no example was ever needed, one learned from invented schemes."""
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
    reporter_kind = dy.Enum(KINDS, description="What the reporter is; only countries can be one side of a judged flow")
    partner_kind = dy.Enum(KINDS, description="What the partner is; a residual area is one not specified")
    value_usd = dy.Float64(nullable=True, min=0.0, description="Primary value, USD")
    value_basis = dy.Enum(VALUE_BASES, description="What value_usd includes")
    cif_value_usd = dy.Float64(
        nullable=True, min=0.0, description="Import value with freight and insurance, where the row states it"
    )
    fob_value_usd = dy.Float64(
        nullable=True, min=0.0, description="Value at the border of departure, where the row states it"
    )
    mass_kg = dy.Float64(nullable=True, min=0.0, description="Net mass; null where none is declared (0 beside a value)")
    is_mass_estimated = dy.Bool(nullable=True, description="Null where the source does not say")
    quantity = dy.Float64(nullable=True, min=0.0, description="Amount in the unit beside it, where the row states one")
    quantity_unit = dy.String(nullable=True, description="Unit of quantity, as the source names it")
    is_counted = dy.Bool(description="False for totals, groups, parents, breakdowns: kept, but not added up")
    flags = dy.UInt32(description="What is peculiar about the row, as a bit field (graphs.flags)")
    known_from = dy.Date(
        description="Day from which the row could be known: its publication, else period end plus the source's lag"
    )
    raw_sha256 = dy.String(description="Hash of the bytes this row came from")
    raw_row = dy.UInt32(description="Row number in those bytes, from 1 without the header")


class Quarantine(dy.Schema):
    """Rows that could not be used, with the reason; none is dropped in silence."""

    source = dy.String(primary_key=True)
    raw_sha256 = dy.String(primary_key=True)
    raw_row = dy.UInt32(primary_key=True, description="Row number, from 1; 0 where the line speaks of the whole file")
    file = dy.String(description="Name of the file as the user knows it")
    field = dy.String(description="The column at fault")
    found = dy.String(nullable=True, description="What stood there")
    reason = dy.String(description="One sentence: what is wrong and what to do")


class Reporting(dy.Schema):
    """Who reported at all: without a row here a side is missing, not zero."""

    source = dy.String(primary_key=True)
    reporter = dy.String(primary_key=True)
    period = dy.Int32(primary_key=True)
    direction = dy.Enum(("M", "X"), primary_key=True, description="M imports, X exports")
    rows = dy.UInt32(description="Counted rows declared in this direction")
    known_from = dy.Date()


class Flows(dy.Schema):
    """A flow with both declarations side by side."""

    flow_id = dy.String(primary_key=True, description="source:exporter:importer:commodity:period")
    source = dy.String()
    exporter = dy.String(description="Where the goods leave")
    importer = dy.String(description="Where the goods arrive")
    commodity = dy.String()
    family = dy.String(description="Code family, see graphs.commodities")
    period = dy.Int32()
    exporter_kind = dy.Enum(KINDS, description="What the exporter is")
    importer_kind = dy.Enum(KINDS, description="What the importer is")
    exporter_reported = dy.Bool(
        nullable=True,
        description="Any row of the exporter that period, in a source that holds such exports from anyone; null where "
        "the source holds no declarations",
    )
    importer_reported = dy.Bool(nullable=True, description="Any row of the importer that period, likewise")
    export_value_usd = dy.Float64(
        nullable=True,
        min=0.0,
        description="What the exporter declares; null where it declares none or the source holds no declarations",
    )
    import_value_usd = dy.Float64(nullable=True, min=0.0, description="What the importer declares; null likewise")
    export_mass_kg = dy.Float64(
        nullable=True, min=0.0, description="Net mass that the exporter declares; null likewise"
    )
    import_mass_kg = dy.Float64(
        nullable=True, min=0.0, description="Net mass that the importer declares; null likewise"
    )
    import_value_basis = dy.Enum(
        VALUE_BASES, description="Whether the importer values with freight and insurance (CIF) or without (FOB)"
    )
    cif_fob_ratio = dy.Float64(nullable=True, min=0.0, description="Importer's own CIF over FOB where it declares both")
    is_export_mass_estimated = dy.Bool(
        nullable=True, description="The mass was estimated, not declared; null where the source does not say"
    )
    is_import_mass_estimated = dy.Bool(
        nullable=True, description="The mass was estimated, not declared; null where the source does not say"
    )
    export_hs_revision = dy.String(nullable=True, description="HS edition of the exporter's code, H0 to H6")
    import_hs_revision = dy.String(nullable=True, description="HS edition of the importer's code, H0 to H6")
    reconciled_value_usd = dy.Float64(
        nullable=True, min=0.0, description="One value from both declarations, weighted by how reliable each office is"
    )
    reconciled_mass_kg = dy.Float64(
        nullable=True, min=0.0, description="One mass from both declarations, weighted likewise"
    )
    reconciled_log_sd = dy.Float64(
        nullable=True, min=0.0, description="How sure the reconciled value is: standard deviation of its logarithm"
    )
    flags = dy.UInt32()
    known_from = dy.Date()


class Production(dy.Schema):
    """Mine output by country and year, with an interval."""

    source = dy.String(primary_key=True)
    country = dy.String(primary_key=True, description="ISO 3166 alpha-3")
    commodity = dy.String(primary_key=True, description="Code family the output feeds, e.g. gold")
    year = dy.Int32(primary_key=True, description="Calendar year")
    basis = dy.Enum(("content", "ore"), primary_key=True, description="Contained metal, or ore as mined")
    mass_kg = dy.Float64(nullable=True, min=0.0, description="Mine output; null where the source gives none")
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
    estimate = dy.Float64(nullable=True, description="Stability in standard normal units; null where none is given")
    standard_error = dy.Float64(nullable=True, min=0.0, description="Standard error of the estimate")
    known_from = dy.Date()
    raw_sha256 = dy.String()


class Events(dy.Schema):
    """What was published about trade itself: export bans, the built-in ones and those of the user's files."""

    source = dy.String(primary_key=True, description="oretrace for the built-in list, events for a user's file")
    kind = dy.Enum(EVENT_KINDS, primary_key=True, description="What happened")
    country = dy.String(primary_key=True, description="Who decreed it: ISO 3166 alpha-3")
    codes = dy.String(primary_key=True, description="HS codes covered, by their first digits, separated by blanks")
    start = dy.Date(primary_key=True, description="First day")
    end = dy.Date(nullable=True, description="Last day; null while it stands")
    citation = dy.String(description="The act that says so")
    known_from = dy.Date()
    raw_sha256 = dy.String(nullable=True, description="Hash of the bytes this row came from; null for a built-in one")


class Statistics(dy.Schema):
    """A channel's studentised statistic for a flow, before any p-value. Larger is less plausible."""

    flow_id = dy.String(primary_key=True)
    channel = dy.Enum(CHANNELS, primary_key=True, description="Channel that speaks")
    as_of = dy.Date(primary_key=True)
    family = dy.String(description="Code family of the flow")
    statistic = dy.Float64(description="How far the flow stands out, in the channel's own measure")
    is_null = dy.Bool(description="Row of the matched clean null")
    stratum = dy.UInt8(
        description="Which clean rows it is compared with: 0 any, since it is studentised; else 1 + 2 * sides declared "
        "+ (worth 1 M USD or more)"
    )
    model_p = dy.Float64(nullable=True, min=0.0, max=1.0, description="The channel's own probability, if it has one")
    gap_value_usd = dy.Float64(nullable=True, description="Unmatched amount; null where the channel has none")
    gap_mass_kg = dy.Float64(nullable=True, description="Unmatched mass; null where the channel has none")
    parts = dy.List(
        dy.Struct({"name": dy.String(), "value": dy.Float64(nullable=True)}),
        description="The numbers that make the statistic; each name carries its unit",
    )


class Scores(dy.Schema):
    """Statistics with p-values against the matched clean null."""

    flow_id = dy.String(primary_key=True)
    channel = dy.Enum(CHANNELS, primary_key=True)
    as_of = dy.Date(primary_key=True)
    statistic = dy.Float64()
    p_value = dy.Float64(
        min=0.0, max=1.0, description="Share of clean rows at least as far out, or the channel's own probability"
    )
    null_rows = dy.UInt32(description="Rows of the null this p was read from; 0 for a channel's own probability")
    null_block = dy.String(
        description="Family whose null was used, or pooled, with its stratum; or the channel's own model"
    )
    is_null_large = dy.Bool(description="The null resolves the p-values that a declared error rate needs")
    tests = dy.UInt32(description="Tests that share this null: it is large with one clean row or more for each of them")
    gap_value_usd = dy.Float64(nullable=True)
    gap_mass_kg = dy.Float64(nullable=True)
    parts = dy.List(dy.Struct({"name": dy.String(), "value": dy.Float64(nullable=True)}))


class Causes(dy.Schema):
    """Every ordinary explanation faced by every scored flow."""

    flow_id = dy.String(primary_key=True)
    cause = dy.String(primary_key=True, description="Ordinary cause (models.flows.ordinary)")
    as_of = dy.Date(primary_key=True)
    verdict = dy.Enum(VERDICTS, description="excluded, possible, or cannot_test")
    share_of_gap = dy.Float64(
        nullable=True,
        min=0.0,
        max=1.0,
        description="Share of the unmatched amount that the cause could make; null where it could not be tested",
    )
    detail = dy.String(nullable=True, description="The numbers compared, for a reader")


class Alerts(dy.Schema):
    """Scored flows in their total order; `is_selected` marks the alerts themselves. A contract for machines."""

    alert_id = dy.String(primary_key=True, description="list:flow_id:as_of")
    list = dy.Enum(("learned", "agnostic"), description="Which list the row stands on; the two are never merged")
    rank = dy.UInt32(description="1 is first; no ties")
    flow_id = dy.String()
    exporter = dy.String(description="ISO 3166 alpha-3; user-assigned codes as they are; residual areas by own code")
    importer = dy.String(description="Coded like the exporter")
    commodity = dy.String(description="HS code as declared")
    period = dy.Int32()
    channel = dy.Enum(CHANNELS, description="Channel that speaks; it states gap and causes, on the learned list too")
    statistic = dy.Float64(description="Statistic of the channel; on the learned list the score, as log-odds")
    p_value = dy.Float64(
        min=0.0,
        max=1.0,
        description="p of the channel that speaks, times the number of channels that could be tested and may lead; 1 "
        "where none may; on the learned list p of its score",
    )
    q_value = dy.Float64(
        nullable=True,
        min=0.0,
        max=1.0,
        description="Share expected to be ordinary among the flows of the family with at most this p (on the learned "
        "list: of the family and null), by that null; empty where the null is too small",
    )
    claim_level = dy.UInt8(
        max=5, description="0 ordinary, 1 anomaly, 2 candidate, 3 reviewed, 4 corroborated, 5 established"
    )
    export_value_usd = dy.Float64(nullable=True)
    import_value_usd = dy.Float64(nullable=True)
    export_mass_kg = dy.Float64(nullable=True)
    import_mass_kg = dy.Float64(nullable=True)
    reconciled_value_usd = dy.Float64(nullable=True)
    reconciled_mass_kg = dy.Float64(nullable=True)
    gap_value_usd = dy.Float64(nullable=True)
    gap_mass_kg = dy.Float64(nullable=True)
    episode_id = dy.String(description="source:exporter:commodity:first year of an unbroken run of years")
    source = dy.String()
    as_of = dy.Date()
    main_cause = dy.String(nullable=True, description="Possible ordinary cause with the largest share, if any")
    sentence = dy.String(description="The alert in one sentence, with its numbers and their 80 % interval")
    unmatched_usd = dy.Float64(
        nullable=True,
        description="Unmatched amount, which orders flows with the same p: the value; for goods weighed by mass no "
        "more than the unmatched mass at the world unit value",
    )
    channels_tested = dy.UInt32(description="Channels that could be tested and may lead")
    is_selected = dy.Bool(description="True for the alerts; false for scored flows below the cut")
    family = dy.String()
    joint_share = dy.Float64(
        nullable=True,
        min=0.0,
        max=1.0,
        description="Share of the gap that causes could explain together: 1 - prod(1 - share)",
    )
    why_level = dy.String(description="What decided the claim level")
    why_no_rate = dy.String(nullable=True, description="Why q is empty, in words; null where it is not")
    unit_p_value = dy.Float64(
        min=0.0,
        max=1.0,
        description="p of the whole unit: one source, exporter and code over all scored partners and years, by Simes",
    )
    unit_q_value = dy.Float64(
        nullable=True,
        min=0.0,
        max=1.0,
        description="Share expected to be ordinary among such units of the family with at most this p, likewise",
    )
    ordinary_bound = dy.UInt32(
        nullable=True,
        description="With a probability of 90 %, at most so many flows from rank 1 to this one are ordinary, whichever "
        "rank is chosen; null where no such bound is known",
    )
    ordinary_share = dy.Float64(
        nullable=True,
        min=0.0,
        max=1.0,
        description="Orders the agnostic list within a level: ordinary flows expected to stand out at least as far on "
        "the channel that speaks, over those that do, all families together. The smaller, the fewer ordinary flows "
        "stand out as far; no error rate is claimed by it. Null on the learned list and for features",
    )


class Judgements(dy.Schema):
    """What people decided about an alert: appended, never changed."""

    alert_id = dy.String(primary_key=True)
    judged_at = dy.Datetime(primary_key=True, time_zone="UTC", time_unit="us", description="When, UTC")
    reviewer = dy.String(primary_key=True, description="Who judged")
    verdict = dy.Enum(("implausible", "explained", "undecided"), description="What this reviewer holds the alert for")
    note = dy.String(nullable=True, description="Why, in a sentence")


class GraphStore(dy.Schema):
    """What the graph store holds: one row per node type and edge type."""

    table = dy.String(primary_key=True, description="Node type, or edge type with both ends (graphs.schema)")
    rows = dy.Int64(min=0, description="Nodes or edges")
    engine = dy.String(description="Ladybug or Neo4j")
    snapshot = dy.String(description="Name of the graph: hash of all its tables' contents")
    as_of = dy.Date()


class Measures(dy.Schema):
    """Who stands where in a trade network, and how sure that is."""

    source = dy.String(primary_key=True)
    family = dy.String(primary_key=True, description="Code family whose trade makes the network")
    year = dy.Int64(primary_key=True)
    measure = dy.String(primary_key=True, description="Name of the measure (graphs.measures)")
    node = dy.String(primary_key=True, description="Country")
    as_of = dy.Date(primary_key=True)
    value = dy.Float64(nullable=True, description="Null where the measure is not defined for this node")
    rank = dy.Float64(nullable=True, min=1.0, description="1 is the largest; ties share their middle rank")
    rank_low = dy.Float64(
        nullable=True, description="Best rank that it could have if a part of the trade went unseen, 80 % interval"
    )
    rank_high = dy.Float64(nullable=True, description="Worst rank likewise")


class Views(dy.Schema):
    """Pages that a run wrote: each one file that opens without a network."""

    file = dy.String(primary_key=True, description="Name of the file in the home's views folder")
    title = dy.String(description="Title of the page")
    size_bytes = dy.Int64(min=1, description="Size of the file")
    sha256 = dy.String(description="Hash of the file")
    as_of = dy.Date()


TABLES: dict[str, type[dy.Schema]] = {
    "declarations": Declarations,
    "quarantine": Quarantine,
    "reporting": Reporting,
    "flows": Flows,
    "production": Production,
    "governance": Governance,
    "events": Events,
    "expectations": Expectations,
    "ladder": Ladder,
    "statistics": Statistics,
    "scores": Scores,
    "causes": Causes,
    "alerts": Alerts,
    "judgements": Judgements,
    "graph_store": GraphStore,
    "measures": Measures,
    "views": Views,
}
TABLES |= PLACES | SHIPS | COMPANIES
