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
DIFFERENCES = (
    "Wood of the world is all tropical sawnwood (440729), that of the real table a remainder (440799): its flows are "
    "larger.",
    "Nickel ore of the world is laterite; the real code holds concentrates too, at many times the price: its unit "
    "values spread more.",
    "There are 60 countries instead of some 200: the five largest exporters hold more of some trades than in reality.",
    "Exporters of mattes are silent more often in reality, where few firms make them and hide their figures.",
    "True flows begin at a thousand USD: what is smaller strayed there from larger flows.",
)
"""What differs in kind, beside the figures that the tables name."""


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
        *DIFFERENCES,
    ]
    if chosen.print:
        print(section.markdown(facts))
    else:
        report.write(PAGE, section, facts)
        print(PAGE)


if __name__ == "__main__":
    main()
