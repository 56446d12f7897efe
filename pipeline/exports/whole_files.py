"""Write a file whole or not at all, so that a full disk never leaves half a report behind."""

from pathlib import Path


def write_whole(path: Path, content: bytes) -> Path:
    """Write beside the file first and put it in place when it is complete; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    partial.replace(path)
    return path
