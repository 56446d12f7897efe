"""The models of a project: models/NAME is in use, models/NAME/earlier/N are those before it.

A number is one model's for good: a model that is put in use again is not kept a second time.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from pipeline.coding.card import CARD
from pipeline.coding.model import HEADS, Model, read_model, write_model
from pipeline.errors import ModelError, UnknownChoiceError, UserError
from pipeline.files import hash_file, write_together

EARLIER = "earlier"
SHIPPED = "default"
FILES = (HEADS, CARD)


class Kept(NamedTuple):
    """A model on the shelf; ``number`` is 0 for the one in use, else counts from 1, the oldest."""

    name: str
    number: int
    folder: Path


class Restored(NamedTuple):
    """The earlier model that is in use again, and the number of the one before (0: not kept)."""

    model: Kept
    before: int


def name_models(models: Path) -> list[str]:
    """Give the names of the models, in order; a folder without a card may have earlier ones."""
    cards = [*models.glob(f"*/{CARD}"), *models.glob(f"*/{EARLIER}/*/{CARD}")]
    return sorted({path.relative_to(models).parts[0] for path in cards})


def list_models(models: Path) -> Iterator[Kept]:
    """Give every model once: the one in use, then its earlier ones, the newest of these first."""
    for name in name_models(models):
        yield Kept(name, 0, models / name)
        yield from _list_earlier(models, name)


def find_model(models: Path, name: str, number: int = 0) -> Kept:
    """Find the model in use (0) or an earlier one.

    Raises UnknownChoiceError or UserError that lists those that there are.
    """
    names = name_models(models)
    if name not in names:
        raise UnknownChoiceError("model", name, names)
    if not number:
        return Kept(name, 0, models / name)
    places = _places(models / name)
    if number not in places:
        numbers = ", ".join(map(str, sorted(places)))
        raise UserError(
            f"The model '{name}' has no number {number}. Choose from: {numbers or '(none yet)'}."
        )
    return Kept(name, number, places[number])


def find_damage(folder: Path) -> str:
    """Say what is wrong with a model's files, or nothing if they can be used."""
    try:
        read_model(folder)
    except ModelError as error:
        return str(error)
    return ""


def put(folder: Path, model: Model) -> None:
    """Put a model in use in its folder; the one before is kept beside it."""
    with _hold(folder):
        _keep(folder)
        write_model(folder, model)


def restore(models: Path, name: str, number: int = 0) -> Restored:
    """Put an earlier model in use again (0: the newest of these), and keep the present one.

    Files are copied to the byte. If that is broken off, the present one is damaged and can be
    restored. Raises UnknownChoiceError if there is no such model, UserError if it has no earlier
    one or that one is in use, ModelError if it is damaged.
    """
    chosen = _choose(models, name, number)
    damage = find_damage(chosen.folder)
    if damage:
        raise ModelError(
            f"{damage} Nothing was changed. 'three-powers models' lists the models; choose "
            f"another by its number, as in 'three-powers models restore {name} --number 1'."
        )
    with _hold(models / name):
        before = _keep(models / name)
        _copy(chosen.folder, models / name)
    return Restored(chosen, before)


@contextmanager
def _hold(folder: Path) -> Iterator[None]:
    """Hold a model's folder while its files change, and sweep what a killed run left half-written.

    Raises UserError if another run changes it meanwhile.
    """
    lock = FileLock(folder / ".lock", timeout=1)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise UserError(
            f"Another run is changing {folder}. Wait for it, then try again."
        ) from error
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror or error}.") from error
    try:
        for part in [part for part in folder.rglob("*.partial") if part.is_file()]:
            part.unlink()
        yield
    finally:
        lock.release()


def _choose(models: Path, name: str, number: int) -> Kept:
    chosen = find_model(models, name, number)
    if name == SHIPPED:
        raise UserError(
            f"The model '{name}' has no earlier one to restore: it ships with three-powers and "
            "is not retrained."
        )
    earlier = list(_list_earlier(models, name))
    if not number and not earlier:
        raise UserError(f"The model '{name}' has no earlier one to restore.")
    if number and chosen not in earlier:
        raise UserError(f"Number {number} of the model '{name}' is in use already.")
    return chosen if number else earlier[0]


def _list_earlier(models: Path, name: str) -> Iterator[Kept]:
    """Give the earlier models, the newest first, without the one that is in use again."""
    for number, place in sorted(_places(models / name).items(), reverse=True):
        if not _is_same(place, models / name):
            yield Kept(name, number, place)


def _keep(folder: Path) -> int:
    """Copy the model in use beside it, unless it is there; give its number, 0 if it is damaged.

    A copy without a card was broken off, and gives its place to the next one.
    """
    if find_damage(folder):
        return 0
    places = _places(folder)
    kept = [number for number, place in places.items() if _is_same(place, folder)]
    number = max(kept or [max(places, default=0) + 1])
    if not kept:
        _copy(folder, folder / EARLIER / str(number))
    return number


def _copy(source: Path, target: Path) -> None:
    write_together({target / name: partial(shutil.copyfile, source / name) for name in FILES})


def _is_same(one: Path, other: Path) -> bool:
    return all(hash_file(one / name) == hash_file(other / name) for name in FILES)


def _places(folder: Path) -> dict[int, Path]:
    folders = (path.parent for path in folder.glob(f"{EARLIER}/*/{CARD}"))
    return {int(place.name): place for place in folders if place.name.isdecimal()}
