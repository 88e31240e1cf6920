"""Tests of the training world."""
