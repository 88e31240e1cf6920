"""Every table that parts of the world hand to each other, and the tables of its truth.

Masses are kg of the goods as traded unless the name says otherwise: `contained_kg` is the family's basis (metal, fine
gold, wood). Months are their first day. Identifiers are strings that begin with what they name ("mine:XAB:3").
"""

import dataframely as dy

SITE_KINDS = ("legal_mine", "artisanal", "illegal")
PLACE_KINDS = ("port", "airport", "city", "border", "smelter")
MODES = ("road", "rail", "river", "sea", "air", "transfer")
AREA_KINDS = ("protected", "permit")
ORIGIN_KINDS = ("site", "stock", "scrap", "unrecorded")
SCHEMES = (
    "under_invoicing",
    "misclassification",
    "smuggling",
    "hub_laundering",
    "phantom_export",
    "round_tripping",
    "ban_evasion",
    "price_timed",
    "permit_laundering",
)
ARTEFACTS = (
    "strike",
    "new_mine",
    "price_spike",
    "transit_misattribution",
    "vault_move",
    "toll_refining",
    "reporter_break",
    "reporter_stops",
    "confidentiality",
    "wet_dry_mass",
    "estimated_mass",
    "fob_importer",
    "neighbour_coding",
)


class Country(dy.Schema):
    """A fictional country."""

    country = dy.String(primary_key=True, regex=r"X[A-Z]{2}", description="User-assigned code, never XKX")
    numeric = dy.Int32(min=900, max=999, description="Number in the style of UN Comtrade")
    name = dy.String(description="Invented name")
    lon = dy.Float64(min=-180, max=180, description="Seat of government, degrees")
    lat = dy.Float64(min=-90, max=90)
    area_km2 = dy.Float64(min=0)
    is_coastal = dy.Bool()
    population = dy.Float64(min=0)
    gdp_usd = dy.Float64(min=0, description="In the first year; growth is the trade's own")
    governance = dy.Float64(description="Political stability in standard normal units, first year; higher is better")


class Place(dy.Schema):
    """Where goods change hands or means of transport."""

    place_id = dy.String(primary_key=True)
    kind = dy.Enum(PLACE_KINDS)
    name = dy.String()
    country = dy.String()
    lon = dy.Float64()
    lat = dy.Float64()
    locode = dy.String(nullable=True, description="Five characters, country and place, in the manner of UN/LOCODE")


class Leg(dy.Schema):
    """A way between two places; each stands once for each direction."""

    from_place = dy.String(primary_key=True)
    to_place = dy.String(primary_key=True)
    mode = dy.Enum(MODES, primary_key=True)
    length_km = dy.Float64(min=0)
    hours = dy.Float64(min=0)
    cost_usd_per_t = dy.Float64(min=0)


class Area(dy.Schema):
    """Land with a status: protected, or under a mining permit."""

    area_id = dy.String(primary_key=True)
    kind = dy.Enum(AREA_KINDS)
    country = dy.String()
    family = dy.String(nullable=True, description="What a permit allows to dig")
    holder = dy.String(nullable=True, description="Invented company")
    valid_from = dy.Date()
    valid_to = dy.Date(nullable=True)
    geometry = dy.Binary(description="WKB, EPSG:4326")


class Outline(dy.Schema):
    """Land of a country."""

    country = dy.String(primary_key=True)
    geometry = dy.Binary(description="WKB multipolygon, EPSG:4326")


class Reach(dy.Schema):
    """A piece of river between two confluences; reaches form a tree that ends in the sea or in a lake."""

    reach_id = dy.Int64(primary_key=True)
    downstream_id = dy.Int64(nullable=True, description="Null at the mouth")
    country = dy.String()
    order = dy.Int32(min=1, description="Strahler order")
    length_km = dy.Float64(min=0)
    upstream_area_km2 = dy.Float64(min=0, description="At its lower end")
    discharge_m3_s = dy.Float64(min=0, description="Mean, at its lower end")
    geometry = dy.Binary(description="WKB line, downstream, EPSG:4326")


