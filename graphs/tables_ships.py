"""Tables of ships: where they were heard, where they called, what they could carry; part of `graphs.tables`.

Times are UTC. A null means "not sent" or "not known": a ship without a position was still heard, a ship without a
draught is no empty ship.
"""

import dataframely as dy

VESSEL_KINDS = (
    "bulk_carrier", "general_cargo", "container", "tanker", "fishing", "tug", "passenger", "other", "unknown",
)  # fmt: skip
EVENT_SOURCES = ("ais", "gfw")
SHIP_EVENT_KINDS = ("gap", "encounter", "loitering", "identity_collision", "impossible_position")
TRANSCEIVERS = ("A", "B")


class VesselPositions(dy.Schema):
    """What one ship said at one time; a report without a position stays, since it proves that the ship was heard."""

    sender = dy.Int64(
        primary_key=True,
        description="Nine digits of the radio identity (MMSI); negative where a file numbers its ships in its own way",
    )
    time = dy.Datetime(primary_key=True, time_zone="UTC", time_unit="us", description="When the report was sent, UTC")
    lon = dy.Float64(nullable=True, min=-180.0, max=180.0, description="Longitude, degrees east; null if not sent")
    lat = dy.Float64(nullable=True, min=-90.0, max=90.0, description="Latitude, degrees north; null if not sent")
    speed_kn = dy.Float32(nullable=True, min=0.0, description="Speed over ground as sent, knots")
    course_deg = dy.Float32(nullable=True, min=0.0, max=360.0, description="Course over ground, degrees from north")
    heading_deg = dy.Float32(nullable=True, min=0.0, max=360.0, description="Where the bow points, degrees from north")
    status = dy.UInt8(
        nullable=True,
        max=15,
        description="Status of ITU-R M.1371: 0 under way, 1 at anchor, 5 moored, 7 fishing; the crew sets it by hand",
    )
    draught_m = dy.Float32(nullable=True, min=0.0, description="Draught last sent, metres; the crew sets it by hand")
    imo = dy.Int32(nullable=True, description="IMO number, seven digits; null where none with a true check digit came")
    name = dy.String(nullable=True, description="Name, as sent")
    length_m = dy.Float32(nullable=True, min=0.0, description="Length over all, metres")
    width_m = dy.Float32(nullable=True, min=0.0, description="Width, metres")
    ais_type = dy.UInt16(nullable=True, description="Ship type of ITU-R M.1371: 30 fishing, 52 tug, 70-79 cargo")
    transceiver = dy.Enum(TRANSCEIVERS, nullable=True, description="Class of the transceiver: B sends less often")
    raw_file = dy.UInt16(description="Which of the files that the day was read from (from 0), in the table's metadata")
    raw_row = dy.UInt32(description="Row in that file, from 1 without the header")
    known_from = dy.Date(description="Day of the report")


class AisCoverage(dy.Schema):
    """Where and when anybody was heard at all, by cells of one degree: a silence elsewhere tells nothing."""

    known_from = dy.Date(primary_key=True, description="The day of which the row tells")
    cell_lon = dy.Int16(primary_key=True, min=-180, max=180, description="Western edge of the cell, degrees east")
    cell_lat = dy.Int16(primary_key=True, min=-90, max=90, description="Southern edge of the cell, degrees north")
    reports = dy.UInt32(description="Reports with a position in the cell")
    senders = dy.UInt32(description="Ships that sent them")
    hours_seen = dy.UInt32(max=(1 << 24) - 1, description="Hours with a report: bit 0 stands for 00 to 01 UTC")
    fell_silent = dy.UInt16(
        description="Ships under way that were heard here last and then not for three hours or more"
    )


