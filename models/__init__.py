"""The judgement: pure functions that score what `graphs` describes."""
