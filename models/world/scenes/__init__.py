"""Scenes: what satellites and a drone see of mines and of ground that looks like them.

chosen, place                     which squares of ground
seasons, river, backgrounds       the land without mining
growth, mines, look_alikes        what happens on it, layer over layer
cover, spectra                    layers -> abundances of endmembers -> reflectance
optical, clouds, radar            what sensors make of it
hyperspectral, drone              sensors that come once
survey                            all of it, one scene after another
"""

from models.world.scenes.scene import Scene
from models.world.scenes.survey import seen

__all__ = ["Scene", "seen"]
