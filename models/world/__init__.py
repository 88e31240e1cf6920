"""The training world: a simulated world of fictional countries with its full truth.

No labelled data on illicit mineral trade exist. Here everything is known: what was dug, shipped, declared and hidden.
Each step is a pure function of the one before and of a `WorldConfig`; nothing here reads or writes files, and nothing
here knows the channels that will judge the result.

    terrain, rivers, countries, places, deposits      the ground
    sites, prices, production                         what is dug
    supply, gravity, hubs                             what is traded: goods
    schemes, artefacts                                what is hidden, and what only looks so
    customs                                           what offices publish of it
    shipping, scenes, samples                         what ships, satellites and laboratories see

Tables stand in `tables.py`, parameters in `parameters/`, and `build.py` puts the world together.
"""
