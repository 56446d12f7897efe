"""Read XML that somebody else made: no entities, no network, bounded."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

from pipeline.errors import TranscriptError

LARGEST = 60_000_000  # bytes; a day's talk with a time for every word is about 20 MB
_LONGEST_NAME = 30


def read_xml(path: Path, *roots: str) -> Any:
    """Give the root element of an XML file. Entities of its own are not put in.

    Raises TranscriptError for a file that is not well formed, far too large, or defines entities,
    and for one whose root element is none of ``roots``, where there are any.
    """
    if path.stat().st_size > LARGEST:
        raise _no_xml(path, "it is far too large")
    root = parse_xml(path, path.read_bytes())
    if roots and local_name(root) not in roots:
        raise refuse_root(path, root, roots)
    return root


def parse_xml(path: Path, content: bytes) -> Any:
    """Give the root element of XML that stands in the file ``path``, as :func:`read_xml` does."""
    from lxml import etree

    if len(content) > LARGEST:
        raise _no_xml(path, "it is far too large")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _no_xml(path, "it is damaged, or no XML") from error
    docinfo = root.getroottree().docinfo
    if docinfo.internalDTD is not None and any(docinfo.internalDTD.iterentities()):
        raise _no_xml(path, "it defines entities, which may be unpacked without end")
    return root


def refuse_root(path: Path, root: Any, known: tuple[str, ...]) -> TranscriptError:
    """Say which root element a file has, and with which one it would be read."""
    *others, last = known
    wanted = f"{', '.join(others)} or {last}" if others else last
    return TranscriptError(
        path,
        0,
        f"its root element is '{local_name(root)[:_LONGEST_NAME]}', and read here is {wanted}.",
        remedy="Export the transcript again, or as a text with its speakers.",
    )


def local_name(element: Any) -> str:
    """Give an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def elements(parent: Any, *names: str) -> Iterator[Any]:
    """Go through an element and those below it, at any depth, that have one of the names."""
    return parent.iter(*(f"{{*}}{name}" for name in names))  # type: ignore[no-any-return]


def outermost(parent: Any, *names: str) -> Iterator[Any]:
    """Go through the elements that have one of the names and are in no other such."""
    wanted = [f"{{*}}{name}" for name in names]
    for each in parent.iter(*wanted):
        if next(each.iterancestors(*wanted), None) is None:
            yield each


def text_of(element: Any) -> str:
    """Give all text within an element, on one line."""
    return " ".join(unescape("".join(element.itertext())).split())


def own_text(node: Any) -> str:
    """Give the text at the start of a node, also of an entity whose definition is not loaded."""
    return unescape(node.text or "") if is_entity(node) else node.text or ""


def is_entity(node: Any) -> bool:
    """Tell whether a node is a name for a character, as '&eacute;', and no element."""
    return callable(node.tag)


def _no_xml(path: Path, why: str) -> TranscriptError:
    return TranscriptError(
        path, 0, f"this cannot be read: {why}.", remedy="Export the transcript again."
    )
