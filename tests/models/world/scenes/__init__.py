"""Tests of the world's scenes."""
