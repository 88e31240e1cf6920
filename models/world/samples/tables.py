"""Tables of samples, of what was measured in them, and of where their material truly comes from."""

import dataframely as dy

MEDIA = (
    "ore", "river_sediment", "river_water", "tailings", "amalgam", "sponge_gold", "blank", "reference_material",
)  # fmt: skip


class Sample(dy.Schema):
    """Something that a laboratory got."""

    sample_id = dy.String(primary_key=True)
    collected = dy.Date(description="Day on which it was taken; for blanks and reference materials, measured")
    lon = dy.Float64(nullable=True, min=-180, max=180, description="Degrees; null for blanks and reference materials")
    lat = dy.Float64(nullable=True, min=-90, max=90)
    medium = dy.Enum(MEDIA)
    laboratory = dy.String(description="Invented; 'certificate' for the certified values of a reference material")
    method = dy.String()
    duplicate_of = dy.String(nullable=True, description="Sample of the same material that was measured before")
    reference_material = dy.String(nullable=True, description="Name of the reference material")


class Measurement(dy.Schema):
    """One analyte of a sample."""

    sample_id = dy.String(primary_key=True)
    analyte = dy.String(primary_key=True, description="Symbol, CN for cyanide, or an isotope ratio as Pb206/Pb204")
    value = dy.Float64(min=0, description="The detection limit where censored")
    unit = dy.String(description="mg/kg, ug/kg or % for solids, ug/L for water, ratio for isotopes")
    sd = dy.Float64(min=0, description="Standard deviation that the laboratory states")
    detection_limit = dy.Float64(nullable=True, min=0, description="In the unit of the value; null for ratios")
    is_censored = dy.Bool(description="Less than the detection limit")


class SampleSource(dy.Schema):
    """Where the material of a sample comes from: shares of its mass, or of its water; they sum to 1."""

    sample_id = dy.String(primary_key=True)
    source_id = dy.String(primary_key=True, description="Deposit, site, background:<reach>, blank or reference:<name>")
    share = dy.Float64(min=0, max=1)
