"""The last rung of the ladder: a graph network on what the boosted quantiles leave. Needs the extra `gnn`."""
