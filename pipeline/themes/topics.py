"""Topics that the codebook does not cover: candidates for new codes, never figures."""

import re
import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.tables import (
    PASSAGE_TOPICS,
    TOPICS,
    Codings,
    Passages,
    PassageTopics,
    Topics,
)

Vectors = NDArray[np.float32]
FEWEST = 24  # passages; with fewer there is nothing to group
ENOUGH_FOR_DENSITY = 300  # below, HDBSCAN calls nearly everything an outlier
OUTSIDE = -1
PSEUDONYMS = re.compile(r"\[[^\]]*\]")


class Found(NamedTuple):
    """Topics, and the topic of each passage that was looked at (-1: in none)."""

    topics: Topics
    passage_topics: PassageTopics


def pick_unexplained(passages: Passages, settled: Codings, most: int) -> NDArray[np.intp]:
    """Give the rows of the passages that no code applies to, the ones with lowest scores first.

    They are kept in the passages' order; at most ``most`` of them.
    """
    best = settled.groupby("passage").agg(applied=("applied", "any"), score=("score", "max"))
    explained = passages[["passage"]].join(best, on="passage")
    rows = explained[~explained["applied"].astype(bool)].sort_values("score", kind="stable")
    return np.sort(rows.index.to_numpy()[:most])


def find_topics(passages: Passages, vectors: Vectors, *, smallest: int, seed: int) -> Found:
    """Group passages by likeness and name each group by the words that set it apart.

    ``vectors`` has one row a passage. From 300 passages on HDBSCAN leaves passages outside
    every topic; below, KMeans puts each into one. Fewer than 24 passages, or no word to
    name a topic by, give empty tables.
    """
    texts = [PSEUDONYMS.sub(" ", text) for text in passages["text"]]
    if len(passages) < FEWEST or not _has_words(texts):
        return Found(TOPICS.build([]), PASSAGE_TOPICS.build([]))
    model = _model(len(texts), smallest, seed)
    reduced = _reduce(vectors, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # from hdbscan and BERTopic, about themselves
        found, _ = model.fit_transform(texts, embeddings=reduced)
    topics = np.array(found, dtype=np.int32)
    words = {topic: ", ".join(word for word, _ in model.get_topic(topic)) for topic in set(found)}
    placed = passages.assign(topic=topics)
    return Found(
        _describe(placed, vectors, words),
        PASSAGE_TOPICS.check(placed[["passage", "topic"]]),
    )


def _model(count: int, smallest: int, seed: int) -> Any:
    """Build BERTopic for vectors that are there and reduced already, so without UMAP and torch."""
    from bertopic import BERTopic
    from bertopic.dimensionality import BaseDimensionalityReduction
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    return BERTopic(
        embedding_model=None,
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=_clusters(count, smallest, seed),
        vectorizer_model=CountVectorizer(stop_words=_stop_words(), ngram_range=(1, 2)),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True, bm25_weighting=True),
        top_n_words=8,
        calculate_probabilities=False,
        verbose=False,
    )


def _has_words(texts: Sequence[str]) -> bool:
    """Say whether there is a word to name a topic by."""
    from sklearn.feature_extraction.text import CountVectorizer

    analyse = CountVectorizer(stop_words=_stop_words()).build_analyzer()
    return any(analyse(text) for text in texts)


def _clusters(count: int, smallest: int, seed: int) -> Any:
    if count < ENOUGH_FOR_DENSITY:
        from sklearn.cluster import KMeans

        groups = max(2, min(count // (2 * smallest), round((count / 2) ** 0.5)))
        return KMeans(n_clusters=groups, n_init=10, random_state=seed)
    from hdbscan import HDBSCAN

    return HDBSCAN(min_cluster_size=smallest, min_samples=3, core_dist_n_jobs=1)


def _reduce(vectors: Vectors, seed: int) -> NDArray[np.float32]:
    """Bring like passages together in few dimensions: spectral embedding where density counts."""
    from sklearn.decomposition import PCA
    from sklearn.manifold import SpectralEmbedding

    if len(vectors) < ENOUGH_FOR_DENSITY:
        components = PCA(min(50, *vectors.shape), random_state=seed)
        return np.asarray(components.fit_transform(vectors), dtype=np.float32)
    spectral = SpectralEmbedding(n_components=8, n_neighbors=15, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Graph is not fully connected")
        places = spectral.fit_transform(vectors)
    lengths = np.linalg.norm(places, axis=1, keepdims=True)
    return np.asarray(places / lengths, dtype=np.float32)


def _stop_words() -> list[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    spoken = (
        "yeah yes okay ok um er erm uh like just really know mean think sort kind going got don "
        "didn doesn wasn isn couldn wouldn ve ll re said say says thing things lot quite actually "
        "right person place people way im ive id ill youre youve hes shes theyre theyve theyd weve "
        "hed shed wed thats theres whats lets dont didnt doesnt isnt wasnt arent werent cant "
        "couldnt wont wouldnt havent hasnt hadnt shouldnt itll theyll"
    ).split()
    return sorted({*ENGLISH_STOP_WORDS, *spoken})


def _describe(placed: pd.DataFrame, vectors: Vectors, words: dict[int, str]) -> Topics:
    return TOPICS.build(
        {
            "topic": topic,
            "words": words[int(str(topic))] if topic != OUTSIDE else "",
            "passages": len(rows),
            "interviews": rows["transcript"].nunique(),
            "areas": rows["area"].nunique(),
            "share": len(rows) / len(placed),
            "typical": rows["passage"].iloc[_nearest_to_middle(vectors[rows.index])],
        }
        for topic, rows in placed.reset_index(drop=True).groupby("topic")
    )


def _nearest_to_middle(vectors: Vectors) -> int:
    return int(np.argmax(vectors @ vectors.mean(axis=0)))
