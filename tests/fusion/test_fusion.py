import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.exceptions import NotFittedError
from sklearn.utils import get_tags

from mmlearn_edu.fusion import AverageFusion, BaseFusion, ConcatFusion
from mmlearn_edu.fusion.base import read_matrices
from mmlearn_edu.modalities import Modalities
from tests.conformance import TwoHalves, contract

FUSIONS = [AverageFusion(), ConcatFusion(), ConcatFusion(scale_blocks=True)]


@contract(*map(TwoHalves, FUSIONS))
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def two(n_samples=30, widths=(3, 3), seed=0):
    rng = np.random.default_rng(seed)
    return {"image": rng.normal(2, 5, (n_samples, widths[0])), "text": rng.normal(0, 0.1, (n_samples, widths[1]))}


def test_average_by_hand_and_by_numpy():
    X = two()
    np.testing.assert_allclose(AverageFusion().fit_transform(X), (X["image"] + X["text"]) / 2)
    weighted = AverageFusion({"text": 3, "image": 1}).fit(X)
    expected = np.average([X["image"], X["text"]], axis=0, weights=[1, 3])
    np.testing.assert_allclose(weighted.transform(X), expected)
    assert weighted.weights_ == {"image": 0.25, "text": 0.75}


def test_concat_is_hstack():
    X = two(widths=(3, 2))
    fusion = ConcatFusion().fit(X)
    np.testing.assert_array_equal(fusion.transform(X), np.hstack([X["image"], X["text"]]))
    names = fusion.get_feature_names_out()
    assert names.tolist() == ["image0", "image1", "image2", "text0", "text1"]
    assert names.dtype == object  # as scikit-learn's own names


def test_three_modalities_stand_side_by_side_and_a_missing_row_gets_its_own_mean():
    random = np.random.default_rng(0)
    blocks = {name: random.normal(3, 2, size=(20, width)) for name, width in (("image", 3), ("text", 1), ("sound", 4))}
    lost = np.arange(20) < 2
    X = Modalities(blocks, missing={"text": lost})
    fused = ConcatFusion(scale_blocks=True).fit(X).transform(X)
    filled = blocks | {"text": np.where(lost[:, None], blocks["text"][~lost].mean(), blocks["text"])}
    spread = {name: np.sqrt((a[~lost] if name == "text" else a).var(axis=0).sum()) for name, a in blocks.items()}
    np.testing.assert_allclose(fused, np.hstack([filled[name] / spread[name] for name in blocks]))


def test_scaled_blocks_share_the_variance_equally():
    X = two(widths=(3, 7))
    variance = ConcatFusion(scale_blocks=True).fit_transform(X).var(axis=0)
    np.testing.assert_allclose([variance[:3].sum(), variance[3:].sum()], [1, 1])
    constant = ConcatFusion(scale_blocks=True).fit_transform({**X, "text": np.ones((30, 2))})
    np.testing.assert_array_equal(constant[:, 3:], np.ones((30, 2)))


@pytest.mark.parametrize("fusion", FUSIONS, ids=str)
def test_the_order_of_names_does_not_matter(fusion):
    X = two()
    turned = {name: X[name] for name in reversed(X)}
    np.testing.assert_array_equal(fusion.fit(X).transform(turned), fusion.transform(Modalities(X)))


def test_average_is_over_what_a_sample_has():
    missing = {"text": [False, True], "image": [False, False]}
    X = Modalities({"image": [[1.0, 2.0], [3.0, 4.0]], "text": [[5.0, 6.0], [np.nan, np.inf]]}, missing=missing)
    np.testing.assert_allclose(AverageFusion().fit_transform(X), [[3.0, 4.0], [3.0, 4.0]])


def test_concat_fills_a_missing_block_with_the_training_mean():
    text = [[5.0, 7.0], [np.nan, np.nan]]
    train = Modalities({"image": [[1.0], [3.0]], "text": text}, missing={"text": [False, True]})
    np.testing.assert_allclose(ConcatFusion().fit(train).transform(train), [[1, 5, 7], [3, 5, 7]])
    test = Modalities({"image": [[0.0]], "text": [[99.0, 99.0]]}, missing={"text": [True]})
    np.testing.assert_allclose(ConcatFusion().fit(train).transform(test), [[0, 5, 7]])


