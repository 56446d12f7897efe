"""What is typed into the form of a code: read, checked, and put into the codebook."""

import unicodedata
from collections.abc import Iterable, Iterator

from werkzeug.datastructures import MultiDict

from pipeline.codebook import Code, Codebook, Example
from pipeline.codebook_changes import fold
from pipeline.codebook_csv import make_id

LONGEST = 80  # letters of a name
EDITED = ("label", "definition", "include", "exclude", "stances", "examples")


def begin_code(group: str) -> Code:
    """Give the entry of a code that nothing is known of yet."""
    return Code(id="", group=group, label="", definition="", stances={})


def read_code(codebook: Codebook, before: Code, form: MultiDict[str, str]) -> Code:
    """Read an entry as it was typed, right or wrong; ``before`` is the one that it edits.

    What is the same but for its line breaks stays as it was written. A code keeps its id for good.
    """
    allowed = codebook.groups[before.group].stances
    said = {
        stance: _keep(before.stances.get(stance, ""), form.get(f"meaning.{stance}", ""))
        for stance in {**before.stances, **allowed}
    }
    return before.model_copy(
        update={
            "id": before.id or make_id(form.get("label", "")),
            "label": _keep(before.label, fold(form.get("label", ""))),
            "definition": _keep(before.definition, form.get("definition", "")),
            "include": tuple(_read_lines(before.include, form.get("include", ""))),
            "exclude": tuple(_read_lines(before.exclude, form.get("exclude", ""))),
            "stances": {stance: meaning for stance, meaning in said.items() if meaning},
            "examples": tuple(_read_examples(before, allowed, form)),
        }
    )


def merge(code: Code, was: Code, now: Code) -> Code:
    """Take over what others changed since in those parts of an entry that were not touched."""
    same = (name for name in EDITED if getattr(code, name) == getattr(was, name))
    return code.model_copy(update={name: getattr(now, name) for name in same})


def find_mistakes(
    code: Code, before: Code, codebook: Codebook, known: Iterable[Codebook]
) -> list[str]:
    """Say what keeps an entry from being one; ``known`` are all versions, for ids used before."""
    name = list(_check_name(code, before, codebook, known))
    return [*name, *_check_words(code, before)]


def put_code(codebook: Codebook, code: Code) -> Codebook:
    """Put an entry in the place of the one with its id; a new one after the last of its group."""
    codes = list(codebook.codes)
    places = {one.id: place for place, one in enumerate(codes)}
    if code.id in places:
        codes[places[code.id]] = code
    else:
        last = max((at for at, one in enumerate(codes) if one.group == code.group), default=-1)
        codes.insert(last + 1 or len(codes), code)
    return Codebook.model_validate(codebook.model_dump() | {"codes": codes})


def _keep(before: str, typed: str) -> str:
    clean = _clean(typed)
    return before if fold(clean) == fold(before) else clean


def _clean(typed: str) -> str:
    """Give what was typed without what a keyboard does not write; lines end as ours do."""
    text = unicodedata.normalize("NFC", typed.replace("\r\n", "\n"))
    return "".join(
        " " if unicodedata.category(letter) in ("Cc", "Cs") and letter != "\n" else letter
        for letter in text
    ).strip()


def _read_lines(before: Iterable[str], typed: str) -> Iterator[str]:
    known = {fold(item): item for item in before}
    for line in _clean(typed).split("\n"):
        if fold(line):
            yield known.get(fold(line), fold(line))


def _read_examples(
    before: Code, allowed: Iterable[str], form: MultiDict[str, str]
) -> Iterator[Example]:
    known = {(one.stance, fold(one.text)): one for one in before.examples}
    pairs = zip(form.getlist("stance"), map(_clean, form.getlist("example")), strict=False)
    for stance, text in pairs:
        if text and stance in allowed:
            yield known.get((stance, fold(text)), Example(stance=stance, text=text))


def _check_name(
    code: Code, before: Code, codebook: Codebook, known: Iterable[Codebook]
) -> Iterator[str]:
    names = {one.label.casefold(): one.label for one in codebook.codes if one.id != before.id}
    if not code.label:
        yield "Type a name for the code."
    elif len(code.label) > LONGEST:
        yield f"The name has {len(code.label)} letters. It may have {LONGEST}."
    elif code.label.casefold() in names:
        yield f"There is a code '{names[code.label.casefold()]}' already. Choose another name."
    elif not code.id:
        yield "The name needs a letter from a to z: the code's id is made from it."
    elif not before.id:
        yield from _check_new_id(code.id, known)


def _check_new_id(name: str, known: Iterable[Codebook]) -> Iterator[str]:
    used = (one.version for one in known for code in one.codes if code.id == name)
    version = next(used, None)
    if version is not None:
        yield (
            f"The id '{name}', which is made from this name, is another code's in version "
            f"{version}. Choose another name."
        )


def _check_words(code: Code, before: Code) -> Iterator[str]:
    if not code.definition:
        yield "Type a definition: what makes a passage one of this code?"
    if not code.stances:
        yield "Say what one stance at least means here."
    for stance in before.stances.keys() - code.stances.keys():
        yield f"Say what '{stance}' means here: a stance that is in use cannot be taken out."
    shown = {one.stance for one in code.examples} - code.stances.keys() - before.stances.keys()
    for stance in sorted(shown):
        yield f"There is an example of '{stance}'. Say what '{stance}' means here, too."
