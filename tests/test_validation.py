"""What a reader sees who gives the wrong thing: what came, what was expected, what to do next."""

import numpy as np
import pytest

from mmlearn_edu._validation import check_whole
from mmlearn_edu.clustering import KMeans, MiniBatchKMeans
from mmlearn_edu.evaluation import exact_ceiling, recall_at_k
from mmlearn_edu.features import (
    TfidfTransformer,
    dominant_frequency,
    mel_filter_bank,
    mfcc,
    mfcc_summary,
    oriented_gradients,
    power_spectrogram,
    waveform_statistics,
)
from mmlearn_edu.representations import PCA, TSNE, IncrementalPCA, TruncatedSVD
from mmlearn_edu.retrieval import csls, search

ESTIMATORS = [PCA(1), IncrementalPCA(1), TruncatedSVD(1), TSNE(1, perplexity=1), KMeans(1), MiniBatchKMeans(1)]
SOUND = np.random.default_rng(0).uniform(-0.1, 0.1, size=(2, 3000))


@pytest.mark.parametrize("estimator", [*ESTIMATORS, TfidfTransformer()], ids=lambda estimator: type(estimator).__name__)
def test_texts_and_pictures_are_told_how_to_become_a_matrix(estimator):
    with pytest.raises(ValueError, match=r"to float: 'a red ring'; turn words into numbers first, e\.g\. by Tfidf"):
        estimator.fit(["a red ring", "a blue ring"])
    with pytest.raises(ValueError, match=r"dim 3, .*; give one row per sample, e\.g\. X\.reshape\(len\(X\), -1\)"):
        estimator.fit(np.ones((4, 3, 3)))


def test_other_complaints_of_scikit_learn_stay_as_they_are():
    with pytest.raises(ValueError, match=r"^Expected 2D array, got 1D array instead"):
        PCA(1).fit([1.0, 2.0])
    with pytest.raises(ValueError, match=r"X has 1 features, but PCA is expecting 2 features as input\.$"):
        PCA(1).fit(np.eye(2)).transform([[1.0]])


@pytest.mark.parametrize(
    "call",
    [
        lambda n: recall_at_k(np.eye(3), n),
        lambda n: exact_ceiling(["a dog", "a cat"], n),
        lambda n: search(np.eye(3), np.eye(3), n),
        lambda n: search(np.eye(3), np.eye(3), 1, chunk_size=n),
        lambda n: csls(np.eye(3), n),
        lambda n: power_spectrogram(SOUND, n_fft=n),
        lambda n: power_spectrogram(SOUND, hop_length=n),
        lambda n: mel_filter_bank(8000, n),
        lambda n: mel_filter_bank(8000, n_mels=n),
        lambda n: mfcc(SOUND, 8000, n),
        lambda n: mfcc_summary(SOUND, 8000, n_segments=n),
        lambda n: oriented_gradients(np.ones((1, 8, 8)), n),
        lambda n: oriented_gradients(np.ones((1, 8, 8)), grid=n),
    ],
)
@pytest.mark.parametrize("number", [1.5, 2.0, "2", None])
def test_a_count_is_a_whole_number(call, number):
    with pytest.raises(TypeError, match=rf"={number!r} must be a whole number: write 3, not 3\.0 or '3'"):
        call(number)


def test_whole_numbers_of_numpy_are_whole():
    check_whole(k=3, n=np.int64(3), m=np.uint8(0))


@pytest.mark.parametrize("rate", [0, -1, np.nan, None, "8000"])
@pytest.mark.parametrize("function", [dominant_frequency, waveform_statistics, mfcc, mel_filter_bank])
def test_a_sampling_rate_is_a_number_above_zero(function, rate):
    sound = [] if function is mel_filter_bank else [SOUND]
    with pytest.raises(ValueError, match=rf"positive sampling_rate in Hz, got {rate!r}; it stands in the file, e\.g\."):
        function(*sound, rate)


def test_a_window_has_two_samples_or_more():
    with pytest.raises(ValueError, match="n_fft of 2 or more and n_mels of 1 or more, got n_fft=0 and n_mels=40"):
        mel_filter_bank(8000, 0)


def test_a_name_is_no_similarity():
    with pytest.raises(
        TypeError, match="similarity='cosine' must be a function of two matrices; pass cosine_similarity"
    ):
        search(np.eye(2), np.eye(2), 1, similarity="cosine")


def test_labels_are_told_how_to_become_relevant():
    with pytest.raises(
        ValueError, match=r"got int64 of \(3,\); from labels make it by y_queries\[:, None\] == y_items"
    ):
        recall_at_k(np.eye(3), 1, np.arange(3))


def test_pixels_that_are_no_numbers_cannot_be_divided():
    with pytest.raises(ValueError, match="from nan to nan; mark such pictures as missing first"):
        oriented_gradients(np.full((1, 8, 8), np.nan))
