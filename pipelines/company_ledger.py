"""Companies of a home by name, and what people decided about two of them: appended, never changed.

One table, `company_judgements` (graphs.tables_companies). The last judgement of a pair counts from the next run on: it
beats the rule, "different" undoes a merge and "same" makes one, whatever the score.

Imports neither Dagster nor the schema library.
"""

from datetime import datetime

import polars as pl

from graphs.country_names import plain
from graphs.errors import InputError
from pipelines import appended
from pipelines.home import Home

TABLE = "company_judgements"
SCHEMA = pl.Schema(
    {
        "one": pl.String(),
        "other": pl.String(),
        "judged_at": pl.Datetime("us", "UTC"),
        "reviewer": pl.String(),
        "verdict": pl.Enum(["same", "different", "undecided"]),
        "note": pl.String(),
    }
)
LISTED = 8


def read(home: Home) -> pl.DataFrame:
    """All judgements, oldest first; an empty table where there is none. Raises HomeError for a damaged file."""
    return appended.read(home, TABLE, SCHEMA)


def append(
    home: Home, one: str, other: str, *, reviewer: str, verdict: str, note: str | None = None,
    now: datetime | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Add one judgement of a pair, in either order, and return it as a row. Raises InputError for bad words."""
    if one == other:
        raise InputError(f"{one} was named twice: name two companies")
    judged = appended.judged(SCHEMA, reviewer=reviewer, verdict=verdict, note=note)
    first, second = sorted((one, other))
    return appended.add(home, TABLE, SCHEMA, {"one": first, "other": second, **judged}, now)


def companies(home: Home, name: str | None = None) -> pl.DataFrame:
    """Companies whose id, name or spelling a text is, or else holds; the most often named first."""
    rows = home.scan("companies").collect()
    if name is not None:
        rows = _called(rows, name)
    return rows.sort("rows", "company_id", descending=[True, False])


def one_company(home: Home, name: str) -> str:
    """The company_id that a text names. Raises InputError where none or several have that name."""
    rows = companies(home, name)
    if rows.height == 1:
        return str(rows["company_id"][0])
    if rows.is_empty():
        raise InputError(f"no company is called {name!r}: `oretrace companies` lists them")
    listed = ", ".join(rows["company_id"].head(LISTED).to_list())
    more = f" and {rows.height - LISTED} more" if rows.height > LISTED else ""
    raise InputError(f"{name!r} names several companies: {listed}{more}. Give the company_id of one")


def matches(home: Home, name: str | None = None, *, proposals: bool = False) -> pl.DataFrame:
    """Pairs with like names, the least risk first; `proposals`: those that nobody decided."""
    rows = home.scan("company_matches").with_columns(pl.col("decided_by").cast(pl.String)).collect()
    if proposals:
        rows = rows.filter(~pl.col("is_merged"), pl.col("decided_by") == "nobody")
    if name is not None:
        ids = companies(home, name)["company_id"].to_list()
        rows = rows.filter(pl.col("one").is_in(ids) | pl.col("other").is_in(ids))
    return rows.sort("risk", "score", "one", "other", descending=[False, True, False, False])


def _called(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    text = name.strip()
    by_id = rows.filter(pl.col("company_id") == text)
    if by_id.height:
        return by_id
    key = plain(text)
    spelled = [(at, [plain(one) for one in every]) for at, every in enumerate(rows["spellings"].to_list())]
    exact = [at for at, every in spelled if key in every]
    return rows[exact or [at for at, every in spelled if key and any(key in one for one in every)]]
