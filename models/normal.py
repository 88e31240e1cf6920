"""The normal distribution behind robust spreads."""

MAD_TO_SD = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation: 1 / 0.6745, without unit."""
