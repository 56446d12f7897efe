import numpy as np

from pipeline.tables import CODINGS, PASSAGES
from pipeline.themes.topics import find_topics, pick_unexplained

SUBJECTS = ("bus timetable route driver", "garden seeds spade allotment", "choir song hall piano")


def passages_on(count):
    """Build passages that go round the subjects, each from one of six interviews."""
    columns = {"participant": "P", "role": "", "turn": 1, "start": 0, "end": 1, "words": 9}
    return PASSAGES.build(
        {
            **columns,
            "passage": f"p{i}",
            "transcript": f"T{i % 6}",
            "area": f"A{i % 2}",
            "context": "",
            "text": f"We spoke of the {SUBJECTS[i % 3]} in week {i}.",
        }
        for i in range(count)
    )


def vectors_of(count):
    """Give vectors that lie near one of three directions."""
    noise = np.random.default_rng(0).normal(scale=0.05, size=(count, 16))
    noise[np.arange(count), np.arange(count) % 3] += 1
    return (noise / np.linalg.norm(noise, axis=1, keepdims=True)).astype(np.float32)


def test_like_passages_make_a_topic_named_by_its_words():
    found = find_topics(passages_on(120), vectors_of(120), smallest=12, seed=0)
    placed = found.passage_topics["topic"].to_numpy()
    assert all(len(set(placed[np.arange(120) % 3 == s]) & set(placed)) >= 1 for s in range(3))
    for topic in found.topics["topic"]:
        assert len(set(np.flatnonzero(placed == topic) % 3)) == 1
    assert any("allotment" in words for words in found.topics["words"])
    assert found.topics["passages"].sum() == 120
    assert found.topics["interviews"].max() <= 6


def test_from_300_passages_some_may_be_in_no_topic():
    vectors = vectors_of(330)
    found = find_topics(passages_on(330), vectors, smallest=12, seed=0)
    inside = found.topics[found.topics["topic"] >= 0]
    assert len(inside) >= 3
    assert found.topics["passages"].sum() == 330


def test_the_same_seed_gives_the_same_topics():
    one, two = (find_topics(passages_on(120), vectors_of(120), smallest=12, seed=3) for _ in "ab")
    assert one.topics.equals(two.topics)
    assert one.passage_topics.equals(two.passage_topics)


def test_too_few_passages_make_no_topics():
    found = find_topics(passages_on(23), vectors_of(23), smallest=12, seed=0)
    assert found.topics.empty
    assert found.passage_topics.empty


def test_only_passages_without_a_code_are_looked_at_the_least_explained_first():
    settled = CODINGS.build(
        {"passage": p, "code": "trust", "stance": "present", "coder": "m", "score": s, "applied": x}
        for p, s, x in [
            ("p0", 0.9, True),
            ("p1", 0.4, False),
            ("p2", 0.1, False),
            ("p3", 0.2, False),
        ]
    )
    assert pick_unexplained(passages_on(4), settled, 2).tolist() == [2, 3]