@pytest.mark.parametrize("lost", [[False, False], [False, True]], ids=["all there", "one missing"])
def test_whole_numbers_become_floats_and_single_precision_stays(lost):
    for given, returned in ((np.int64, np.float64), (np.float32, np.float32), (np.float64, np.float64)):
        image = np.array([[1, 2], [3, 4]], dtype=given)
        X = Modalities({"image": image, "text": image}, missing={"image": lost})
        for fusion in (AverageFusion(), ConcatFusion()):
            assert fusion.fit_transform(X).dtype == returned
        assert {a.dtype for a in read_matrices(X)[0].values()} == {np.dtype(returned)}


def test_sparse_blocks_become_dense():
    out = ConcatFusion().fit_transform({"text": csr_array(np.eye(3)), "image": np.zeros((3, 1))})
    np.testing.assert_array_equal(out, np.hstack([np.eye(3), np.zeros((3, 1))]))


def test_pandas_output_names_the_columns():
    table = ConcatFusion().set_output(transform="pandas").fit_transform(two(widths=(2, 1)))
    assert list(table.columns) == ["image0", "image1", "text0"]


def test_average_says_which_widths_differ():
    with pytest.raises(
        ValueError, match=r"one width, got \{'image': 3, 'text': 2\}; bring each to the same n_components"
    ):
        AverageFusion().fit(two(widths=(3, 2)))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"image": 1}, r"weights for \['image'\], but the modalities are \['image', 'text'\]"),
        ({"image": 1, "text": -1}, "weights must be 0 or more, with a positive sum"),
        ({"image": 0, "text": 0}, "weights must be 0 or more, with a positive sum"),
        ({"image": 1, "text": np.nan}, "weights must be 0 or more, with a positive sum"),
        ({"image": 1, "text": "much"}, "weights must be 0 or more, with a positive sum"),
        ({"image": 1, "text": np.inf}, "weights must be 0 or more, with a positive sum"),
    ],
)
def test_average_says_what_is_wrong_with_weights(weights, message):
    with pytest.raises(ValueError, match=message):
        AverageFusion(weights).fit(two())


def test_average_names_the_sample_that_has_nothing():
    X = Modalities(two(), missing={"image": np.arange(30) == 7, "text": np.arange(30) == 7})
    with pytest.raises(ValueError, match=r"sample 7 has no modality with a weight above 0"):
        AverageFusion().fit_transform(X)


@pytest.mark.parametrize("fusion", FUSIONS, ids=str)
def test_says_what_it_was_fitted_on(fusion):
    fusion.fit(two())
    with pytest.raises(ValueError, match=r"was fitted on n_features \{'image': 3, 'text': 3\}, got \{'image': 3\}"):
        fusion.transform({"image": np.ones((2, 3))})
    with pytest.raises(ValueError, match=r"got \{'image': 4, 'text': 3\}"):
        fusion.transform(two(widths=(4, 3)))


@pytest.mark.parametrize("fusion", FUSIONS, ids=str)
def test_says_which_modality_cannot_be_fused(fusion):
    with pytest.raises(ValueError, match=r"got image of shape \(2, 8, 8\); make features of it first"):
        fusion.fit({"image": np.ones((2, 8, 8))})
    with pytest.raises(ValueError, match=r"Input text contains NaN"):
        fusion.fit({"image": np.ones((2, 1)), "text": [[0.0], [np.nan]]})
    with pytest.raises(ValueError, match=r"Input text contains NaN"):
        fusion.fit(Modalities({"image": np.ones((2, 1)), "text": [[0.0], [np.nan]]}, missing={"text": [True, False]}))
    with pytest.raises(ValueError, match=r"no sample has text; leave it out of X"):
        fusion.fit(Modalities({"image": np.ones((2, 1)), "text": np.ones((2, 1))}, missing={"text": [True, True]}))
    with pytest.raises(TypeError, match="Modalities needs names"):
        fusion.fit([np.ones((2, 1)), np.ones((2, 1))])


@pytest.mark.parametrize("fusion", FUSIONS, ids=str)
def test_tells_scikit_learn_that_the_input_is_no_matrix(fusion):
    tags = get_tags(fusion)
    assert tags.input_tags.two_d_array is False
    assert tags.no_validation is True


def test_not_fitted_and_unfinished_fusions_say_so():
    with pytest.raises(NotFittedError):
        ConcatFusion().transform(two())
    with pytest.raises(NotImplementedError, match=r"BaseFusion needs a method _fuse\(matrices, present\)"):
        BaseFusion().fit(two())