class Vessels(dy.Schema):
    """A ship as its reports tell of it: one row per track, several where no one ship could have sent all."""

    track_id = dy.String(primary_key=True, description="MMSI:n, n above 1 where an identity was split; FILE.NUMBER:1")
    mmsi = dy.Int64(nullable=True, min=0, max=999_999_999, description="Radio identity, nine digits")
    imo = dy.Int32(nullable=True, description="IMO number that it sent most often")
    name = dy.String(nullable=True, description="Name that it sent most often")
    call_sign = dy.String(nullable=True, description="Call sign that it sent most often")
    flag = dy.String(nullable=True, description="Country whose digits the identity begins with; null where no state's")
    kind = dy.Enum(VESSEL_KINDS, description="What ship it is, by the type it sends, its size and its speed")
    ais_type = dy.UInt16(nullable=True, description="Ship type that it sent most often")
    length_m = dy.Float32(nullable=True, min=0.0, description="Length over all, metres")
    width_m = dy.Float32(nullable=True, min=0.0, description="Width, metres")
    draught_max_m = dy.Float32(nullable=True, min=0.0, description="Deepest draught that it sent, metres")
    usual_kn = dy.Float32(nullable=True, min=0.0, description="Usual speed under way: median of its days' medians")
    deadweight_t = dy.Float64(nullable=True, min=0.0, description="What it can carry by its length and kind, tonnes")
    deadweight_low_t = dy.Float64(nullable=True, min=0.0, description="Lower end of the 80 % interval")
    deadweight_high_t = dy.Float64(nullable=True, min=0.0, description="Upper end of the 80 % interval")
    first_seen = dy.Datetime(time_zone="UTC", time_unit="us", description="First report")
    last_seen = dy.Datetime(time_zone="UTC", time_unit="us", description="Last report")
    reports = dy.UInt32(description="Reports of the track")
    is_split = dy.Bool(description="Reports that no one ship could have sent came under this identity")
    known_from = dy.Date(description="Day of its last report")


class PortCalls(dy.Schema):
    """A stay in a port or anchorage, from the first rest there until the ship leaves its waters."""

    call_id = dy.String(primary_key=True, description="track_id:place_id:time of arrival")
    track_id = dy.String(description="The ship")
    place_id = dy.String(description="Port or anchorage")
    country = dy.String(nullable=True, description="Country of the place, ISO 3166 alpha-3")
    arrived = dy.Datetime(time_zone="UTC", time_unit="us", description="First report at rest there")
    berthed = dy.Datetime(
        nullable=True, time_zone="UTC", time_unit="us", description="Null where it was seen at no berth"
    )
    left = dy.Datetime(
        nullable=True, time_zone="UTC", time_unit="us", description="Last report there; null if it stays"
    )
    is_whole = dy.Bool(description="Began and ended within days that were read")
    draught_in_m = dy.Float32(nullable=True, min=0.0, description="Draught sent on arrival, metres")
    draught_out_m = dy.Float32(nullable=True, min=0.0, description="Draught sent on the passage after, metres")
    rests = dy.UInt32(description="Reports at less than one knot")
    confidence = dy.Float64(min=0.0, max=1.0, description="How sure it is that the ship called there")
    known_from = dy.Date(description="Day on which it ended, or the last day read")


class Voyages(dy.Schema):
    """A passage from one call to the next at another place."""

    voyage_id = dy.String(primary_key=True, description="track_id:time of departure")
    track_id = dy.String(description="The ship")
    from_call = dy.String(description="Call that it left")
    to_call = dy.String(description="Call at which it arrived")
    from_place = dy.String(description="Where it came from")
    to_place = dy.String(description="Where it went")
    departed = dy.Datetime(time_zone="UTC", time_unit="us", description="Last report before it left")
    arrived = dy.Datetime(time_zone="UTC", time_unit="us", description="First report at rest at the end")
    hours = dy.Float64(min=0.0, description="Time between both, hours")
    length_km = dy.Float64(min=0.0, description="Way along its reports, km")
    network_km = dy.Float64(
        nullable=True,
        min=0.0,
        description="Way along the sea lanes; null where none is known or the lanes lie farther off",
    )
    speed_kn = dy.Float64(nullable=True, min=0.0, description="Length over hours, knots")
    draught_before_m = dy.Float32(
        nullable=True, min=0.0, description="Draught sent before the call that it left, metres"
    )
    draught_m = dy.Float32(nullable=True, min=0.0, description="Draught sent on the way, median, metres")
    draught_after_m = dy.Float32(nullable=True, min=0.0, description="Draught sent after the call at the end, metres")
    is_laden = dy.Bool(
        nullable=True, description="Carried cargo, by its draught; null where that is not known or was not set anew"
    )
    cargo_low_t = dy.Float64(nullable=True, min=0.0, description="Least cargo, 80 % interval, tonnes")
    cargo_t = dy.Float64(nullable=True, min=0.0, description="Cargo by draught and size, tonnes; null if not known")
    cargo_high_t = dy.Float64(nullable=True, min=0.0, description="Most cargo, 80 % interval, tonnes")
    seen_share = dy.Float64(min=0.0, max=1.0, description="Share of its hours within three hours of a report")
    known_from = dy.Date(description="Day of arrival")


