"""What chapter 13 claims: its article is loud, then blind, on pinned versions; its numbers hold over five seeds."""

import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.model_selection import PredefinedSplit, cross_val_predict, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.source import stub_source
from mmlearn_edu.classification import LogisticRegression, svm_pipeline
from mmlearn_edu.datasets import SAMPLING_RATE, load_spoken_digits
from mmlearn_edu.evaluation import accuracy, choose_threshold, paired_bootstrap, slice_scores
from mmlearn_edu.exercises.ch13_evaluation import eight_alarm
from mmlearn_edu.features import flatten_images, mfcc_summary
from mmlearn_edu.widgets import threshold_scores

SEEDS = [pytest.param(seed, marks=[pytest.mark.slow] if seed else []) for seed in range(5)]
SOURCE = Path(__file__).parents[2] / "notebooks" / "source" / "13_evaluation.py"


@pytest.fixture(scope="module")
def digits():
    return load_spoken_digits()


@pytest.fixture(scope="module")
def pictures(digits):
    return flatten_images(digits.X["image"])


@pytest.fixture(scope="module")
def sound(digits):
    return mfcc_summary(digits.X["audio"], SAMPLING_RATE, n_segments=5)


def executed(code):
    scope = {"np": np, "RandomForestClassifier": RandomForestClassifier}
    exec(code, scope)
    return scope["report"]


