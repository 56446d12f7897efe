"""The topics outside the codebook, each with a passage that is typical of it."""

from typing import NamedTuple

from pipeline.exports import Results
from pipeline.exports.figures import records
from pipeline.wording import percent

OUTLIERS = -1


class TopicRow(NamedTuple):
    """A topic; ``text`` is its typical passage, and empty for the passages in no topic."""

    name: str
    passages: int
    interviews: int
    areas: int
    share: str
    typical: str
    text: str


def list_topics(results: Results) -> list[TopicRow]:
    """List the topics as the table has them, with the passages in no topic last."""
    texts = results.passages.set_index("passage")["text"]
    in_order = results.topics.assign(is_last=results.topics["topic"] == OUTLIERS)
    return [
        TopicRow(
            name="in no topic" if row.topic == OUTLIERS else row.words,
            passages=row.passages,
            interviews=row.interviews,
            areas=row.areas,
            share=percent(row.share),
            typical=row.typical,
            text="" if row.topic == OUTLIERS else texts.get(row.typical, ""),
        )
        for row in records(in_order.sort_values("is_last", kind="stable"))
    ]
