"""The whole world, put together in the order in which one part rests on another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from models.world.artefacts import Artful, with_artefacts
from models.world.config import WorldConfig
from models.world.customs import declared, true_flows
from models.world.ground import Ground, ground
from models.world.mined import Mined, mined, reported_output
from models.world.sailed import Sailed, sailed
from models.world.sampled import Sampled, sampled
from models.world.scenes import Scene, seen
from models.world.schemed import Schemed, schemed
from models.world.traded import Traded, traded

STEPS = (
    "Raising land and rivers",
    "Opening mines",
    "Trading",
    "Hiding goods",
    "Adding artefacts",
    "Declaring",
    "Sailing",
    "Sampling",
)
"""What `build` does, in order."""


@dataclass(frozen=True)
class World:
    """Every part of a world but its scenes, which are made one by one (`scenes_of`)."""

    config: WorldConfig
    ground: Ground
    mined: Mined
    traded: Traded
    schemed: Schemed
    artful: Artful
    declared: pl.DataFrame
    """Rows of UN Comtrade, of all reporters."""
    true_flows: pl.DataFrame
    reported_output: pl.DataFrame
    sailed: Sailed
    sampled: Sampled


def build(config: WorldConfig, progress: Callable[[str], None] = lambda step: None) -> World:
    """Make a world. `progress` hears each of STEPS as it begins. The same config makes the same world."""
    say = iter(STEPS)
    progress(next(say))
    earth = ground(config)
    progress(next(say))
    dug = mined(config, earth)
    progress(next(say))
    legal = traded(config, earth, dug)
    progress(next(say))
    hidden = schemed(config, earth, dug, legal)
    progress(next(say))
    whole = with_artefacts(config, earth, dug, hidden)
    progress(next(say))
    rows = declared(config, earth.countries, whole.goods, whole.artefacts)
    progress(next(say))
    ships = sailed(config, earth, whole.goods)
    progress(next(say))
    return World(
        config=config,
        ground=earth,
        mined=dug,
        traded=legal,
        schemed=hidden,
        artful=whole,
        declared=rows,
        true_flows=true_flows(whole.goods),
        reported_output=reported_output(config, dug),
        sailed=ships,
        sampled=sampled(config, earth, dug),
    )


def scenes_of(world: World) -> Iterator[Scene]:
    """Scenes of chosen zones and of their look-alikes, one after the other."""
    return seen(world.config, world.ground, world.mined)
