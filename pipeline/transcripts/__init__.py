"""Transcripts: read them, tell who speaks, clean, pseudonymise, and split into passages."""
