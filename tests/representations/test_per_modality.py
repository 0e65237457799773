import pickle

import numpy as np
import pytest
from sklearn import decomposition
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from mmlearn_edu.clustering import KMeans
from mmlearn_edu.features import TfidfVectorizer
from mmlearn_edu.fusion import AverageFusion, ConcatFusion
from mmlearn_edu.modalities import Modalities
from mmlearn_edu.representations import CCA, PCA, TSNE, PerModality, WordVectors


def scenes(n_samples=40, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(2, size=n_samples)
    image = rng.normal(size=(n_samples, 4, 4, 3)) + y[:, None, None, None]
    sound = rng.normal(size=(n_samples, 8)) + y[:, None]
    return Modalities({"image": image, "text": np.where(y, "a red dot", "one blue ring"), "sound": sound}), y


def features():
    flat = make_pipeline(FunctionTransformer(lambda a: a.reshape(len(a), -1)), PCA(2))
    return PerModality({"image": flat, "text": TfidfVectorizer(), "sound": PCA(2)})


def test_each_transformer_sees_its_own_modality_only():
    X, _ = scenes()
    out = PerModality({"sound": PCA(2)}).fit_transform(X)
    np.testing.assert_allclose(out["sound"], PCA(2).fit_transform(X["sound"]))
    assert out["image"] is X["image"]
    assert out.names == X.names


def test_fit_leaves_the_given_transformer_alone():
    pca = PCA(2)
    PerModality({"sound": pca}).fit(scenes()[0])
    with pytest.raises(NotFittedError):
        pca.transform(np.ones((2, 8)))


def test_whole_pipeline_with_images_texts_and_sound():
    X, y = scenes()
    model = make_pipeline(features(), ConcatFusion(scale_blocks=True), LogisticRegression())
    train, test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=0)
    assert model.fit(train, y_train).score(test, y_test) == 1.0
    assert cross_val_score(model, X, y, cv=3).mean() == 1.0
    assert make_pipeline(features(), ConcatFusion(), KMeans(2, random_state=0)).fit_predict(X).shape == (40,)


def test_grid_search_reaches_into_a_modality_and_swaps_a_transformer():
    X, y = scenes()
    reduce = PerModality({"image": FunctionTransformer(lambda a: a.reshape(len(a), -1)[:, :3]), "sound": PCA(3)})
    pipe = make_pipeline(reduce, AverageFusion(), LogisticRegression())
    X = Modalities({"image": X["image"], "sound": X["sound"]})
    grid = {
        "permodality__sound": [PCA(3), decomposition.PCA(3)],
        "averagefusion__weights": [None, {"image": 1, "sound": 9}],
    }
    search = GridSearchCV(pipe, grid, cv=3).fit(X, y)
    assert search.best_score_ > 0.8
    search = GridSearchCV(pipe, {"permodality__sound__n_components": [3]}, cv=3).fit(X, y)
    assert search.best_params_ == {"permodality__sound__n_components": 3}


def test_clones_and_pickles():
    original = PerModality({"sound": PCA(3)})
    copy = clone(original).set_params(sound__n_components=1)
    assert original.transformers["sound"].n_components == 3
    assert copy.get_params()["sound__n_components"] == 1
    fitted = original.fit(scenes()[0])
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.transform(scenes()[0])["sound"], fitted.transform(scenes()[0])["sound"])


def test_parameters_by_every_name():
    reduce = PerModality({"sound": PCA(3)})
    assert reduce.get_params(deep=False) == {"transformers": reduce.transformers}
    deep = PerModality({"sound": make_pipeline(StandardScaler(), PCA(4))}).set_params(sound__pca__n_components=5)
    assert deep.get_params()["sound__pca__n_components"] == 5
    assert reduce.set_params(sound__n_components=1, sound=PCA(3)) is reduce  # first the transformer, then its own
    assert reduce.transformers["sound"].n_components == 1
    assert (
        reduce.set_params(transformers={"text": PCA(6)}, text__n_components=7).get_params()["text__n_components"] == 7
    )


def test_a_pipeline_in_pandas_passes_modalities_and_names_the_columns_at_the_end():
    X, y = scenes()
    flat = FunctionTransformer(lambda a: a.reshape(len(a), -1))
    reduce = PerModality({"image": flat, "text": WordVectors(2), "sound": PCA(3)})
    pipe = make_pipeline(reduce, CCA(1), ConcatFusion(), StandardScaler()).set_output(transform="pandas")
    table = pipe.fit_transform(X, y)
    assert list(table.columns) == ["image0", "text0", "sound0"]
    assert isinstance(pipe[:1].transform(X), Modalities)
    assert isinstance(pipe[:2].transform(X), Modalities)
    inner = PerModality({"sound": PCA(2).set_output(transform="pandas")}).fit_transform(X)
    np.testing.assert_array_equal(inner["sound"], PCA(2).fit_transform(X["sound"]))


