"""Keep a text in a file so that only those who have the secret can read it (scrypt and Fernet).

The secret is the passphrase in THREE_POWERS_PASSPHRASE (or typed where the file was sealed with
one), else a random one that this machine keeps outside the study's folder: a copy of the folder
does not carry it along.
"""

import base64
import json
import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.errors import UserError
from pipeline.files import write_whole

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

PASSPHRASE = "THREE_POWERS_PASSPHRASE"
COST = {"n": 2**15, "r": 8, "p": 1}  # of scrypt: 32 MB and a tenth of a second
KINDS = ("passphrase", "machine")


class Secret(NamedTuple):
    """What a file is sealed with; ``kind`` is 'passphrase' or 'machine'."""

    kind: str
    value: str


def seal(path: Path, text: str, secret: Secret) -> None:
    """Write a text sealed, for the owner's eyes only (0600); whole or not at all."""
    salt = os.urandom(16)
    key, check = _derive(secret.value, salt, **COST)
    header = {"sealed": 1, "secret": secret.kind, "salt": _show(salt), "check": check, **COST}
    content = json.dumps({**header, "text": _fernet(key).encrypt(text.encode()).decode()})

    def write(part: Path) -> None:
        part.touch(0o600)
        part.chmod(0o600)
        part.write_text(content, "ascii")

    write_whole(path, write)


def unseal(path: Path, secrets: Sequence[Secret]) -> str:
    """Read a sealed text with the first of several secrets that fits; the file stays as it is.

    Raises UserError if none fits, or if the file was changed since.
    """
    from cryptography.fernet import InvalidToken

    header = _read(path)
    for secret in secrets:
        salt = base64.b64decode(header["salt"])
        key, check = _derive(secret.value, salt, *(header[name] for name in COST))
        if check == header["check"]:
            try:
                return _fernet(key).decrypt(header["text"]).decode()
            except InvalidToken as error:
                raise _damaged(path) from error
    raise _locked(path, header["secret"])


def kind_of(path: Path) -> str:
    """Say by what kind of secret a file is sealed. Raises UserError if it is no sealed file."""
    return str(_read(path)["secret"])


def find_secrets(kind: str, places: Sequence[Path]) -> list[Secret]:
    """Give the secrets of a kind that are at hand: the passphrase, or those kept in files."""
    if kind == "machine":
        return [Secret(kind, path.read_text("ascii").strip()) for path in places if path.is_file()]
    given = os.environ.get(PASSPHRASE) or _ask()
    return [Secret(kind, given)] if given else []


def choose_secret(places: Sequence[Path]) -> Secret:
    """Give the secret to seal with: the passphrase, else the machine's, made where there is none.

    The machine's is kept in the first place that can be written to.
    """
    if os.environ.get(PASSPHRASE):
        return Secret("passphrase", os.environ[PASSPHRASE])
    kept = find_secrets("machine", places)
    return kept[0] if kept else Secret("machine", _make_secret(places))


def secret_places(project: Path) -> list[Path]:
    """Say where the machine's secret may be: the user's settings, else beside the studies."""
    home = os.environ.get("XDG_CONFIG_HOME") or _home_settings()
    own = [Path(home) / "three-powers" / "secret"] if home else []
    return [*own, project / "corpora" / ".secret"]


def _home_settings() -> str:
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE")
    return str(Path(home) / ".config") if home else ""


def _make_secret(places: Sequence[Path]) -> str:
    from cryptography.fernet import Fernet

    made = Fernet.generate_key().decode()
    for path in places:
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with path.open("x", encoding="ascii") as file:
                path.chmod(0o600)
                file.write(made)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            continue
        return made
    raise UserError(
        f"There is nowhere to keep the secret of the key to the pseudonyms: neither {places[0]} "
        f"nor {places[-1]} can be written. Set {PASSPHRASE} to a passphrase of yours."
    )


def _ask() -> str:
    """Ask for the passphrase, once, where somebody sits at a terminal."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return ""
    return _ask_once()


@cache
def _ask_once() -> str:
    from getpass import getpass

    return getpass("Passphrase of the key to the pseudonyms: ")


def _read(path: Path) -> dict[str, Any]:
    try:
        header = json.loads(path.read_text("ascii"))
        is_whole = header["sealed"] == 1 and header["secret"] in KINDS
        is_whole = is_whole and {*COST, "salt", "check", "text"} <= header.keys()
        base64.b64decode(header["salt"], validate=True)
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error
    if not is_whole or any(header[name] != cost for name, cost in COST.items()):
        raise _damaged(path)
    return dict(header)


@cache
def _derive(secret: str, salt: bytes, n: int, r: int, p: int) -> tuple[bytes, str]:
    """Give the key for Fernet, and a value that tells a wrong secret from a changed file."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    made = Scrypt(salt=salt, length=48, n=n, r=r, p=p).derive(secret.encode())
    return made[:32], _show(made[32:])


def _fernet(key: bytes) -> "Fernet":
    from cryptography.fernet import Fernet

    return Fernet(base64.urlsafe_b64encode(key))


def _show(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _damaged(path: Path) -> UserError:
    return UserError(
        f"{path} was changed or damaged since it was written, and is left as it is. Put back a "
        "copy of it; without one, move it away: pseudonyms are then numbered anew."
    )


def _locked(path: Path, kind: str) -> UserError:
    if kind == "passphrase":
        return UserError(
            f"{path} opens with the passphrase that it was sealed with, and with no other: set "
            f"{PASSPHRASE} to it. The file is left as it is."
        )
    return UserError(
        f"{path} was sealed with the secret of another machine or user. Copy their file "
        f"~/.config/three-powers/secret to this one's, or let them seal it with {PASSPHRASE}. The "
        "file is left as it is."
    )