class Deposit(dy.Schema):
    """A body of ore, sand or a stand of timber."""

    deposit_id = dy.String(primary_key=True)
    family = dy.String()
    country = dy.String()
    lon = dy.Float64()
    lat = dy.Float64()
    host = dy.String(description="Geological setting, e.g. orogenic_vein, laterite, placer, granite_greisen")
    contained_kg = dy.Float64(min=0)
    grade = dy.Float64(min=0, max=1, description="kg of the family's basis in one kg of rock")
    reach_id = dy.Int64(nullable=True, description="River that drains it")


class Site(dy.Schema):
    """A place where something is dug or felled."""

    site_id = dy.String(primary_key=True)
    kind = dy.Enum(SITE_KINDS)
    family = dy.String()
    country = dy.String()
    deposit_id = dy.String()
    lon = dy.Float64()
    lat = dy.Float64()
    opened = dy.Date()
    closed = dy.Date(nullable=True)
    permit_id = dy.String(nullable=True, description="Permit that covers it; null for artisanal and illegal sites")
    in_protected = dy.Bool()
    processing = dy.String(description="mercury, cyanide, gravity or none")


class SiteMonth(dy.Schema):
    """What a site did in a month. Months without work have no row."""

    site_id = dy.String(primary_key=True)
    month = dy.Date(primary_key=True)
    lon = dy.Float64(description="Centre of that month's work: illegal zones move")
    lat = dy.Float64()
    area_ha = dy.Float64(min=0, description="Open ground")
    new_area_ha = dy.Float64(min=0)
    contained_kg = dy.Float64(min=0, description="Output")


class Price(dy.Schema):
    """World price of a commodity."""

    commodity = dy.String(primary_key=True)
    month = dy.Date(primary_key=True)
    usd_per_kg = dy.Float64(min=0)


class CountryYear(dy.Schema):
    """What changes in a country by year."""

    country = dy.String(primary_key=True)
    year = dy.Int32(primary_key=True)
    gdp_usd = dy.Float64(min=0)
    population = dy.Float64(min=0)
    governance = dy.Float64()


class Output(dy.Schema):
    """True output of mines and forests."""

    country = dy.String(primary_key=True)
    family = dy.String(primary_key=True)
    year = dy.Int32(primary_key=True)
    legal_kg = dy.Float64(min=0, description="Contained, from mines with a permit")
    artisanal_kg = dy.Float64(min=0, description="Contained; tolerated, partly counted")
    illegal_kg = dy.Float64(min=0, description="Contained; in no office's books")


class Ban(dy.Schema):
    """A published ban on exports."""

    country = dy.String(primary_key=True)
    codes = dy.String(primary_key=True, description="HS codes by their first digits, separated by blanks")
    start = dy.Date(primary_key=True)
    end = dy.Date(nullable=True)
    citation = dy.String(description="The decree, invented")


class Goods(dy.Schema):
    """Goods that moved in a year for one purpose, and what the forms of both sides say of them.

    The first part is the truth. The second is what the two traders write: null where they write the truth. What the
    offices make of the forms is the work of `customs`.
    """

    goods_id = dy.String(primary_key=True)
    family = dy.String()
    commodity = dy.String(description="True HS code, six digits")
    year = dy.Int32()
    origin = dy.String(description="Where the material was dug, felled or refined: what an importer should declare")
    exporter = dy.String(description="Last country before the importer where the goods changed owner")
    importer = dy.String(description="Where they are used, refined or stored")
    via = dy.String(nullable=True, description="Country of transit, where they change ship and not owner")
    mass_kg = dy.Float64(min=0, description="Net, as traded")
    contained_kg = dy.Float64(min=0, description="Of the family's basis")
    value_usd = dy.Float64(min=0, description="True value at the exporter's border (FOB)")
    mode = dy.Enum(MODES, description="How the goods cross the border of the importer")
    timing = dy.List(dy.Float64(), description="Share of each of the twelve months of departure; sums to 1")
    is_reexport = dy.Bool(description="The exporter only passed them on")
    scheme_id = dy.String(nullable=True)
    artefact_id = dy.String(nullable=True)
    is_phantom = dy.Bool(description="Declared and never moved: its mass counts for nothing in true flows")
    export_share = dy.Float64(min=0, max=1, description="Share that is declared at all on leaving; 0 is smuggling")
    export_commodity = dy.String(nullable=True)
    export_partner = dy.String(nullable=True)
    export_value_factor = dy.Float64(min=0, description="Declared value over true value")
    export_mass_factor = dy.Float64(min=0)
    import_share = dy.Float64(min=0, max=1)
    import_commodity = dy.String(nullable=True)
    import_partner = dy.String(nullable=True)
    import_value_factor = dy.Float64(min=0)
    import_mass_factor = dy.Float64(min=0)


