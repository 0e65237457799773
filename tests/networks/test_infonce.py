import math

import numpy as np
import pytest
import torch
from scipy.special import logsumexp

from mmlearn_edu.networks import infonce, seeded, train


def codes(n_pairs, n_components, dtype=torch.float64):
    with seeded(0):
        return torch.randn(2, n_pairs, n_components, dtype=dtype)


@pytest.mark.parametrize("shape", [(50, 4), (4, 50), (1, 3), (3, 1)], ids=["tall", "wide", "one pair", "one number"])
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 1e-5)])
@pytest.mark.parametrize("temperature", [0.07, 2.0])
def test_agrees_with_numpy(shape, dtype, tolerance, temperature):
    Za, Zb = codes(*shape, dtype)
    A, B = (Z.double().numpy() / np.linalg.norm(Z.double().numpy(), axis=1, keepdims=True) for Z in (Za, Zb))
    scores = A @ B.T / temperature
    rows, columns = logsumexp(scores, axis=1) - np.diag(scores), logsumexp(scores, axis=0) - np.diag(scores)
    loss = infonce(Za, Zb, temperature)
    assert loss.dtype == dtype
    assert loss.item() == pytest.approx((rows.mean() + columns.mean()) / 2, rel=tolerance, abs=tolerance)


def test_by_hand():
    """Cosines 1, 0 / 0, -1 at temperature 1: the partners score 1 and -1, every wrong answer 0."""
    Za, Zb = torch.tensor([[2.0, 0.0], [0.0, 1.0]]), torch.tensor([[1.0, 0.0], [0.0, -5.0]])
    expected = (math.log(1 + math.exp(-1)) + math.log(1 + math.exp(1))) / 2
    assert infonce(Za, Zb, 1.0).item() == pytest.approx(expected)


@pytest.mark.parametrize("n_pairs", [1, 2, 64])
def test_starts_at_the_logarithm_of_the_batch(n_pairs):
    assert infonce(torch.ones(n_pairs, 3), torch.ones(n_pairs, 3)).item() == pytest.approx(math.log(n_pairs), abs=1e-5)


def test_both_ways_count_alike_and_lengths_do_not():
    Za, Zb = codes(9, 4)
    loss = infonce(Za, Zb)
    torch.testing.assert_close(infonce(Zb, Za), loss)
    torch.testing.assert_close(infonce(3 * Za, Zb * torch.arange(1, 10)[:, None]), loss)
    order = torch.arange(8, -1, -1)
    torch.testing.assert_close(infonce(Za[order], Zb[order]), loss)
    assert abs(infonce(Za[order], Zb) - loss) > 0.1


def test_its_gradient_is_right():
    Za, Zb = codes(5, 3).requires_grad_()
    temperature = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(infonce, (Za, Zb, temperature))


@pytest.mark.parametrize("seed", range(5))
def test_two_towers_find_partners_where_there_are_any(seed):
    """Two views of the same four numbers; with the partners shuffled, held-out pairs are at chance."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(600, 4))
    views = [(hidden @ rng.normal(size=(4, 6))).astype(np.float32) for _ in range(2)]
    found = {}
    for name, order in {"true": np.arange(500), "shuffled": rng.permutation(500)}.items():
        with seeded(seed):
            towers = torch.nn.ModuleList([torch.nn.Linear(6, 4), torch.nn.Linear(6, 4)])
        train(
            towers,
            lambda towers, a, b: infonce(towers[0](a), towers[1](b)),
            views[0][:500],
            views[1][:500][order],
            epochs=20,
            learning_rate=0.02,
            seed=seed,
        )
        towers.cpu()
        with torch.no_grad():
            Za, Zb = (
                torch.nn.functional.normalize(f(torch.tensor(X[500:]))) for f, X in zip(towers, views, strict=True)
            )
        found[name] = ((Za @ Zb.T).argmax(dim=1) == torch.arange(100)).double().mean().item()
    assert found["true"] > 0.6
    assert found["shuffled"] < 0.1  # chance is 0.01


def test_a_row_of_zeros_has_no_direction():
    Za, Zb = torch.zeros(4, 3, requires_grad=True), torch.ones(4, 3)
    loss = infonce(Za, Zb)
    assert loss.item() == pytest.approx(math.log(4))
    loss.backward()
    assert torch.isfinite(Za.grad).all()


@pytest.mark.parametrize("shapes", [((3, 2), (4, 2)), ((3, 2), (3, 5)), ((3,), (3,)), ((0, 2), (0, 2))])
def test_says_which_shapes_cannot_be_partners(shapes):
    with pytest.raises(ValueError, match=r"Za has shape \(.*\) and Zb \(.*\); expected \(B, n_components\) twice"):
        infonce(*map(torch.ones, shapes))


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan")])
def test_says_which_temperature_is_wrong(temperature):
    with pytest.raises(ValueError, match=r"temperature=.*, expected a number above 0"):
        infonce(torch.ones(2, 2), torch.ones(2, 2), temperature)
