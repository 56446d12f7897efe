"""Findings: what the codings say about each area."""
