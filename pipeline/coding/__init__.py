"""Coding: vectors for passages, and a score for every code and stance."""
