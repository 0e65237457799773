import numpy as np
import pytest
from scipy.special import softmax
from sklearn.datasets import make_classification
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from mmlearn_edu.fusion import mean_of_probabilities, product_of_experts
from mmlearn_edu.modalities import Modalities

RULES = [mean_of_probabilities, product_of_experts]
COLUMNS = {"image": slice(0, 4), "audio": slice(4, 6), "text": slice(6, 9)}


def classes(n_samples=200, weights=(0.6, 0.3, 0.1)):
    return make_classification(
        n_samples, n_features=9, n_informative=6, n_classes=3, weights=list(weights), random_state=0
    )


def experts(model, X, y):
    return {name: model.fit(X[:, c], y).predict_proba(X[:, c]) for name, c in COLUMNS.items()}


def random_experts(n_samples=20, n_classes=4, dtype=np.float64):
    rng = np.random.default_rng(0)
    return {name: softmax(rng.normal(0, 3, (n_samples, n_classes)), axis=1).astype(dtype) for name in COLUMNS}


def test_mean_is_soft_voting():
    X, y = classes()
    voters = [
        (name, make_pipeline(FunctionTransformer(lambda X, c=c: X[:, c]), LogisticRegression()))
        for name, c in COLUMNS.items()
    ]
    theirs = VotingClassifier(voters, voting="soft").fit(X, y).predict_proba(X)
    np.testing.assert_allclose(mean_of_probabilities(experts(LogisticRegression(), X, y)), theirs, atol=1e-12)


def test_product_with_the_prior_taken_out_is_naive_bayes_over_all_features():
    X, y = classes()
    joint = GaussianNB(var_smoothing=0).fit(X, y)
    P = experts(GaussianNB(var_smoothing=0), X, y)
    np.testing.assert_allclose(product_of_experts(P, joint.class_prior_), joint.predict_proba(X), atol=1e-12)
    assert np.abs(product_of_experts(P) - joint.predict_proba(X)).max() > 0.05  # the prior counted three times


def test_product_is_the_plain_product_where_that_does_not_underflow():
    P = random_experts()
    plain = np.prod(list(P.values()), axis=0)
    np.testing.assert_allclose(product_of_experts(P), plain / plain.sum(axis=1, keepdims=True))


def test_product_survives_where_the_plain_product_underflows():
    p = np.array([[1e-200, 3e-200, 1.0], [1.0, 1e-200, 1e-200]])
    P = {"image": p[[0]], "audio": p[[1]], "text": [[1e-200, 1.0, 1e-200]]}
    plain = np.prod(list(P.values()), axis=0)
    assert not plain.any()
    # 1e-400 : 3e-400 : 1e-400
    np.testing.assert_allclose(product_of_experts(P), [[0.2, 0.6, 0.2]])


def test_product_wins_when_the_modalities_err_independently():
    rng = np.random.default_rng(0)
    y = rng.integers(2, size=2000)
    signs = 2 * y - 1
    P = {}
    for name in COLUMNS:
        log_odds = 2 * (signs + rng.normal(size=2000))  # the true log odds of a unit Gaussian at -1 or 1
        P[name] = np.column_stack([1 / (1 + np.exp(log_odds)), 1 / (1 + np.exp(-log_odds))])
    product, mean = product_of_experts(P), mean_of_probabilities(P)
    assert log_loss(y, product) < log_loss(y, mean) < min(log_loss(y, p) for p in P.values())


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("dtype", "atol"), [(np.float64, 1e-12), (np.float32, 1e-6)])
def test_gives_probabilities_in_the_same_precision_whatever_the_order(rule, dtype, atol):
    P = random_experts(dtype=dtype)
    fused = rule(P)
    assert fused.dtype == dtype
    assert (fused >= 0).all()
    np.testing.assert_allclose(fused.sum(axis=1), 1, atol=atol)
    np.testing.assert_allclose(rule({name: P[name] for name in reversed(P)}), fused, atol=atol)


@pytest.mark.parametrize("rule", RULES)
def test_one_expert_is_its_own_fusion_and_a_missing_one_is_not_heard(rule):
    P = random_experts()
    np.testing.assert_allclose(rule({"image": P["image"]}), P["image"])
    lost = np.arange(20) % 2 == 0
    holes = {"image": P["image"], "audio": np.where(lost[:, None], np.nan, P["audio"])}
    fused = rule(Modalities(holes, missing={"audio": lost}))
    np.testing.assert_allclose(fused[lost], P["image"][lost])
    np.testing.assert_allclose(fused[~lost], rule({"image": P["image"], "audio": P["audio"]})[~lost])


def test_a_missing_expert_counts_no_prior_and_with_none_the_prior_is_left():
    prior = [0.5, 0.25, 0.25]
    P = Modalities(
        {"image": [[0.2, 0.2, 0.6]] * 2, "audio": np.zeros((2, 3))},
        missing={"image": [False, True], "audio": [True, True]},
    )
    np.testing.assert_allclose(product_of_experts(P, prior), [[0.2, 0.2, 0.6], prior])
    with pytest.raises(ValueError, match="sample 1 has no modality"):
        mean_of_probabilities(P)


def test_a_firm_no_rules_in_the_product_and_not_in_the_mean():
    P = {"image": [[0.0, 1.0]], "audio": [[0.9, 0.1]]}
    np.testing.assert_allclose(product_of_experts(P), [[0.0, 1.0]])
    np.testing.assert_allclose(mean_of_probabilities(P), [[0.45, 0.55]])
    with pytest.raises(ValueError, match=r"experts of sample 0 rule out every class.*mix in a little of the prior"):
        product_of_experts({**P, "text": [[1.0, 0.0]]})
    with pytest.raises(ValueError, match="experts of sample 1 rule out every class"):
        product_of_experts({"image": [[0.5, 0.5], [0.0, 1.0]], "audio": [[0.5, 0.5], [1.0, 0.0]]})


def test_logarithms_are_taken_in_double_precision():
    single = random_experts(dtype=np.float32)
    double = {name: p.astype(np.float64) for name, p in single.items()}
    np.testing.assert_array_equal(product_of_experts(single), product_of_experts(double).astype(np.float32))
    prior = np.array([0.125, 0.25, 0.125, 0.5])
    np.testing.assert_array_equal(
        product_of_experts(double, prior.astype(np.float32)), product_of_experts(double, prior)
    )


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    ("image", "message"),
    [
        ([[0.5, 0.5], [2.0, -1.0]], r"sample 1 of image is \[2\.0, -1\.0\], not probabilities .*predict_proba"),
        ([[0.5, 0.5], [0.5, 0.4]], r"sample 1 of image is \[0\.5, 0\.4\]"),
        ([[0.5, 0.5], [np.nan, 0.4]], "Input image contains NaN"),
        ([[0.5, 0.25, 0.25]] * 2, r"same classes, got n_classes \{'image': 3, 'text': 2\}"),
        ([0.5, 0.5], r"image has shape \(2,\), expected probabilities .*; pass what predict_proba returns, not pred"),
    ],
)
def test_says_what_is_no_probability(rule, image, message):
    with pytest.raises(ValueError, match=message):
        rule({"image": image, "text": [[0.5, 0.5]] * 2})


@pytest.mark.parametrize("prior", [[0.5, 0.25, 0.25], [1.0, 0.0], [0.5, 0.6], [np.nan, 0.5], [1.5, -0.5]])
def test_says_what_is_no_prior(prior):
    with pytest.raises(ValueError, match=r"prior must hold n_classes=2 shares above 0 with sum 1, got .*np\.bincount"):
        product_of_experts({"image": [[0.5, 0.5]]}, prior)
