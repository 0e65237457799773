"""Answers that are torch modules: judged by trials, in the guarded copy and in place alike."""

import numpy as np
import pytest
import torch
from torch import nn

from mmlearn_edu.checks.adapters import adapted
from mmlearn_edu.checks.answerer import InPlace
from mmlearn_edu.checks.authoring import builds, computes, exercise, learns, mistake, module, steady
from mmlearn_edu.checks.exercise import Case
from mmlearn_edu.checks.gate import gate
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.checks.source import is_stub, solution_source, stub_source


def _trials(rng, dtype):
    codes = rng.normal(size=(160, 2))
    X = (np.column_stack([codes, codes**2]) @ rng.normal(size=(4, 6))).astype(dtype)  # two numbers make six, bent
    train, test = X[:120], X[120:]
    options = {"held_out": (test, test), "steps": 150, "seeds": 2}
    return [
        builds(6, 2, inputs=train[:5]),
        computes(6, 2, inputs=train[:5]),
        steady(6, 2, inputs=train[:5]),
        learns(6, 2, inputs=train, targets=train, **options),
    ]


class NoBias(nn.Module):
    def __init__(self, n_features, width):
        super().__init__()
        self.squeeze = nn.Linear(n_features, width, bias=False)
        self.rebuild = nn.Linear(width, n_features)

    def forward(self, X):
        return self.rebuild(torch.tanh(self.squeeze(X)))


class Detached(nn.Module):
    def __init__(self, n_features, width):
        super().__init__()
        self.squeeze = nn.Linear(n_features, width)
        self.rebuild = nn.Linear(width, n_features)

    def forward(self, X):
        return self.rebuild(torch.tanh(self.squeeze(X)).detach())


class AlwaysDropout(nn.Module):
    def __init__(self, n_features, width):
        super().__init__()
        self.squeeze = nn.Linear(n_features, width)
        self.rebuild = nn.Linear(width, n_features)

    def forward(self, X):
        return self.rebuild(nn.functional.dropout(torch.tanh(self.squeeze(X)), 0.5))


class OtherNames(nn.Module):
    def __init__(self, n_features, width):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(n_features, width), nn.Tanh(), nn.Linear(width, n_features))

    def forward(self, X):
        return self.layers(X)


@exercise(
    "pca.tiny_autoencoder",
    kind="module",
    points=4,
    cases=_trials,
    compare=module(slack=2.0),
    mistakes=[
        mistake("no-bias", NoBias, "The first layer lacks its bias."),
        mistake("detached", Detached, "`detach()` cuts the gradient off."),
        mistake("always-dropout", AlwaysDropout, "Dropout goes on in eval mode."),
    ],
    alternatives=[OtherNames],
    hints=["Which layer is narrow?", "Squeeze, bend, rebuild.", "self.squeeze = ..."],
    time_limit=60,
    seeds=2,
)
class TinyAutoencoder(nn.Module):
    """Squeeze to `width` numbers, bend with tanh, and rebuild."""

    def __init__(self, n_features, width):
        super().__init__()
        ### BEGIN SOLUTION
        #: self.squeeze = ...
        #: self.rebuild = ...
        self.squeeze = nn.Linear(n_features, width)
        self.rebuild = nn.Linear(width, n_features)
        ### END SOLUTION

    def forward(self, X):
        """Rebuild X, (n_samples, n_features)."""
        ### BEGIN SOLUTION
        return self.rebuild(torch.tanh(self.squeeze(X)))
        ### END SOLUTION


TOY = TinyAutoencoder.__exercise__


def verdict(answer):
    return judge(TOY, InPlace(adapted(TOY, answer)), seed=0)


@pytest.mark.slow
def test_the_toy_passes_the_gate():
    report = gate(TOY)
    assert report.passed, str(report)


def test_right_answers_pass_in_the_guarded_copy_and_in_place():
    for answer in (TinyAutoencoder, OtherNames, lambda n, k: TinyAutoencoder(n, k)):
        assert verdict(answer).passed, str(verdict(answer))
    guarded = verdict_of(TOY, OtherNames, seed=0)
    assert guarded.passed, str(guarded)


