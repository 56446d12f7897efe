"""Read XML that somebody else made: no entities, no network, bounded."""

from pathlib import Path
from typing import Any

from pipeline.errors import TranscriptError

LARGEST = 60_000_000  # bytes; a day's talk with a time for every word is about 20 MB


def read_xml(path: Path) -> Any:
    """Give the root element of an XML file. Entities of its own are not put in.

    Raises TranscriptError for a file that is not well formed, far too large, or defines entities.
    """
    return parse_xml(path, path.read_bytes())


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


def local_name(element: Any) -> str:
    """Give an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _no_xml(path: Path, why: str) -> TranscriptError:
    return TranscriptError(
        path, 0, f"this cannot be read: {why}.", remedy="Export the transcript again."
    )
