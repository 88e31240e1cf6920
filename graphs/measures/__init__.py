"""Measures of a trade network: of its nodes with rank intervals, of its communities, of the whole.

`network` reads edges, `nodes` says what each measure means, `intervals` ranks with intervals, `communities` finds
groups and how stable they are, `whole` counts over the network, `backbone` finds edges that stand out.
"""