@pytest.mark.parametrize("mistake", TOY.mistakes, ids=lambda mistake: mistake.id)
def test_named_mistakes(mistake):
    assert verdict(mistake.function).diagnosis[:1] == [mistake.id]


def _problems(answer):
    return [item.problem for item in verdict(answer).items]


class TwoModes(TinyAutoencoder):
    def forward(self, X):
        return super().forward(X) + (X - X.mean(dim=0) if len(X) > 1 else 0)


class Frozen(TinyAutoencoder):
    def __init__(self, n_features, width):
        super().__init__(n_features, width)
        self.requires_grad_(False)


class Unused(TinyAutoencoder):
    def __init__(self, n_features, width):
        super().__init__(n_features, width)
        self.spare = nn.Linear(3, 3)


class Forgetful(TinyAutoencoder):
    def forward(self, X):
        super().forward(X)


def test_every_trial_has_its_words():
    assert _problems(AlwaysDropout)[2] == "module-twice"
    assert _problems(TwoModes)[2] == "module-alone"
    assert _problems(Detached)[3] == "module-unreached"
    assert "squeeze.weight, squeeze.bias" in verdict(Detached).items[3].message
    assert _problems(Unused)[0] == "module-parameters"
    assert _problems(Unused)[3] == "module-unreached"
    assert _problems(Frozen)[3] == "module-no-loss"
    assert _problems(Forgetful) == ["raised"] * 4
    assert "forward gave a NoneType; return one tensor" in verdict(Forgetful).items[0].message
    assert _problems(lambda n, k: nn.Linear(n, k))[0] == "module-shape"
    assert _problems(lambda n, k: nn.Linear(n, n))[1] == "module-weights"
    assert _problems(lambda n, k: np.zeros((n, k))) == ["module-type"] * 4


class NoSuper(nn.Module):
    def __init__(self, n_features, width):
        self.squeeze = nn.Linear(n_features, width)


def test_forgetting_super_is_told_with_the_line():
    found = verdict_of(TOY, NoSuper, seed=0).items[0]
    assert "cannot assign module before Module.__init__() call" in found.message
    assert "self.squeeze = nn.Linear(n_features, width)" in found.message


def test_an_autoencoder_is_held_against_pca():
    X = np.random.default_rng(0).normal(size=(80, 6))
    trial = learns(6, 2, inputs=X[:60], targets=X[:60], held_out=(X[60:], X[60:]), steps=3, seeds=1)
    report = adapted(TOY, TinyAutoencoder)(**trial.kwargs)
    problem = module(beats_pca=2).for_case(trial)(report, report)
    assert problem.id == "module-pca"
    assert "a PCA with 2 numbers" in problem.message
    assert module().for_case(trial)(report, report) is None


def test_a_classifier_is_measured_by_its_surprise():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(90, 4))
    y = (X[:, 0] > 0).astype(int)
    trial = learns(4, 2, inputs=X[:60], targets=y[:60], held_out=(X[60:], y[60:]), loss="cross_entropy", seeds=1)
    report = adapted(TOY, nn.Linear)(**trial.kwargs)
    assert module().for_case(trial)(report, report) is None
    blind = {**report, "after": [np.zeros((30, 2))], "before": [np.full((30, 2), 9.0) * [1, -1]]}
    assert module().for_case(trial)(report, blind).id == "module-loss"


def test_the_held_out_truth_never_leaves_the_judge():
    trial = learns(6, 2, inputs=[[0.0]], targets=[[0.0]], held_out=([[1.0]], [[42.0]]))
    assert trial.truth.tolist() == [[42.0]]
    assert "42" not in str(trial.kwargs)
    assert Case().truth is None


def test_torchs_own_random_numbers_are_left_alone():
    torch.manual_seed(3)
    before = torch.random.get_rng_state()
    verdict(TinyAutoencoder)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_the_stub_of_a_class():
    scope = {}
    exec(compile(stub_source(TOY), "<stub>", "exec"), {"nn": nn, "torch": torch}, scope)
    stub = scope["TinyAutoencoder"]
    assert is_stub(TOY, stub)
    assert verdict_of(TOY, stub).status == "not attempted"
    assert not is_stub(TOY, TinyAutoencoder)
    assert "###" not in solution_source(TOY)


