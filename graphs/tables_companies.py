"""Tables of bills of lading and of the companies they name; part of `graphs.tables`, where they are looked for.

A company here is what a bill calls it, and nothing more: that two names are one company is a proposal with a stated
risk until a person has judged it, and that a company stands on a bill says nothing against it.
"""

import dataframely as dy

DECIDERS = ("rule", "person", "nobody")
SAMENESS = ("same", "different", "undecided")
PARTIES = ("shipper", "consignee", "notify")
"""Parties of a bill: who sends, to whom, and who is told of the arrival."""


class Manifests(dy.Schema):
    """Rows of bills of lading and manifests, as their publisher wrote them."""

    raw_sha256 = dy.String(primary_key=True, description="Hash of the bytes this row came from")
    raw_row = dy.UInt32(primary_key=True, description="Row number in those bytes, from 1 without the header")
    mapping = dy.String(description="Name of the mapping that says what each column of the file is")
    day = dy.Date(nullable=True, description="Day of the bill, in the publisher's own sense (loading or arrival)")
    shipper = dy.String(nullable=True, description="Who sends the goods, as written")
    consignee = dy.String(nullable=True, description="To whom the goods are sent, as written")
    notify = dy.String(nullable=True, description="Who is told of the arrival, as written")
    shipper_country = dy.String(nullable=True, description="Country of the shipper's address, where the row states it")
    consignee_country = dy.String(nullable=True, description="Country of the consignee's address, likewise")
    notify_country = dy.String(nullable=True, description="Country of the notify party's address, likewise")
    shipper_id = dy.String(nullable=True, description="company_id of the shipper; null where the cell names no company")
    consignee_id = dy.String(nullable=True, description="company_id of the consignee; null likewise")
    notify_id = dy.String(nullable=True, description="company_id of the notify party; null likewise")
    commodity = dy.String(nullable=True, description="HS code by its first 2 to 6 digits; null where none is stated")
    description = dy.String(nullable=True, description="Goods in the words of the bill")
    mass_kg = dy.Float64(nullable=True, min=0.0, description="Gross mass; null where none is stated (0 is none)")
    packages = dy.Int64(nullable=True, min=0, description="Number of packages; null where none is stated")
    package_kind = dy.String(nullable=True, description="What the packages are, as written")
    value_usd = dy.Float64(nullable=True, min=0.0, description="Declared value; null where none is stated")
    from_text = dy.String(nullable=True, description="Port of loading, as written")
    to_text = dy.String(nullable=True, description="Port of discharge, as written")
    from_place = dy.String(nullable=True, description="place_id of the port of loading, where exactly one fits")
    to_place = dy.String(nullable=True, description="place_id of the port of discharge, where exactly one fits")
    vessel_text = dy.String(nullable=True, description="Vessel, as written")
    imo = dy.Int32(nullable=True, description="IMO number of the vessel: seven digits, the last a check digit")
    track_id = dy.String(nullable=True, description="Vessel of table vessels, where exactly one has this IMO number")
    bill = dy.String(nullable=True, description="Number of the bill")
    is_counted = dy.Bool(
        description="False for a master bill whose house bills stand in the same file: kept, but not added up"
    )
    known_from = dy.Date(description="Day of publication, where it is stated, else the day of the bill plus the lag")


class Companies(dy.Schema):
    """Companies that bills name, one row per name and country."""

    company_id = dy.String(primary_key=True, description="Country (or __) and normalised name, joined by a colon")
    name = dy.String(description="The commonest spelling")
    country = dy.String(nullable=True, description="ISO 3166 alpha-3 of its address; null where no bill states it")
    spellings = dy.List(dy.String(), description="Every spelling of it in the bills, sorted")
    roles = dy.List(dy.String(), description="What it is on bills: shipper, consignee, notify")
    rows = dy.UInt32(description="Rows of bills that name it")
    first_day = dy.Date(nullable=True, description="First day of a bill that names it; null where none has a day")
    last_day = dy.Date(nullable=True, description="Last day likewise")
    group_id = dy.String(description="company_id that stands for it: its own unless it was merged with others")
    known_from = dy.Date(description="First day on which a bill that names it could be known")


class CompanyMatches(dy.Schema):
    """Pairs of companies with like names, and whether they count as one: proposals unless the risk is small."""

    one = dy.String(primary_key=True, description="company_id; the smaller of the two")
    other = dy.String(primary_key=True, description="company_id; the larger of the two")
    score = dy.Float64(min=0.0, max=1.0, description="How alike the names are (models.companies.compare)")
    p_same = dy.Float64(min=0.0, max=1.0, description="Share of such pairs that are one company, in invented names")
    risk = dy.Float64(min=0.0, max=1.0, description="1 - p_same: share of such merges that would be wrong")
    parts = dy.List(
        dy.Struct({"name": dy.String(), "value": dy.Float64(nullable=True)}),
        description="The comparisons that make the score, each between 0 (unlike) and 1 (alike)",
    )
    is_merged = dy.Bool(description="The two count as one company; undone by a judgement `different`")
    decided_by = dy.Enum(DECIDERS, description="Who decided: the rule, a person, or nobody (a proposal)")
    why = dy.String(description="What decided, in one sentence")
    known_from = dy.Date(description="First day on which bills that name both could be known")


class CompanyJudgements(dy.Schema):
    """What people decided about two companies: appended, never changed."""

    one = dy.String(primary_key=True, description="company_id")
    other = dy.String(primary_key=True, description="company_id")
    judged_at = dy.Datetime(primary_key=True, time_zone="UTC", time_unit="us", description="When, UTC")
    reviewer = dy.String(primary_key=True, description="Who judged")
    verdict = dy.Enum(SAMENESS, description="What this reviewer holds the two companies for")
    note = dy.String(nullable=True, description="Why, in a sentence")


COMPANIES: dict[str, type[dy.Schema]] = {
    "manifests": Manifests,
    "companies": Companies,
    "company_matches": CompanyMatches,
    "company_judgements": CompanyJudgements,
}
