"""Themes that the codebook does not cover."""
