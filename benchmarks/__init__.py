"""Measurements beside peer libraries, in one run on one machine: `python -m benchmarks` writes docs/benchmarks.md."""
