import numpy as np
import pytest
from sklearn.datasets import make_classification, make_regression
from sklearn.ensemble import StackingClassifier, StackingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold, ShuffleSplit, cross_val_predict
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from mmlearn_edu.fusion import StackingFusion
from mmlearn_edu.modalities import Modalities
from tests.conformance import TwoHalves, contract

COLUMNS = {"image": slice(0, 4), "audio": slice(4, 6), "text": slice(6, 9)}


@contract(TwoHalves(StackingFusion(Ridge(), Ridge(), cv=2)))
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def split(X):
    return {name: X[:, columns] for name, columns in COLUMNS.items()}


def on_its_columns(model):
    return [(name, make_pipeline(FunctionTransformer(lambda X, c=c: X[:, c]), model)) for name, c in COLUMNS.items()]


def three_classes(n_samples=150):
    return make_classification(n_samples, n_features=9, n_informative=6, n_classes=3, random_state=0)


@pytest.mark.parametrize("names", [None, np.array(["ant", "bee", "cat"])], ids=["numbers", "words"])
def test_agrees_with_stacking_classifier(names):
    X, y = three_classes()
    y = y if names is None else names[y]
    theirs = StackingClassifier(on_its_columns(GaussianNB()), LogisticRegression(), cv=4).fit(X[:100], y[:100])
    ours = StackingFusion(GaussianNB(), LogisticRegression(), cv=4).fit(split(X[:100]), y[:100])
    np.testing.assert_allclose(ours.transform(split(X[100:])), theirs.predict_proba(X[100:]), atol=1e-10)
    assert ours.final_estimator_.classes_.tolist() == theirs.classes_.tolist()


def test_agrees_with_stacking_regressor():
    X, y = make_regression(60, 9, noise=20.0, random_state=0)
    theirs = StackingRegressor(on_its_columns(Ridge()), LinearRegression(), cv=3).fit(X, y)
    ours = StackingFusion(Ridge(), LinearRegression(), cv=3).fit(split(X), y)
    np.testing.assert_allclose(ours.transform(split(X)).ravel(), theirs.predict(X))


def test_a_model_that_learns_by_heart_earns_no_trust():
    rng = np.random.default_rng(0)
    y = rng.integers(2, size=400)
    X = {"noise": rng.normal(size=(400, 2)), "image": y[:, None] + rng.normal(size=(400, 1))}
    fusion = StackingFusion(KNeighborsClassifier(1), LogisticRegression()).fit(X, y)
    assert fusion.estimators_["noise"].score(X["noise"], y) == 1  # seen samples: infallible
    noise, image = np.abs(fusion.final_estimator_.coef_[0, [1, 3]])
    assert noise < 0.2 < image


def test_opinions_are_out_of_fold_by_the_given_splits():
    X, y = three_classes()
    splits = list(GroupKFold(3).split(y, y, groups=np.arange(150) // 10))
    fusion = StackingFusion(GaussianNB(), LogisticRegression(), cv=splits).fit(split(X), y)
    expected = cross_val_predict(GaussianNB(), X[:, COLUMNS["audio"]], y, cv=splits, method="predict_proba")
    np.testing.assert_allclose(fusion.opinions_["audio"], expected)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_gives_probabilities_in_the_same_precision(dtype):
    X, y = three_classes()
    fused = StackingFusion(GaussianNB(), LogisticRegression()).fit_transform(split(X.astype(dtype)), y)
    assert fused.dtype == dtype
    assert fused.shape == (150, 3)
    np.testing.assert_allclose(fused.sum(axis=1), 1, atol=1e-6)


def test_without_a_modality_its_mean_opinion_stands_in():
    X, y = three_classes()
    lost = np.arange(150) < 60  # all of the first fold of three, and a part of the second
    views = split(X)
    views["text"][lost] = np.nan
    splits = [(np.setdiff1d(np.arange(150), fold), fold) for fold in np.array_split(np.arange(150), 3)]
    fusion = StackingFusion(GaussianNB(), LogisticRegression(), cv=splits)
    fused = fusion.fit(Modalities(views, missing={"text": lost}), y).transform(
        Modalities(views, missing={"text": lost})
    )
    first_fit = GaussianNB().fit(X[100:, COLUMNS["text"]], y[100:])  # for samples 60 to 99: the third fold is left
    np.testing.assert_allclose(fusion.opinions_["text"][60:100], first_fit.predict_proba(X[60:100, COLUMNS["text"]]))
    np.testing.assert_allclose(fusion.opinions_["text"][:60], np.tile(fusion.mean_opinions_["text"], (60, 1)))
    np.testing.assert_allclose(fusion.mean_opinions_["text"], fusion.opinions_["text"][60:].mean(axis=0))
    heard = [fusion.estimators_[name].predict_proba(X[:60, COLUMNS[name]]) for name in ("image", "audio")]
    seen = np.hstack([*heard, fusion.opinions_["text"][:60]])
    np.testing.assert_allclose(fused[:60], fusion.final_estimator_.predict_proba(seen))
    assert fusion.estimators_["text"].class_count_.sum() == 90


def test_says_what_is_wrong():
    X, y = three_classes()
    fusion = StackingFusion(GaussianNB(), LogisticRegression())
    with pytest.raises(ValueError, match="StackingFusion requires y to be passed"):
        fusion.fit(split(X))
    with pytest.raises(ValueError, match=r"inconsistent numbers of samples: \[149, 150, 150, 150\]"):
        fusion.fit(split(X), y[:-1])
    with pytest.raises(ValueError, match=r"in the validation rows of [02] splits, expected exactly 1; use KFold"):
        fusion.set_params(cv=ShuffleSplit(2, random_state=0)).fit(split(X), y)
    for splits, row, times in [([range(50), range(50, 149)], 149, 0), ([range(100), range(99, 150)], 99, 2)]:
        with pytest.raises(ValueError, match=rf"sample {row} is in the validation rows of {times} splits"):
            fusion.set_params(cv=[(range(150), rows) for rows in splits]).fit(split(X), y)
    with pytest.raises(ValueError, match=r"n_splits=5 greater than the number of samples: n_samples=1"):
        StackingFusion(Ridge(), Ridge()).fit({"image": [[1.0]]}, [1.0])
