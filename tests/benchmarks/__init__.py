"""Tests of the benchmarks: that what they report can be trusted."""
