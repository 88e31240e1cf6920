"""How an analysis of the training world did, measured against the world's truth.

Pure functions: the scored flows of an analysis and the truth in, figures with intervals and named flows out. Nothing
here is known to any detector, and nothing here changes a score.
"""
