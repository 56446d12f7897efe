"""Tell the speakers from other words before a colon, by looking at the whole file."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.transcripts.speakers import has_title, is_usual_name

# With so few labels in a file, one that occurs once is a speaker too.
_FEW = 6
_MOST_LOOKED_AT = 36
_FREQUENT = 3
_NEARLY_ALL = 0.8
# Labels that are neither usual nor titled make talk where they open so many of the lines, or
# where so many people come so often.
_COVERED = 1 / 2
_TALKING = 2
# Several labels of any look that come again and again make talk from here on.
_RECURRING = 1 / 3
_ONCE = 2
_MOST_WORDS = 6
# 'Dawn P.' is a name, 'Senator.' is what someone says.
_SENTENCE_END = re.compile(r"\w{3}\.$")
_PARTICLES = re.compile(r"(?:al|ap|bin|da|de|del|den|der|di|du|el|ibn|la|le|of|the|van|von|y)")
_NOT_NAMES = frozenset(
    re.findall(
        r"\w+",
        """
        a about above abstract action actually after again agenda all also although an and annex
        another any appendix are article as at attendees background bcc because before below
        besides but by can cc chapter clause colleges conclusion correct date day dear did do
        does duration eighth eighthly email example fifth fifthly figure file finally first
        firstly for four fourth fourthly from further furthermore going had has have he heading
        hence her here his how however http https if in instead interview introduction is issue
        it item its just last lastly later length like line location look maybe mm moreover my
        next nine no not note notes notice now number of oh ok okay on once one only option or
        other our page paragraph part perhaps phase place please point possibly ps re really
        reason reasons recorded recording ref reference regarding right schools second secondly
        section see sent seven seventh seventhly she since six sixth sixthly slide so some
        someone sometimes source step still stop subject such summary sure table tape telephone
        ten than thank thanks that then there therefore these they third thirdly this those
        three time title to today topic total transcript two type under unless until update
        venue was we well were what when where whereas which while who why yeah yes yet you your
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
    """Keep labels of any look ('tom_b') that recur, as keys, if nearly every line has a label.

    A third of the lines is enough where several recur and hardly any other label is there.
    """
    counts = Counter(map(label_key, labels))
    frequent = {k: n for k, n in counts.items() if n >= _FREQUENT and not is_no_name(k)}
    spoken = sum(frequent.values())
    is_talk = spoken >= max(_RECURRING * lines, _NEARLY_ALL * len(labels)) and len(frequent) > 1
    return set(frequent) if is_talk or len(labels) >= _NEARLY_ALL * lines else set()


def find_few_names(labels: Sequence[str], *, lines: int = 0) -> set[str]:
    """Keep whatever looks like a name, as keys, if the file has only a handful of labels.

    With ``lines``, which could name a speaker, they have to open half of them; and three of whom
    nobody comes again are a list, unless they are in capitals.
    """
    named = [label for label in labels if could_speak(label)]
    people = set(map(label_key, named))
    if len(labels) > _MOST_LOOKED_AT or len(named) > _FEW:
        return set()
    is_list = 2 * len(labels) < lines or len(named) == len(people) > _ONCE
    return set() if lines and is_list and not _are_shouted(named) else people


def makes_talk(labels: Sequence[str], speakers: set[str], *, lines: int) -> bool:
    """Tell whether the labels that look like speakers are more than words before a colon.

    ``lines`` counts those that could name a speaker.
    """
    spoken = {label: n for label, n in Counter(labels).items() if label_key(label) in speakers}
    if any(has_title(label) or is_usual_name(label) for label in spoken) or _are_shouted(spoken):
        return True
    talking = sum(count >= _FREQUENT for count in spoken.values())
    return talking >= _TALKING or sum(spoken.values()) >= _COVERED * max(lines, 1)


def _are_shouted(labels: Iterable[str]) -> bool:
    """Tell whether several people are called in capitals throughout."""
    capitals = {label_key(label) for label in labels if label.isupper() and len(label) > 1}
    return len(capitals) > 1


def is_no_name(label: str) -> bool:
    """Tell whether a label starts with a word that no name starts with, as 'Note' or 'And'."""
    return label_key(label).partition(" ")[0] in _NOT_NAMES and not is_usual_name(label)


def warn_of_one(names: Iterable[str]) -> tuple[str, ...]:
    """Give a warning if all turns are one speaker's."""
    first, *others = dict.fromkeys(names)
    if any(label_key(other) != label_key(first) for other in others):
        return ()
    return (f"it names one speaker only, '{first[:30]}': what others say may be among the words",)


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
        and "," not in label
        and not _SENTENCE_END.search(label)
        and words[0].casefold() not in _NOT_NAMES
        and not any(word[:1].islower() and not _PARTICLES.fullmatch(word) for word in words)
    )
