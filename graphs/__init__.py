"""What the world is: codes, units, periods, tables and the graph built from them."""
