import numpy as np
import pytest
import torch
from torch import nn

from mmlearn_edu.networks import seeded, train


def mean_squared_error(model, X, Y):
    return nn.functional.mse_loss(model(X), Y)


def network(n_inputs=3, n_outputs=2):
    with seeded(0):
        return nn.Sequential(nn.Linear(n_inputs, 16), nn.ReLU(), nn.Linear(16, n_outputs))


def task(n_samples=200, n_features=3):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n_samples, n_features)).astype(np.float32)
    return X, np.abs(X[:, :2]) + 0.1 * rng.normal(size=(n_samples, 2)).astype(np.float32)


def fit(model, X, Y, loss=mean_squared_error, **settings):
    return train(model, loss, X, Y, **{"device": "cpu", **settings})


def same(ours, theirs):
    return all(torch.equal(a, b) for a, b in zip(ours.parameters(), theirs.parameters(), strict=True))


@pytest.mark.parametrize("n_samples", [64, 50, 1], ids=["whole batches", "a rest", "one row"])
def test_agrees_with_a_loop_by_hand(n_samples):
    X, Y = task(n_samples)
    ours, theirs = network(), network()
    history = fit(ours, X, Y, epochs=3, batch_size=16, validation_share=0, seed=7)
    X, Y, expected = torch.from_numpy(X), torch.from_numpy(Y), []
    optimizer = torch.optim.Adam(theirs.parameters(), lr=0.001)
    torch.default_generator.manual_seed(7)
    rows = torch.randperm(n_samples)
    for _ in range(3):
        total = 0
        for batch in rows[torch.randperm(n_samples)].split(16):
            optimizer.zero_grad()
            loss = ((theirs(X[batch]) - Y[batch]) ** 2).mean()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        expected.append(total / n_samples)
    assert same(ours, theirs)
    np.testing.assert_allclose(history.train, expected, rtol=1e-5)
    assert history.validation == []
    assert history.best_epoch == 3


def test_one_seed_one_result_and_nothing_else_is_disturbed():
    X, Y = task()
    state = torch.get_rng_state()
    first, second, other = network(), network(), network()
    histories = [fit(model, X, Y, epochs=3, seed=seed) for model, seed in [(first, 1), (second, 1), (other, 2)]]
    assert same(first, second)
    assert histories[0] == histories[1]
    assert not same(first, other)
    assert torch.equal(torch.get_rng_state(), state)


def test_random_numbers_of_the_model_are_seeded_too():
    X, Y = task()
    models = [nn.Sequential(nn.Dropout(0.5), network()) for _ in range(2)]
    torch.rand(1)
    assert fit(models[0], X, Y, epochs=2) == fit(models[1], X, Y, epochs=2)


def test_restores_the_best_weights_and_stops_early():
    """With random targets, the more is learnt by heart the worse the rest is guessed."""
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(2, 60, 8)).astype(np.float32)
    seen = []

    def loss(model, X, Y):
        if not model.training:
            seen.append((X, Y))
        return nn.functional.mse_loss(model(X), Y)

    model = network(8, 8)
    history = fit(model, X, Y, loss, epochs=500, patience=7, learning_rate=0.03, validation_share=0.3)
    assert len(history.train) == len(history.validation) == history.best_epoch + 7 < 500
    assert history.best_epoch == 1 + int(np.argmin(history.validation))
    held_out = seen[-1]
    assert len(held_out[0]) == 18
    assert not model.training
    with torch.no_grad():
        error = nn.functional.mse_loss(model(held_out[0]), held_out[1]).item()
    assert error == pytest.approx(min(history.validation), rel=1e-5)


def test_what_is_held_out_is_never_learnt_from():
    learnt, held_out = [], []

    def loss(model, X, Y):
        (learnt if model.training else held_out).extend(X[:, 0].int().tolist())
        return nn.functional.mse_loss(model(X), Y)

    X, Y = np.arange(101, dtype=np.float32)[:, None], np.zeros((101, 2), dtype=np.float32)
    fit(network(1), X, Y, loss, epochs=2, validation_share=0.2)
    assert sorted(learnt[:80] + held_out[:21]) == list(range(101))
    assert sorted(learnt[:80]) == sorted(learnt[80:])
    assert learnt[:80] != learnt[80:]  # another order in every epoch
    assert held_out[:21] == held_out[21:]


def test_one_row_stays_to_learn_from():
    X, Y = task(2)
    assert len(fit(network(), X, Y, epochs=1, validation_share=0.99).validation) == 1


