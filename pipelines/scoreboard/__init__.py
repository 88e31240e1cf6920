"""The scoreboard on disk: cases kept as Parquet, the shipped model, and the page with its plots."""