class VesselEvents(dy.Schema):
    """A silence, meeting, stop or doubtful identity at sea, each with its own numbers and ordinary reasons."""

    event_id = dy.String(primary_key=True, description="kind:track_id:time at which it began, and the other track")
    source = dy.Enum(EVENT_SOURCES, description="ais: told from positions; gfw: as Global Fishing Watch published it")
    kind = dy.Enum(SHIP_EVENT_KINDS, description="What happened")
    track_id = dy.String(description="The ship")
    other_track = dy.String(nullable=True, description="The other ship, where there is one")
    began = dy.Datetime(time_zone="UTC", time_unit="us", description="First moment; for a gap the last report before")
    ended = dy.Datetime(time_zone="UTC", time_unit="us", description="Last moment; for a gap the first report after")
    hours = dy.Float64(min=0.0, description="Time between both, hours")
    lon = dy.Float64(
        nullable=True, min=-180.0, max=180.0, description="Where it began; null where no position is known"
    )
    lat = dy.Float64(nullable=True, min=-90.0, max=90.0, description="Where it began; null where no position is known")
    lon_end = dy.Float64(nullable=True, min=-180.0, max=180.0, description="Where it ended, degrees east")
    lat_end = dy.Float64(nullable=True, min=-90.0, max=90.0, description="Where it ended, degrees north")
    place_id = dy.String(nullable=True, description="Nearest port or anchorage")
    place_km = dy.Float64(nullable=True, min=0.0, description="Distance to it, km")
    speed_kn = dy.Float64(
        nullable=True, min=0.0, description="Median speed; of a gap the speed between its ends, knots"
    )
    confidence = dy.Float64(min=0.0, max=1.0, description="1 minus what ordinary reasons could explain")
    parts = dy.List(
        dy.Struct({"name": dy.String(), "value": dy.Float64(nullable=True)}),
        description="The numbers that make the event; each name carries its unit",
    )
    causes = dy.List(
        dy.Struct({"cause": dy.String(), "verdict": dy.String(), "share": dy.Float64(nullable=True)}),
        description="Ordinary reasons of a gap: excluded, possible or cannot_test, and the share of its hours covered",
    )
    main_cause = dy.String(nullable=True, description="Possible ordinary reason with the largest share, if any")
    sentence = dy.String(description="The event in one sentence, with its numbers")
    known_from = dy.Date(description="Day on which it ended")


class CarryingCapacity(dy.Schema):
    """What the ships that were seen at both ends could have carried, before division by what was seen."""

    exporter = dy.String(primary_key=True, description="Country that the ships left")
    importer = dy.String(primary_key=True, description="Country at which they arrived")
    period = dy.Int32(primary_key=True, description="Month (202410); a year where 330 days of it or more were read")
    direct_kg = dy.Float64(
        nullable=True, min=0.0, description="Voyages from one to the other, kg; null while one may be under way"
    )
    direct_high_kg = dy.Float64(nullable=True, min=0.0, description="Upper end of the 80 % interval")
    out_kg = dy.Float64(
        min=0.0,
        description="Departures of ships for bulk from the exporter, and arrivals from nobody knows where, kg",
    )
    out_high_kg = dy.Float64(min=0.0, description="Upper end of the 80 % interval")
    out_log_sd = dy.Float64(nullable=True, min=0.0, description="Standard deviation of its logarithm; null for nothing")
    in_kg = dy.Float64(
        min=0.0, description="Arrivals of ships for bulk at the importer, and departures to nobody knows where, kg"
    )
    in_high_kg = dy.Float64(min=0.0, description="Upper end of the 80 % interval")
    in_log_sd = dy.Float64(nullable=True, min=0.0, description="Standard deviation of its logarithm; null for nothing")
    voyages = dy.UInt32(
        nullable=True,
        description="Voyages from one to the other; null where 45 days after the period were not all read",
    )
    calls_out = dy.UInt32(description="Departures counted")
    calls_in = dy.UInt32(description="Arrivals counted")
    boxed_calls = dy.UInt32(description="Calls of container ships, whose load nobody knows, at either end")
    ports_seen = dy.UInt32(description="Ports of both countries that were heard for half of the period or more")
    ports_known = dy.UInt32(description="Ports of both countries that are known")
    seen_share_out = dy.Float64(min=0.0, max=1.0, description="Share of hours with reports around the exporter's ports")
    seen_share_in = dy.Float64(min=0.0, max=1.0, description="Share of hours with reports around the importer's ports")
    is_whole = dy.Bool(description="Every day of the period was read")
    known_from = dy.Date(description="Last day of the period, or of the voyages that arrive after it as far as read")


SHIPS: dict[str, type[dy.Schema]] = {
    "vessel_positions": VesselPositions,
    "ais_coverage": AisCoverage,
    "vessels": Vessels,
    "port_calls": PortCalls,
    "voyages": Voyages,
    "vessel_events": VesselEvents,
    "carrying_capacity": CarryingCapacity,
}
