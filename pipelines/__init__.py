"""Moving and showing: archive, sources, Dagster assets and the command line."""