def _report(answer, trial):
    return adapted(TOY, answer)(**trial.kwargs)


X4 = np.ones((4, 6))
STEADY = steady(6, 2, inputs=X4)


class Scalar(TinyAutoencoder):
    def forward(self, X):
        return super().forward(X).mean()


class Flat(TinyAutoencoder):
    def forward(self, X):
        return super().forward(X).ravel()


class NotANumber(TinyAutoencoder):
    def forward(self, X):
        return super().forward(X) * float("nan")


class SelfWilled(TinyAutoencoder):
    def forward(self, X):
        with torch.enable_grad():
            return super().forward(X)


class TwoInTraining(TinyAutoencoder):
    def forward(self, X):
        out = super().forward(X)
        return (out, out) if self.training else out


class Dropping(TinyAutoencoder):
    def forward(self, X):
        return nn.functional.dropout(super().forward(X), 0.5, self.training)


def test_dropout_where_none_was_asked_for_is_named_and_the_other_way_round():
    calm, random = _report(TinyAutoencoder, STEADY), _report(Dropping, STEADY)
    assert module()(calm, random).id == "module-never-random"
    assert module()(random, calm).id == "module-random"
    assert module()(calm, calm) is None


def test_strange_outputs_do_not_break_a_trial():
    want = _report(TinyAutoencoder, STEADY)
    for answer in (Scalar, Flat):
        assert module()(want, _report(answer, STEADY)).id == "module-alone"
    assert module()(want, _report(NotANumber, STEADY)) is None  # steady, if nothing else
    assert _problems(NotANumber)[1] == "module-output"
    assert module()(want, _report(SelfWilled, STEADY)) is None
    assert "forward gave a tuple; return one tensor" in verdict(TwoInTraining).items[3].message


def test_what_is_compared_is_compared_by_the_judge_not_beside_the_module(monkeypatch):
    want = _report(TinyAutoencoder, STEADY)
    with monkeypatch.context() as patched:
        for name in ("array_equal", "allclose"):
            patched.setattr(np, name, lambda *_args, **_more: True)
        report = _report(Dropping, STEADY)
    assert module()(want, report).id == "module-never-random"


class Meddler(TinyAutoencoder):
    def __init__(self, n_features, width):
        super().__init__(n_features, width)
        torch.set_default_dtype(torch.float64)
        torch.set_grad_enabled(False)
        torch.use_deterministic_algorithms(True)
        torch.set_num_threads(torch.get_num_threads() + 1)


def test_torchs_settings_are_left_alone():
    def settings():
        strict = torch.are_deterministic_algorithms_enabled()
        return torch.get_default_dtype(), torch.is_grad_enabled(), strict, torch.get_num_threads()

    before = settings()
    try:
        verdict(Meddler)
        assert settings() == before
    finally:
        torch.set_default_dtype(before[0])
        torch.set_grad_enabled(before[1])
        torch.use_deterministic_algorithms(before[2])
        torch.set_num_threads(before[3])


def test_a_learners_own_settings_of_torch_do_not_change_the_verdict():
    torch.set_default_dtype(torch.float64)
    try:
        with torch.no_grad():
            assert verdict(TinyAutoencoder).passed
        assert torch.get_default_dtype() == torch.float64
    finally:
        torch.set_default_dtype(torch.float32)


class Lazy(nn.Module):
    def __init__(self, n_features, width):
        super().__init__()
        self.squeeze = nn.LazyLinear(width)
        self.rebuild = nn.LazyLinear(n_features)

    def forward(self, X):
        return self.rebuild(torch.tanh(self.squeeze(X)))


class LazyAndWrong(Lazy):
    def __init__(self, n_features, width):
        super().__init__(n_features, width + 1)


def test_lazy_layers_see_a_batch_before_they_are_measured():
    assert verdict(Lazy).passed, str(verdict(Lazy))
    assert _problems(LazyAndWrong)[:2] == ["module-parameters", "module-weights"]
    normed = _report(lambda n, k: nn.Sequential(nn.LazyBatchNorm1d(), nn.Linear(n, k)), builds(6, 2, inputs=X4))
    assert normed["parameters"] == 6 + 6 + 6 * 2 + 2
