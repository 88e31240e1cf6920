"""`python -m benchmarks.realism [--seed N] [--print]`: a world beside real declarations, into docs/world.md.

Real data are read from ORETRACE_DATA_DIR by the project's own sources, and so is the world, from a file.
"""

import argparse
from pathlib import Path

from benchmarks import realism_page, report
from benchmarks.realism_data import real, world
from models.world.config import WorldConfig

PAGE = Path(__file__).parent.parent / "docs" / "world.md"
SEED = 1


def main() -> None:
    """Measure both and write the section, or print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.realism", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED, help="of the medium world")
    parser.add_argument("--print", action="store_true", help="print the section and leave the page as it is")
    chosen = parser.parse_args()
    config = WorldConfig.sized("medium", chosen.seed)
    section = realism_page.section(real(), world(config))
    facts = [
        f"World: medium, version {config.version}, seed {config.seed}; {config.countries} countries, "
        f"{config.first_year} to {config.last_year}.",
        "Real: nickel ore and mattes 2000-2024, sawnwood of HS 440799 2005-2014, imports of 35 codes 2018-2024 (UN "
        "Comtrade), BACI 2005-2023 (CEPII).",
    ]
    if chosen.print:
        print(section.markdown(facts))
    else:
        report.write(PAGE, section, facts)
        print(PAGE)


if __name__ == "__main__":
    main()
