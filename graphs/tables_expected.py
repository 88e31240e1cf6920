"""Tables of what flows would ordinarily have been; part of `graphs.tables`, where they are looked for."""

import dataframely as dy


class Expectations(dy.Schema):
    """What a flow would ordinarily have been."""

    flow_id = dy.String(primary_key=True)
    model = dy.String(primary_key=True, description="Rung of the ladder, e.g. own_history")
    as_of = dy.Date(primary_key=True, description="Day up to which everything known was used, and nothing later")
    quantity = dy.Enum(
        ("value_usd", "mass_kg", "log_ratio", "log_unit_value"),
        primary_key=True,
        description="What is expected: an amount or a logarithm",
    )
    median = dy.Float64(description="What would have been ordinary, in the unit of quantity")
    low = dy.Float64(description="10th percentile")
    high = dy.Float64(description="90th percentile")
    log_sd = dy.Float64(nullable=True, min=0.0, description="Standard deviation of the logarithm")
    p_zero = dy.Float64(
        nullable=True,
        min=0.0,
        max=1.0,
        description="Probability that nothing would have been traded; null where the model has none",
    )


class Ladder(dy.Schema):
    """How well each rung forecast the last complete years, and which rung is used for a commodity."""

    source = dy.String(primary_key=True)
    commodity = dy.String(primary_key=True, description="HS code whose flows were forecast")
    model = dy.String(primary_key=True, description="Rung of the ladder, as in expectations")
    measure = dy.Enum(
        ("pinball", "crps", "log_loss_zero", "ndcg_10"),
        primary_key=True,
        description="pinball: loss of the quantiles of log USD, over what was traded; crps: of log(1 + USD), zeros "
        "included; log_loss_zero: surprise at trade or none; ndcg_10: how well partners were ranked, 1 at best",
    )
    as_of = dy.Date(primary_key=True, description="Day up to which everything known was used, and nothing later")
    family = dy.String(description="Code family of the commodity")
    value = dy.Float64(nullable=True, description="The measure; null where the rung could not be compared")
    low = dy.Float64(nullable=True, description="Lower end of the 95 % interval (exporters drawn anew)")
    high = dy.Float64(nullable=True, description="Upper end of the 95 % interval")
    gain = dy.Float64(
        nullable=True, description="How much better than the best rung below, positive is better; null for the first"
    )
    gain_low = dy.Float64(nullable=True, description="Lower end of the 95 % interval of the gain")
    gain_high = dy.Float64(nullable=True, description="Upper end of the 95 % interval of the gain")
    is_used = dy.Bool(
        description="The highest rung whose gain in crps has an interval above zero; the first rung needs none"
    )
    first_year = dy.Int32(nullable=True, description="First of the years compared; null where none could be")
    last_year = dy.Int32(nullable=True, description="Last of the years compared")
    cells = dy.UInt32(description="Pairs and years compared, the same for every rung")
    exporters = dy.UInt32(description="Exporters among them")
    missing = dy.String(nullable=True, description="Why the rung could not be compared; null where it was")