class GoodsOrigin(dy.Schema):
    """Where the material of goods came out of the ground; shares of one goods sum to 1."""

    goods_id = dy.String(primary_key=True)
    origin_kind = dy.Enum(ORIGIN_KINDS, primary_key=True)
    origin_id = dy.String(primary_key=True, description="Site, or country for stock, scrap and unrecorded supply")
    share = dy.Float64(min=0, max=1)


class Supply(dy.Schema):
    """Where a country's material of a family came from and went: kg of the basis. In equals out in every row:
    mined + imported + from_stock = exported + consumed + lost + to_stock."""

    country = dy.String(primary_key=True)
    family = dy.String(primary_key=True)
    year = dy.Int32(primary_key=True)
    mined_kg = dy.Float64(min=0)
    imported_kg = dy.Float64(min=0)
    from_stock_kg = dy.Float64(min=0)
    exported_kg = dy.Float64(min=0)
    consumed_kg = dy.Float64(min=0)
    lost_kg = dy.Float64(min=0, description="In refining")
    to_stock_kg = dy.Float64(min=0)


class Scheme(dy.Schema):
    """A plan to hide goods or money."""

    scheme_id = dy.String(primary_key=True)
    kind = dy.Enum(SCHEMES)
    strength = dy.Float64(min=0, max=1, description="Share of the affected trade that is hidden or false")
    family = dy.String()
    exporter = dy.String()
    importer = dy.String()
    hub = dy.String(nullable=True)
    first_year = dy.Int32()
    last_year = dy.Int32()
    ramp_years = dy.Int32(min=0, description="Years until full strength")
    actors = dy.String(description="Invented companies")
    origin_sites = dy.List(dy.String(), description="True sites of the hidden goods")


class SchemeFlow(dy.Schema):
    """A flow, as an analysis names it, that a scheme touches."""

    scheme_id = dy.String(primary_key=True)
    exporter = dy.String(primary_key=True)
    importer = dy.String(primary_key=True)
    commodity = dy.String(primary_key=True)
    year = dy.Int32(primary_key=True)
    role = dy.String(
        description="What happens on this flow: hidden, false_code, false_value, false_origin, phantom, ..."
    )
    hidden_mass_kg = dy.Float64(
        min=0, description="Mass that at least one side hides, moves to another flow or invents"
    )
    hidden_value_usd = dy.Float64(min=0, description="Value likewise")
    is_visible = dy.Bool(description="At least one published declaration carries a trace of it")


class Artefact(dy.Schema):
    """Something ordinary that looks like a scheme in the statistics."""

    artefact_id = dy.String(primary_key=True)
    kind = dy.Enum(ARTEFACTS)
    family = dy.String(nullable=True, description="Null where it touches all goods of an office")
    country = dy.String()
    partner = dy.String(nullable=True)
    first_year = dy.Int32()
    last_year = dy.Int32()
    description = dy.String(description="What happens, in a sentence")


class ArtefactFlow(dy.Schema):
    """A flow, as an analysis names it, that an artefact touches."""

    artefact_id = dy.String(primary_key=True)
    exporter = dy.String(primary_key=True)
    importer = dy.String(primary_key=True)
    commodity = dy.String(primary_key=True)
    year = dy.Int32(primary_key=True)
