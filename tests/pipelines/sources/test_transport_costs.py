from pathlib import Path

import pytest

from graphs.errors import InputError, LayoutError
from graphs.transport import COLUMNS, costs
from pipelines.sources import transport_costs
from pipelines.sources.place_files import packaged


def test_a_users_rows_replace_the_built_in_ones(tmp_path: Path) -> None:
    file = tmp_path / "costs.csv"
    file.write_text(",".join(COLUMNS) + '\nriver,9,0.02,0,0,,,"Barges, own survey"\n', encoding="utf-8")
    found = transport_costs.parse(file)
    assert (found["river"].km_per_hour, found["river"].source) == (9.0, "Barges, own survey")
    assert found["road"] == costs()["road"]


def test_the_built_in_table_is_itself_such_a_file() -> None:
    assert transport_costs.parse(packaged("graphs", "codes", "transport.csv")) == costs()


def test_what_cannot_be_used_names_file_and_row(tmp_path: Path) -> None:
    file = tmp_path / "costs.csv"
    file.write_text(",".join(COLUMNS) + "\nriver,9,x,0,0,,,Survey\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"costs.csv: row 1 of the transport costs: usd_per_t_km 'x' is no number"):
        transport_costs.parse(file)
    file.write_text("mode,speed\nriver,9\n", encoding="utf-8")
    with pytest.raises(LayoutError, match="it is no table of transport costs"):
        transport_costs.parse(file)
