"""Declared keywords as hashes of their characters and stems, found in a query without a scan.

A keyword matches where its characters and stems follow one another in the query, so 机器学习 is
found in 机器学习方法, "neural networks" in "a neural network", and "art" not in "start".
"""

from collections.abc import Sequence

import numpy as np

from app.matching.ranking.grams import Codes, is_character, sequence

LONGEST = 16  # characters and stems; a longer keyword is a sentence and never matches
_BASE = np.uint64(0x9E3779B97F4A7C15)


def hashed(keywords: Sequence[str]) -> Codes:
    """Hash each keyword; 0, which nothing matches, where it is too short or too long."""
    code, text = sequence(keywords)
    size = np.bincount(text, minlength=len(keywords)).astype(np.int64)
    first = np.cumsum(size) - size
    found = np.zeros(len(keywords), np.uint64)
    for step in range(min(LONGEST, int(size.max(initial=0)))):
        longer = np.flatnonzero(size > step)
        found[longer] = found[longer] * _BASE + code[first[longer] + step]
    single = np.flatnonzero(size == 1)
    found[single[is_character(code[first[single]])]] = 0
    found[(size > LONGEST) | (size == 0)] = 0
    return found


def within(texts: Sequence[str]) -> Codes:
    """Hash every run of up to LONGEST characters and stems in the texts: what can match there."""
    code, text = sequence(texts)
    found, windows = [np.zeros(0, np.uint64)], np.zeros(len(code), np.uint64)
    for size in range(1, min(LONGEST, len(code)) + 1):
        windows = windows[: len(code) - size + 1] * _BASE + code[size - 1 :]
        found.append(windows[text[: len(windows)] == text[size - 1 :]])
    return np.unique(np.concatenate(found))
