"""Tables of places and the ways between them; part of `graphs.tables`, where they are looked for."""

import dataframely as dy

PLACE_KINDS = ("port", "anchorage", "airport", "city", "border", "smelter", "refinery", "strait")
LEG_MODES = ("road", "rail", "river", "sea", "air", "transfer")
DECLARED_MODES = ("sea", "air", "road", "rail", "river", "pipe", "post", "other", "unknown")


class Places(dy.Schema):
    """Where goods change hands or means of transport; two rows for one place are joined, and neither is dropped."""

    place_id = dy.String(primary_key=True, description="Kind, list and the list's own number, e.g. port:wpi:8225")
    kind = dy.Enum(PLACE_KINDS, description="What the place is")
    name = dy.String(description="Name as its list writes it")
    country = dy.String(nullable=True, description="ISO 3166 alpha-3; null for a strait, which belongs to nobody here")
    lon = dy.Float64(min=-180, max=180, description="Degrees east")
    lat = dy.Float64(min=-90, max=90, description="Degrees north")
    locode = dy.String(nullable=True, regex=r"[A-Z]{2}[A-Z0-9]{3}", description="UN/LOCODE, five characters")
    iata = dy.String(nullable=True, regex=r"[A-Z0-9]{3}", description="IATA code of an airport")
    icao = dy.String(nullable=True, description="ICAO code of an airport, or the code of its list in that place")
    size = dy.String(nullable=True, description="Harbour size as the World Port Index judges it; class of population")
    max_draught_m = dy.Float64(nullable=True, min=0, description="Deepest ship admitted; null where not reported")
    max_length_m = dy.Float64(nullable=True, min=0, description="Longest ship admitted; null where not reported")
    source = dy.String(description="List the row came from")
    same_as = dy.String(nullable=True, description="The place that counts instead of this one; null where it counts")
    same_why = dy.String(nullable=True, description="One sentence: why they are joined, or who kept them apart")
    known_from = dy.Date(description="Edition of the list; 1900-01-01 where it has no date")
    raw_sha256 = dy.String(nullable=True, description="Hash of the bytes this row came from")


class Legs(dy.Schema):
    """A way between two places by one mode; each direction is a row of its own."""

    from_place = dy.String(primary_key=True, description="Where the leg begins (place_id)")
    to_place = dy.String(primary_key=True, description="Where it ends (place_id)")
    mode = dy.Enum(LEG_MODES, primary_key=True, description="Means of transport; transfer is a change between two")
    length_km = dy.Float64(min=0, description="Length along the way, km")
    hours = dy.Float64(min=0, description="Travelling, handling and waiting, hours")
    cost_usd_per_t = dy.Float64(min=0, description="Freight, handling and border, USD per tonne")
    off_network_km = dy.Float64(min=0, description="Part of the length that is a straight line x friction, km")
    is_estimated = dy.Bool(description="True where no network is known: the whole leg is a straight line x friction")
    crosses_border = dy.Bool(description="True where the two ends lie in different countries")
    passages = dy.List(dy.String(), description="Straits and canals on the way, in their order")
    source = dy.String(description="Network or list the leg came from")
    known_from = dy.Date(description="Edition of the network; 1900-01-01 where it has no date")


class TransportModes(dy.Schema):
    """How one side says that its goods crossed the border; empty where no office breaks its trade down by mode."""

    source = dy.String(primary_key=True)
    exporter = dy.String(primary_key=True)
    importer = dy.String(primary_key=True)
    commodity = dy.String(primary_key=True, description="HS code as declared")
    period = dy.Int32(primary_key=True, description="Year (2020) or month (202003)")
    side = dy.Enum(("export", "import"), primary_key=True, description="Whose declaration states the mode")
    mode = dy.Enum(DECLARED_MODES, primary_key=True, description="Mode at the border of the side that declares")
    value_usd = dy.Float64(nullable=True, min=0, description="Declared by this mode, USD")
    mass_kg = dy.Float64(nullable=True, min=0, description="Declared by this mode, kg")
    share = dy.Float64(
        nullable=True, min=0, max=1, description="Of that side's total value; null where the total is not declared"
    )
    known_from = dy.Date()


PLACES: dict[str, type[dy.Schema]] = {"places": Places, "legs": Legs, "transport_modes": TransportModes}
