"""The ground of the world: what a map shows.

terrain, drainage, rivers, climate, sphere   heights, where water goes, how much of it
countries, names, travel                     who owns the land, by how far it is from a seat
places, legs, seaways                        ports, airports, cities, borders, smelters, and the ways between them
deposits, areas                              what lies in the ground, who may dig it, what is protected
"""