def test_word_vectors_of_the_texts_that_are_there():
    X, y = scenes()
    X = Modalities({"text": X["text"], "sound": X["sound"]}, missing={"text": np.arange(40) < 3})
    out = PerModality({"text": WordVectors(2)}).fit_transform(X)
    assert np.isnan(out["text"][:3]).all()
    np.testing.assert_array_equal(out["text"][3:], WordVectors(2).fit_transform(X["text"][3:]))
    pipe = make_pipeline(PerModality({"text": WordVectors(2)}), ConcatFusion(), LogisticRegression())
    search = GridSearchCV(pipe, {"permodality__text": [WordVectors(1), TfidfVectorizer()]}, cv=3).fit(X, y)
    assert search.best_score_ > 0.8


def test_missing_rows_are_never_looked_at():
    X, y = scenes()
    lost = np.arange(40) % 4 == 1
    broken = X["sound"].copy()
    broken[lost] = np.inf
    here = Modalities({"sound": broken}, missing={"sound": lost})
    out = PerModality({"sound": StandardScaler()}).fit_transform(here, y)
    np.testing.assert_allclose(out["sound"][~lost], StandardScaler().fit_transform(X["sound"][~lost]))
    assert np.isnan(out["sound"][lost]).all()
    np.testing.assert_array_equal(out.missing["sound"], lost)


def test_missing_texts_become_rows_of_nan():
    X = Modalities({"text": ["red dot", "", "blue dot"]}, missing={"text": [False, True, False]})
    out = PerModality({"text": TfidfVectorizer()}).fit_transform(X)
    assert out["text"].shape == (3, 3)
    assert np.isnan(out["text"][1]).all()


def test_a_batch_in_which_nobody_has_the_modality():
    X, _ = scenes()
    fitted = PerModality({"sound": PCA(2)}).fit(X)
    nobody = Modalities(dict(X[:3].items()), missing={"sound": [True] * 3})
    assert fitted.transform(nobody)["sound"].shape == (3, 2)


def test_the_target_follows_the_rows_that_are_present():
    X, y = scenes()
    seen = []

    class Spy(StandardScaler):
        def fit(self, X, y=None):
            seen.append((X.shape, y.tolist()))
            return super().fit(X)

    lost = np.arange(40) < 30
    PerModality({"sound": Spy()}).fit(Modalities(dict(X.items()), missing={"sound": lost}), y)
    assert seen == [((10, 8), y[30:].tolist())]


def test_says_which_modality_has_no_transformer_or_no_rows():
    X, _ = scenes()
    with pytest.raises(
        ValueError, match=r"transformers for \['video'\], but the modalities are \['image', 'text', 'sound'\]"
    ):
        PerModality({"video": PCA()}).fit(X)
    with pytest.raises(ValueError, match=r"no transformer for 'video'; there is sound"):
        PerModality({"sound": PCA()}).set_params(video__n_components=2)
    with pytest.raises(ValueError, match=r"no sample has 'sound'"):
        PerModality({"sound": PCA()}).fit(Modalities({"sound": np.ones((2, 3))}, missing={"sound": [True, True]}))
    for wrong in ("passthrough", PCA, None, KMeans()):
        with pytest.raises(
            TypeError, match=r"transformers\['sound'\] is .*, which cannot fit and transform; .*leave it out"
        ):
            PerModality({"sound": wrong}).fit(X)
    assert PerModality({"sound": "passthrough"}).get_params()["sound"] == "passthrough"
    with pytest.raises(TypeError, match=r'transformers needs names, e\.g\. \{"image": PCA\(\)\}, got list'):
        PerModality([("sound", PCA())]).fit(X)
    with pytest.raises(TypeError, match=r"transformers\['sound'\] is TSNE\(.*\), which cannot fit and transform"):
        PerModality({"sound": TSNE()}).fit(X)
    fitted = PerModality({"sound": PCA()}).fit(X)
    with pytest.raises(ValueError, match=r"fitted on \['sound'\] too, but the modalities are \['image'\]"):
        fitted.transform({"image": X["image"]})
    with pytest.raises(NotFittedError):
        PerModality({"sound": PCA()}).transform(X)
