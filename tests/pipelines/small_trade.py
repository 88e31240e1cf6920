"""A small market of fictional countries in the layout that people share: enough for every table to have rows."""

import csv
import random
from pathlib import Path

COUNTRIES = ("XAA", "XAB", "XAC", "XAD")
CODES = ("260400", "260900", "710812")
YEARS = tuple(range(2010, 2020))
HEADER = ("period", "reporterISO", "partnerISO", "flowCode", "cmdCode", "primaryValue", "netWgt")


def rows(codes: tuple[str, ...] = CODES, years: tuple[int, ...] = YEARS, seed: int = 7) -> list[tuple[object, ...]]:
    """Both sides of every pair, a world total per exporter; one import in a hundred has no export."""
    chance = random.Random(seed)
    found: list[tuple[object, ...]] = []
    for code in codes:
        for exporter in COUNTRIES:
            for importer in (one for one in COUNTRIES if one != exporter):
                usual_kg, usd_per_kg = 10 ** chance.uniform(4, 6), 10 ** chance.uniform(-1, 2)
                for year in years:
                    kg = round(usual_kg * chance.lognormvariate(0, 0.2))
                    usd = round(kg * usd_per_kg * chance.lognormvariate(0, 0.1), 2)
                    cif = round(usd * chance.lognormvariate(0.05, 0.05), 2)
                    if chance.random() > 0.01:
                        found.append((year, exporter, importer, "X", code, usd, kg))
                    found.append((year, importer, exporter, "M", code, cif, kg))
    return found


def write(path: Path, table: list[tuple[object, ...]]) -> Path:
    """A csv of these rows."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        writer.writerows(table)
    return path
