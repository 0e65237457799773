"""The broken article of chapter 00 misleads exactly as its text says, on the versions we pin."""

import re
import warnings
from pathlib import Path

import numpy as np
import pytest

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.source import stub_source

SOURCE = Path(__file__).parents[2] / "notebooks" / "source" / "00_start_here.py"


@pytest.fixture(scope="module")
def article():
    """The names that the listing in section 2 leaves behind, and that it ran without a word."""
    (listing,) = re.findall(r"```python\n((?:(?!```).)*?fused = .*?)# ```", SOURCE.read_text("utf-8"), flags=re.DOTALL)
    scope = {"np": np}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(re.sub(r"^# ?", "", listing, flags=re.MULTILINE), scope)
    return scope


@pytest.fixture(scope="module")
def broken():
    """The sum as the learner's cell has it."""
    scope = {"np": np}
    exec(stub_source(registry.get("start.repair_sum")), scope)
    return scope["add_to_blocks"]


def changed_pictures(add, article):
    blocks, vectors = article["blocks"], article["vectors"]
    other = vectors.copy()
    other[0] += 1
    return np.flatnonzero((add(blocks, other) != add(blocks, vectors)).any(axis=(1, 2, 3))).tolist()


def test_the_article_runs_in_silence_and_its_shape_looks_right(article):
    assert article["fused"].shape == article["blocks"].shape == (7, 7, 7, 512)


def test_the_exercise_starts_from_the_sum_of_the_article(article, broken):
    np.testing.assert_array_equal(broken(article["blocks"], article["vectors"]), article["fused"])


def test_one_caption_changes_all_seven_pictures_and_after_the_repair_its_own(article, broken):
    assert changed_pictures(broken, article) == [0, 1, 2, 3, 4, 5, 6]
    assert changed_pictures(registry.get("start.repair_sum").reference, article) == [0]


def test_vector_i_lands_in_column_i_of_every_picture(article):
    added = article["fused"] - article["blocks"]
    for column in range(7):
        np.testing.assert_allclose(added[:, :, column], np.broadcast_to(article["vectors"][column], (7, 7, 512)))


@pytest.mark.parametrize("n", [2, 6, 8])
def test_with_any_other_number_of_samples_it_stops(n, broken):
    with pytest.raises(ValueError, match=rf"could not be broadcast together with shapes \({n},7,7,512\) \({n},512\)"):
        broken(np.zeros((n, 7, 7, 512)), np.zeros((n, 512)))
