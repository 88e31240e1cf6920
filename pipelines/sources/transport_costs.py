"""A user's own transport costs: a csv with the columns of graphs/codes/transport.csv, whose rows stand first."""

from collections.abc import Mapping
from pathlib import Path

from graphs.errors import InputError
from graphs.transport import COLUMNS, Cost, costs
from pipelines.sources.place_files import headed

SOURCE = "transport_costs"


def parse(path: Path | str) -> Mapping[str, Cost]:
    """All costs, the file's rows in place of the built-in ones. Raises DamagedFile, LayoutError or InputError."""
    file = Path(path)
    table = headed(file, COLUMNS, "transport costs").select(COLUMNS)
    try:
        return costs(table)
    except InputError as error:
        raise InputError(f"{file.name}: {error}") from error