def half_of(groups, seed):
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    return np.isin(groups, names[: len(names) // 2])


def test_the_listing_is_the_stub():
    (listing,) = re.findall(r"```python\n# (def report.*?)# ```", SOURCE.read_text("utf-8"), flags=re.DOTALL)
    lines = re.sub(r"^# ?", "", listing, flags=re.MULTILINE).splitlines()[1:]
    assert [line.strip() for line in lines if line.strip()] == [
        line.strip() for line in stub_source(registry.get("evaluation.fix_article")).splitlines()[-3:]
    ]


def test_the_removed_word_is_a_loud_fault_that_names_the_argument_and_what_is_allowed(pictures, digits):
    broken = executed(stub_source(registry.get("evaluation.fix_article")))
    with pytest.raises(ValueError, match=r"The 'max_features' parameter of RandomForestClassifier must be .*'sqrt'.*"):
        broken(pictures, digits.y, digits.y == 0, 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_silent_fault_scores_one_on_labels_by_lot_and_the_repair_scores_chance(pictures, digits, seed):
    broken = executed(stub_source(registry.get("evaluation.fix_article")).replace('"auto"', '"sqrt"'))
    mended = registry.get("evaluation.fix_article").reference
    rng = np.random.default_rng(seed)
    test, lot = rng.random(len(digits.y)) < 0.3, rng.permutation(digits.y)
    assert broken(pictures, lot, test, 50) > 0.995
    assert mended(pictures, lot, test, 10) < 0.15
    assert 0.9 < mended(pictures, digits.y, test, 10) < 0.99


@pytest.mark.parametrize("seed", SEEDS)
def test_people_on_both_sides_flatter_speakers_far_more_than_writers(pictures, sound, digits, seed):
    y, writer, speaker = digits.y, digits.groups["writer"], digits.latents["base"]

    def score(X, test):
        return svm_pipeline().fit(X[~test], y[~test]).score(X[test], y[test])

    rows = half_of(np.arange(len(y)), seed)
    assert 0.02 < score(pictures, rows) - score(pictures, half_of(writer, seed)) < 0.1
    assert score(sound, rows) > 0.99
    assert score(sound, half_of(speaker, seed)) < 0.65


@pytest.mark.parametrize("seed", range(5))
def test_features_chosen_first_and_the_luckiest_of_many_beat_chance_where_there_is_nothing_to_learn(seed):
    rng = np.random.default_rng(seed)
    noise, labels = rng.normal(size=(60, 5000)), rng.permutation(np.arange(60) % 2)
    best, vote = SelectKBest(k=20), KNeighborsClassifier(5)
    assert cross_val_score(vote, best.fit_transform(noise, labels), labels).mean() > 0.8
    assert 0.3 < cross_val_score(make_pipeline(best, vote), noise, labels).mean() < 0.7
    guesses, fresh = rng.integers(2, size=(500, 1060)), rng.integers(2, size=1000)
    luckiest = guesses[(guesses[:, :60] == labels).sum(axis=1).argmax()]
    assert 0.62 < accuracy(labels, luckiest[:60]) < 0.8
    assert 0.44 < accuracy(fresh, luckiest[60:]) < 0.56


@pytest.mark.parametrize("seed", SEEDS)
def test_scaled_with_the_test_rows_nothing_is_gained_on_any_rows(sound, digits, seed):
    plain, leaked = scaled_both_ways(sound, digits.y, half_of(np.arange(len(digits.y)), seed))
    assert abs(leaked - plain) < 0.005


def test_scaled_with_a_new_speaker_every_speaker_gains(sound, digits):
    speaker = digits.latents["base"]
    gains = [np.diff(scaled_both_ways(sound, digits.y, speaker == name))[0] for name in np.unique(speaker)]
    assert min(gains) > 0
    assert 0.04 < np.mean(gains) < 0.1
    assert 0.1 < max(gains) < 0.18


def scaled_both_ways(X, y, test):
    both = (StandardScaler().fit(X[~test]).transform(X), StandardScaler().fit_transform(X))
    return [SVC().fit(Z[~test], y[~test]).score(Z[test], y[test]) for Z in both]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_paired_difference_is_clear_of_zero_and_new_speakers_are_served_badly(seed):
    digits = load_spoken_digits(image_noise=0.4, audio_snr_db=-6, random_state=seed)
    y, writer, speaker = digits.y, digits.groups["writer"], digits.latents["base"]
    both = np.hstack([flatten_images(digits.X["image"]), mfcc_summary(digits.X["audio"], SAMPLING_RATE, n_segments=5)])
    svm = registry.get("evaluation.predict_held_out").reference(both, y, writer // 2)
    linear = make_pipeline(StandardScaler(), LogisticRegression(C=0.03))
    rival = cross_val_predict(linear, both, y, cv=PredefinedSplit(writer // 2))
    assert 0.93 < accuracy(y, svm) < 0.97
    low, high = paired_bootstrap(accuracy, y, svm, rival, groups=writer)
    assert 0 < low < high < 0.04
    strange = registry.get("evaluation.predict_held_out").reference(both, y, np.unique(speaker, return_inverse=True)[1])
    table = slice_scores(accuracy, y, strange, speaker)
    assert 0.74 < accuracy(y, strange) < 0.84
    assert table["score"].min() < 0.66
    assert table["score"].max() > 0.93


def test_a_threshold_chosen_on_training_rows_misses_eights_of_new_writers():
    eight, sure, writer = eight_alarm()
    learnt, valid, new = writer < 5, (writer >= 5) & (writer < 9), writer >= 9
    found = {}
    for name, rows in {"learnt": learnt, "valid": valid}.items():
        found[name] = threshold_scores(eight[new], sure[new], choose_threshold(eight[rows], sure[rows]))
    assert found["learnt"]["recall"] < 0.85
    assert found["valid"]["recall"] > 0.88
    at = threshold_scores(eight[valid], sure[valid], choose_threshold(eight[valid], sure[valid]))
    assert at["precision"] - found["valid"]["precision"] > 0.03


def test_the_notebook_opens_the_widget_with_the_scores_of_the_exercise():
    text = SOURCE.read_text("utf-8")
    for line in (
        "digits = load_spoken_digits(image_noise=0.4, audio_snr_db=-6)",
        "learnt, valid, new = writer < 5, (writer >= 5) & (writer < 9), writer >= 9",
        "alarm = make_pipeline(StandardScaler(), LogisticRegression(C=0.1)).fit(both[learnt], eight[learnt])",
        "moving = move_threshold(eight[valid], sure[valid],",
    ):
        assert line in text


def test_cross_validation_of_the_exercise_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    X, y, fold = rng.normal(size=(60, 4)), rng.integers(0, 3, 60), np.arange(60) % 5
    theirs = cross_val_predict(svm_pipeline(), X, y, cv=PredefinedSplit(fold))
    np.testing.assert_array_equal(registry.get("evaluation.predict_held_out").reference(X, y, fold), theirs)
