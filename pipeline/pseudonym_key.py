"""The key to the pseudonyms of a study: which stands for which name, sealed."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from pipeline.sealed import choose_secret, find_secrets, kind_of, seal, secret_places, unseal
from pipeline.spreadsheets import read_sheet
from pipeline.transcripts.people import Key

COLUMNS = ("kind", "name", "pseudonym")


def read_key(path: Path, project: Path) -> Key:
    """Read which pseudonyms were given in earlier runs; a key of old, a plain table, as well.

    Raises UserError if it cannot be opened here, or was changed.
    """
    sealed = _parse(_unseal(path, project)) if path.exists() else {}
    return _read_plain(plain_key(path)) | sealed


def write_key(path: Path, project: Path, key: Key) -> None:
    """Keep the pseudonyms for later runs; the same key under the same secret stays untouched.

    A plain table of old goes once the sealed one was read back.
    """
    secret, plain = choose_secret(secret_places(project)), plain_key(path)
    is_known = path.exists() and kind_of(path) == secret.kind
    if not is_known or _parse(_unseal(path, project)) != key:
        seal(path, to_csv(key), secret)
    if plain.exists() and _parse(_unseal(path, project)) == key:
        plain.unlink()


def to_csv(key: Key) -> str:
    """Write a key as a table with the columns kind, name and pseudonym."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    rows.writerows((*name, pseudonym) for name, pseudonym in key.items())
    return text.getvalue()


def plain_key(path: Path) -> Path:
    """Say where the key lay before it was sealed."""
    return path.with_name("pseudonyms.csv")


def _unseal(path: Path, project: Path) -> str:
    return unseal(path, find_secrets(kind_of(path), secret_places(project)))


def _read_plain(path: Path) -> Key:
    return _as_key(row.cells for row in read_sheet(path).rows) if path.exists() else {}


def _parse(text: str) -> Key:
    return _as_key(csv.DictReader(io.StringIO(text, newline="")))


def _as_key(rows: Iterable[dict[str, str]]) -> Key:
    return {(row["kind"], row["name"]): row["pseudonym"] for row in rows}
