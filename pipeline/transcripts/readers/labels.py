"""Tell the speakers from other words before a colon, by looking at the whole file."""

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.transcripts.speakers import has_title, is_usual_name

# With so few labels in a file, one that occurs once is a speaker too.
_FEW = 6
_MOST_LOOKED_AT = 36
_FREQUENT = 3
_NEARLY_ALL = 0.8
_MOST_WORDS = 6
# 'Dawn P.' is a name, 'Senator.' is what someone says.
_SENTENCE_END = re.compile(r"\w{3}\.$")
_PARTICLES = re.compile(r"(?:al|ap|bin|da|de|del|den|der|di|du|el|ibn|la|le|of|the|van|von|y)")
_NOT_NAMES = frozenset(
    re.findall(
        r"\w+",
        """
        a about above action actually after again agenda all also although an and annex another any
        appendix are article as at attendees background because before below besides but by can
        chapter clause colleges conclusion correct date day did do does duration eighth eighthly
        example fifth fifthly figure file finally first firstly for four fourth fourthly from
        further furthermore going had has have he heading hence her here his how however http https
        if in instead interview is issue it item its just last lastly later length like line
        location look maybe mm moreover my next nine no not note notes now number of oh ok okay on
        once one only option or other our page paragraph part perhaps phase place please point
        possibly ps re really reason reasons recorded recording right schools second secondly
        section see seven seventh seventhly she since six sixth sixthly slide so some someone
        sometimes source step still stop such summary sure table tape ten than thank thanks that
        then there therefore these they third thirdly this those three time title to today
        topic total transcript two type under unless until update venue was we well were what when
        where whereas which while who why yeah yes yet you your
        """,
    )
)


def label_key(label: str) -> str:
    """Fold case and white space, so that one speaker has one key."""
    return " ".join(label.casefold().split())


def find_speakers(labels: Sequence[str]) -> set[str]:
    """Keep the labels that are speakers, as keys.

    They look like names and occur twice, start with a title, or are usual, as 'Interviewer' is.
    In a file with a handful of labels, once is enough for those beside a sure one.

    >>> labels = ["Dawn", "You say", "Dawn", "Secondly", "Mr Lee", "Plan", "P01", "P01", "P01"]
    >>> sorted(find_speakers(labels))
    ['dawn', 'mr lee', 'p01']
    """
    counts: Counter[str] = Counter()
    sure = set()
    for label, count in Counter(labels).items():
        if could_speak(label):
            counts[label_key(label)] += count
            if has_title(label) or is_usual_name(label):
                sure.add(label_key(label))
    sure |= {key for key, count in counts.items() if count > 1}
    return sure | find_few_names(labels) if sure else set()


def find_frequent(labels: Sequence[str], *, lines: int) -> set[str]:
    """Keep labels of any look ('tom_b') that recur, as keys, if nearly every line has a label."""
    counts = Counter(map(label_key, labels))
    if len(labels) < _NEARLY_ALL * lines:
        return set()
    return {
        key
        for key, count in counts.items()
        if count >= _FREQUENT and key.partition(" ")[0] not in _NOT_NAMES
    }


def find_few_names(labels: Sequence[str]) -> set[str]:
    """Keep whatever looks like a name, as keys, if the file has only a handful of labels."""
    if len(labels) > _MOST_LOOKED_AT:
        return set()
    named = [label for label in labels if could_speak(label)]
    return set(map(label_key, named)) if len(named) <= _FEW else set()


def is_usual_word(label: str) -> bool:
    """Tell whether a label is a usual one and more than a letter, which many lines start with."""
    return len(label) > 1 and is_usual_name(label)


def could_speak(label: str) -> bool:
    """Tell whether a label is a usual one or looks like a name."""
    return is_usual_name(label) or is_name_like(label)


def is_name_like(label: str) -> bool:
    """Tell whether a label could be a name: a few words, each with a capital or a number.

    >>> [is_name_like(label) for label in ("Dawn P.", "Ludwig van Veen", "Item 1", "She said")]
    [True, True, False, False]
    """
    words = [word.strip(".'’()&/|-#") for word in label.split()]
    return (
        0 < len(words) <= _MOST_WORDS
        and not _SENTENCE_END.search(label)
        and words[0].casefold() not in _NOT_NAMES
        and not any(word[:1].islower() and not _PARTICLES.fullmatch(word) for word in words)
    )