def interrupting(after):
    """Press stop at this call."""
    calls = []

    def loss(model, X, Y):
        calls.append(1)
        if len(calls) > after:
            raise KeyboardInterrupt
        return nn.functional.mse_loss(model(X), Y)

    return loss


@pytest.mark.parametrize("calls", [3 * 4, 3 * 4 + 2, 3 * 4 + 3], ids=["between", "learning", "validating"])
def test_interrupted_it_returns_the_best_so_far(calls):
    X, Y = task(40)
    settings = {"batch_size": 12, "validation_share": 0.1}  # 3 batches to learn from and 1 held out
    stopped, whole = network(), network()
    with pytest.warns(UserWarning, match="interrupted after 3 of 9 epochs; kept the weights of epoch 3, the best so"):
        history = fit(stopped, X, Y, interrupting(calls), epochs=9, **settings)
    assert history.interrupted
    assert not stopped.training
    rest = fit(whole, X, Y, epochs=3, **settings)
    assert (history.train, history.validation) == (rest.train, rest.validation)
    assert same(stopped, whole)
    assert not rest.interrupted


def test_interrupted_before_anything_was_learnt():
    with pytest.raises(KeyboardInterrupt):
        fit(network(), *task(), interrupting(2))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9 GiB"), MemoryError),
        (RuntimeError("[enforce fail at alloc_cpu.cpp:130] DefaultCPUAllocator: can't allocate memory"), MemoryError),
        (RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"), MemoryError),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), RuntimeError),
    ],
)
def test_out_of_memory_names_the_batch_size(error, expected):
    def loss(model, X, Y):
        raise error

    with pytest.raises(expected, match=r"batch_size=50 is too large .* cpu; try batch_size=25|mat1") as caught:
        fit(network(), *task(), loss, batch_size=50)
    assert error in (caught.value, caught.value.__cause__)
    if expected is MemoryError:
        with pytest.raises(MemoryError, match="try a smaller network"):
            fit(network(), *task(), loss, batch_size=1)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_says_when_the_loss_is_no_number(value):
    words = r"the loss became (inf|nan) in epoch 1: the steps were too long; try learning_rate=0\.05, or scale"
    with pytest.raises(FloatingPointError, match=words):
        fit(network(), *task(), lambda model, X, Y: nn.functional.mse_loss(model(X), Y) * value, learning_rate=0.5)


def test_steps_that_are_too_long():
    X, Y = task()
    with pytest.raises(FloatingPointError, match=r"the loss became (inf|nan) in epoch"):
        fit(network(), X * 1e25, Y)


def test_the_line_on_stderr(capsys):
    fit(network(), *task(), epochs=2)
    assert capsys.readouterr() == ("", "")
    history = fit(network(), *task(), epochs=2, verbose=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\r") == 2
    assert err.endswith(" \n")
    assert f"epoch 2 of 2: training loss {history.train[1]:.4g}, validation {history.validation[1]:.4g}, best" in err


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"epochs": 0}, "epochs=0, expected a whole number, 1 or more"),
        ({"batch_size": 1.5}, r"batch_size=1\.5, expected a whole number"),
        ({"patience": 0}, "patience=0, expected a whole number"),
        ({"learning_rate": 0}, "learning_rate=0, expected a number above 0"),
        ({"learning_rate": "fast"}, "learning_rate='fast', expected a number above 0"),
        ({"learning_rate": np.inf}, "learning_rate=inf, expected a number above 0"),
        ({"validation_share": 1}, r"validation_share=1 not in \[0, 1\)"),
        ({"validation_share": np.nan}, r"validation_share=nan not in \[0, 1\)"),
    ],
)
def test_says_which_setting_is_wrong(settings, words):
    with pytest.raises(ValueError, match=words):
        fit(network(), *task(), **settings)


@pytest.mark.parametrize("arrays", [[], [np.ones((0, 3))], [np.ones((3, 3)), np.ones((2, 2))], [1.0]])
def test_says_which_arrays_cannot_be_trained_on(arrays):
    with pytest.raises(ValueError, match=r"the arrays have \[.*\] rows; expected one array or more, with equally many"):
        train(network(), mean_squared_error, *arrays, device="cpu")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_the_gpu_learns_the_same():
    X, Y = task()
    here, there = network(), network()
    ours, theirs = fit(here, X, Y, epochs=20), fit(there, X, Y, epochs=20, device="cuda")
    np.testing.assert_allclose(theirs.validation, ours.validation, rtol=1e-3)
    state = torch.cuda.get_rng_state()
    again = network()
    assert fit(again, X, Y, epochs=20, device="cuda") == theirs
    assert same(again, there)
    assert torch.equal(torch.cuda.get_rng_state(), state)
