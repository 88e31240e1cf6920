"""Tables of the world's shipping. Times are UTC, to the second. All but `Position` are truth."""

import dataframely as dy

VESSEL_KINDS = ("bulk_carrier", "general_cargo", "container", "fishing", "tug")
GAP_CAUSES = ("reception", "power_down", "satellite", "switched_off")


class Vessel(dy.Schema):
    """A vessel. Its numbers belong to no real one: no state has the country digits, no ship was given the number."""

    vessel_id = dy.String(primary_key=True)
    name = dy.String(description="Invented")
    mmsi = dy.Int64(min=280_000_000, max=799_999_999, description="Maritime identity, nine digits")
    imo = dy.String(nullable=True, regex=r"IMO[234][0-9]{6}", description="With a valid check digit; null if too small")
    call_sign = dy.String()
    flag = dy.String(description="Country whose digits the identity begins with")
    kind = dy.Enum(VESSEL_KINDS)
    ais_type = dy.Int32(description="Code of ITU-R M.1371")
    transceiver = dy.Enum(["A", "B"])
    length_m = dy.Int32(min=5)
    width_m = dy.Int32(min=2)
    deadweight_t = dy.Float64(min=0)
    draught_ballast_m = dy.Float64(min=0)
    draught_laden_m = dy.Float64(min=0)


class Voyage(dy.Schema):
    """A passage from one port to the next, or from a port and back to it."""

    voyage_id = dy.String(primary_key=True)
    vessel_id = dy.String()
    from_place = dy.String()
    to_place = dy.String()
    departed = dy.Datetime(time_unit="us")
    arrived = dy.Datetime(time_unit="us", description="May be after the observed time")
    length_km = dy.Float64(min=0)
    draught_before_m = dy.Float64(min=0, description="On arrival at `from_place`")
    draught_after_m = dy.Float64(min=0, description="On leaving it")
    is_laden = dy.Bool(description="Carries goods of the world")
    goods_ids = dy.List(dy.String())
    masses_kg = dy.List(dy.Float64(), description="Of each of the goods")


class PortCall(dy.Schema):
    """A stay in a port: from the first rest in its anchorage or at a berth until the vessel leaves its waters."""

    vessel_id = dy.String(primary_key=True)
    place_id = dy.String(primary_key=True)
    arrived = dy.Datetime(time_unit="us", primary_key=True)
    berthed = dy.Datetime(time_unit="us", nullable=True, description="Null where it only lay at anchor")
    left = dy.Datetime(time_unit="us", nullable=True, description="Null where it had not left when the world ended")
    is_whole = dy.Bool(description="Began and ended within the observed time")


class Gap(dy.Schema):
    """A silence between two reports of one vessel that were heard."""

    vessel_id = dy.String(primary_key=True)
    start = dy.Datetime(time_unit="us", primary_key=True, description="Last report before")
    end = dy.Datetime(time_unit="us", description="First report after")
    cause = dy.Enum(GAP_CAUSES)


class Encounter(dy.Schema):
    """Two vessels side by side for hours: at sea by appointment, in an anchorage or at berths by chance."""

    vessel_id = dy.String(primary_key=True)
    other_id = dy.String(primary_key=True)
    start = dy.Datetime(time_unit="us", primary_key=True)
    end = dy.Datetime(time_unit="us")
    lon = dy.Float64()
    lat = dy.Float64()
    is_anchorage = dy.Bool(description="Near a port, where lying side by side means nothing")
    is_dark = dy.Bool(description="At least one of both had its transponder switched off")


class Collision(dy.Schema):
    """Two vessels that send under one identity."""

    mmsi = dy.Int64(primary_key=True)
    vessel_id = dy.String(primary_key=True, description="To whom the identity belongs")
    other_id = dy.String(primary_key=True)
    start = dy.Datetime(time_unit="us")
    end = dy.Datetime(time_unit="us")
    has_name = dy.Bool(description="The other sends the owner's name, number and size too")


class Position(dy.Schema):
    """A report as the US MarineCadastre writes it, in the order of arrival."""

    MMSI = dy.Int64()
    BaseDateTime = dy.String(description="YYYY-MM-DDTHH:MM:SS")
    LAT = dy.Float64(description="91 where not available")
    LON = dy.Float64(description="181 where not available")
    SOG = dy.Float64(description="Knots; 102.3 where not available")
    COG = dy.Float64(description="Degrees; 360 where not available")
    Heading = dy.Float64(description="Degrees; 511 where not available")
    VesselName = dy.String(nullable=True)
    IMO = dy.String(nullable=True)
    CallSign = dy.String(nullable=True)
    VesselType = dy.Int32(nullable=True)
    Status = dy.Int32(nullable=True, description="0 under way, 1 at anchor, 5 moored, 7 fishing")
    Length = dy.Int32(nullable=True)
    Width = dy.Int32(nullable=True)
    Draft = dy.Float64(nullable=True)
    Cargo = dy.Int32(nullable=True)
    TransceiverClass = dy.String()
