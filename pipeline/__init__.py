"""Turn interview transcripts into coded passages, findings per area, and a report."""

__version__ = "0.1.0"
