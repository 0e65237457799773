"""What counts as the library's work, however it is wrapped."""

import functools
from types import ModuleType

import numpy as np
import pytest
import sklearn.decomposition
from sklearn import decomposition as dec
from sklearn.decomposition import PCA as Renamed  # noqa: N811

from mmlearn_edu.checks.resolve import library_use
from mmlearn_edu.exercises import ch08_pca

FORBIDS = ["sklearn.decomposition", "numpy.cov"]
made = Renamed(2)


def helper(X):
    return Renamed(2).fit(X)


def through_helper(X):
    return helper(X)


def imports_inside(X):
    from sklearn.decomposition import TruncatedSVD

    return TruncatedSVD(2).fit_transform(X)


def attribute(X):
    return sklearn.decomposition.PCA(2).fit_transform(X)


def nested(X):
    return [dec.PCA(k).fit(X) for k in (1, 2)]


def closure():
    hidden = Renamed
    return lambda X: hidden(2).fit(X)


class Mine:
    def __call__(self, X):
        return Renamed(2).fit(X)

    def method(self, X):
        return dec.PCA(2).fit(X)


def by_default(X, tool=Renamed):
    return tool(2).fit(X)


def by_keyword(X, *, tools={"pca": Renamed}):  # noqa: B006
    return tools["pca"](2).fit(X)


def by_attribute(X):
    return vars(by_attribute)["tool"](2).fit(X)


by_attribute.tool = Renamed
tools = [np.mean, Renamed]


def by_list(X):
    return tools[1](2).fit(X)


class Heir(Renamed):
    pass


class Holder:
    tool = Heir

    def __call__(self, X):
        return self.tool(2).fit(X)


@pytest.mark.parametrize(
    "answer",
    [
        by_default,
        by_keyword,
        by_attribute,
        by_list,
        Heir,
        Holder(),
        functools.partial(np.apply_along_axis, Renamed),
        Renamed,
        made.fit_transform,
        functools.partial(helper),
        helper,
        through_helper,
        imports_inside,
        attribute,
        nested,
        closure(),
        Mine,
        Mine().method,
        lambda X: made.transform(X),
        lambda X: np.cov(X),
        np.cov,
    ],
)
def test_the_library_is_found(answer):
    assert library_use(answer, FORBIDS)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("mmlearn_edu.evaluation.adjusted_rand_index(X)", "mmlearn_edu.evaluation"),
        ("mmlearn_edu.features.audio.mel(X)", "mmlearn_edu.features.audio"),
        ("scipy.cluster.vq.kmeans2(X)", "scipy.cluster"),
    ],
)
def test_a_part_of_a_package_that_nobody_has_loaded_yet_is_found(code, name, monkeypatch):
    package = ModuleType(code.partition(".")[0])  # as it is before its __getattr__ loads a part
    scope = {package.__name__: package}
    exec(f"def answer(X):\n    return {code}", scope)
    assert library_use(scope["answer"], [name]) == name
    assert library_use(scope["answer"], ["sklearn"]) is None


def test_a_text_is_no_package():
    scope = {"sklearn": "sklearn"}
    exec("def answer(X):\n    return sklearn.upper", scope)
    assert library_use(scope["answer"], ["sklearn.upper"]) is None


def own(X):
    values, vectors = np.linalg.eigh(X.T @ X)
    return vectors[:, np.argsort(values)]


@pytest.mark.parametrize("answer", [own, lambda X: own(X), functools.partial(own), len, np.mean, 3])
def test_own_work_is_not(answer):
    assert library_use(answer, FORBIDS) is None


def test_the_workbooks_own_answers_count_as_the_librarys():
    found = next(f for f in vars(ch08_pca).values() if hasattr(f, "__exercise__"))
    assert library_use(found, []).startswith("mmlearn_edu.exercises.ch08_pca")


def test_another_exercises_reference_is_a_tool():
    first, second, *_ = (f for f in vars(ch08_pca).values() if hasattr(f, "__exercise__"))
    ids = [f.__exercise__.id for f in (first, second)]
    assert library_use(lambda X: first(X), [], ids[1]) is None
    assert library_use(lambda X: first(X), [], ids[0])
    assert library_use(first, [], ids[1])  # handed in as it is, it is nobody's own answer


def test_a_loop_of_helpers_ends():
    scope = {}
    exec("def a(X): return b(X)\ndef b(X): return a(X)", scope)
    assert library_use(scope["a"], FORBIDS) is None


def test_a_module_whose_import_was_forbidden_is_not_used(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "numpy.nothing", None)
    assert library_use(lambda X: X, ["numpy.nothing.at_all"]) is None
