"""The people whom a TEI header lists, by the ids that utterances name them with."""

from typing import Any

from pipeline.transcripts.readers.xml_files import elements, local_name, text_of

_ID = "{http://www.w3.org/XML/1998/namespace}id"
_LISTED = ("person", "personGrp", "role")
_NAMES = ("persName", "name", "orgName")


def name_people(root: Any) -> dict[str, str]:
    """Give names by id; a person without a name has the number or short form given, or none."""
    listed = elements(root, *_LISTED)
    return {own: _name(each) for each in listed if (own := find_id(each))}


def find_id(element: Any) -> str:
    """Give an element's id, as TEI writes it now or wrote it once."""
    return str(element.get(_ID) or element.get("id") or "")


def _name(person: Any) -> str:
    if local_name(person) == "role":
        return text_of(person)
    names = (_write_name(each) for each in elements(person, *_NAMES))
    return next((name for name in names if name), person.get("n", ""))


def _write_name(name: Any) -> str:
    """Write first names first; titles and numbers are left out where the parts are marked."""
    first = " ".join(text_of(each) for each in elements(name, "forename"))
    last = " ".join(text_of(each) for each in elements(name, "nameLink", "surname"))
    return f"{first} {last}" if first and last else text_of(name)
