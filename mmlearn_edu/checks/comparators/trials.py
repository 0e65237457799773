"""The trials of a torch module, run where it lives; what they report is plain data."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from mmlearn_edu.checks.comparators.kinds import describe
from mmlearn_edu.checks.messages import say

__all__ = ["tried"]

Report = dict[str, Any]


def tried(answer: Callable[..., Any]) -> Callable[..., Report]:
    """Turn a module's class, or a function that builds one, into a function of a trial's plain data."""

    @functools.wraps(answer, updated=())
    def run(trial: str, init: Any, inputs: Any, **data: Any) -> Report:
        import torch  # heavy, and only exercises on networks need it

        with torch.random.fork_rng(devices=[]), _settings_kept():
            made = _build(answer, init, seed=0)
            if not isinstance(made, torch.nn.Module):
                return {"module": describe(made)}
            return {"module": True, **_TRIALS[trial](answer, init, inputs, **data)}

    return run


@contextmanager
def _settings_kept() -> Iterator[None]:
    """Begin with torch as it comes, and leave it as it was: what an answer switches must not reach the next trial."""
    import torch

    dtype, gradients, threads = torch.get_default_dtype(), torch.is_grad_enabled(), torch.get_num_threads()
    strict, warns = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)
    try:
        yield
    finally:
        torch.set_default_dtype(dtype)
        torch.set_grad_enabled(gradients)
        torch.use_deterministic_algorithms(strict, warn_only=warns)
        if torch.get_num_threads() != threads:
            torch.set_num_threads(threads)


def _build(answer: Callable[..., Any], init: Any, seed: int) -> Any:
    import torch

    torch.manual_seed(seed)
    return answer(*init)


def _ready(answer: Callable[..., Any], init: Any, inputs: Any, seed: int = 0) -> Any:
    """Build the module; layers that learn their sizes from the first batch (``nn.LazyLinear``) get to see one."""
    from torch.nn.parameter import is_lazy

    made = _build(answer, init, seed)
    if any(map(is_lazy, [*made.parameters(), *made.buffers()])):
        training = made.training
        _output(made.eval(), inputs)
        made.train(training)
    return made


def _tensor(values: Any) -> Any:
    import torch

    values = np.asarray(values)
    return torch.tensor(values, dtype=torch.float32 if values.dtype.kind == "f" else torch.int64)


def _builds(answer: Callable[..., Any], init: Any, inputs: Any) -> Report:
    made = _ready(answer, init, inputs)
    sizes = [weight.numel() for weight in made.parameters() if weight.requires_grad]
    return {"shape": list(_output(made, inputs).shape), "inputs": list(np.shape(inputs)), "parameters": sum(sizes)}


def _computes(answer: Callable[..., Any], init: Any, inputs: Any) -> Report:
    import torch

    made = _ready(answer, init, inputs)
    weights = list(made.parameters())
    with torch.no_grad():
        for number, weight in enumerate(weights):
            weight.copy_(_tensor(np.random.default_rng(number).normal(0, 0.5, size=tuple(weight.shape))))
    made.eval()
    return {"weights": [list(weight.shape) for weight in weights], "output": _output(made, inputs)}


def _steady(answer: Callable[..., Any], init: Any, inputs: Any) -> Report:
    made = _ready(answer, init, inputs)
    made.eval()
    steady = [_output(made, inputs), _output(made, inputs)]
    alone = _output(made, np.asarray(inputs)[:1])
    made.train()
    return {"steady": steady, "alone": alone, "training": [_output(made, inputs), _output(made, inputs)]}


def _learns(
    answer: Callable[..., Any],
    init: Any,
    inputs: Any,
    targets: Any,
    held_out: Any,
    loss: str,
    steps: int,
    learning_rate: float,
    seeds: int,
) -> Report:
    report: Report = {"before": [], "after": [], "unreached": [], "start": [], "end": []}
    for seed in range(seeds):
        made = _ready(answer, init, inputs, seed)
        made.eval()
        report["before"].append(_output(made, held_out))
        report["start"].append(_weights(made))
        unreached = _train(made, _tensor(inputs), _tensor(targets), loss, steps, learning_rate)
        report["end"].append(_weights(made))
        made.eval()
        report["after"].append(_output(made, held_out))
        report["unreached"] += [name for name in unreached if name not in report["unreached"]]
    return report


def _weights(made: Any) -> Report:
    """Return what the module learns, each array under its name."""
    learnt = {name: weight for name, weight in made.named_parameters() if weight.requires_grad}
    return {name: weight.detach().cpu().numpy().copy() for name, weight in learnt.items()}


def _train(made: Any, X: Any, y: Any, loss: str, steps: int, learning_rate: float) -> list[str]:
    """Train in place; return the names of the weights that no gradient reached."""
    import torch

    measure: Any = {"mse": torch.nn.functional.mse_loss, "cross_entropy": torch.nn.functional.cross_entropy}[loss]
    weights = {name: weight for name, weight in made.named_parameters() if weight.requires_grad}
    if not weights:  # nothing to learn: the loss will tell
        return []
    optimizer = torch.optim.Adam(weights.values(), lr=learning_rate)
    made.train()
    unreached = list(weights)
    for _ in range(steps):
        optimizer.zero_grad()
        value = measure(_one_tensor(made(X)), y)
        if not value.requires_grad:  # everything was detached
            break
        value.backward()
        unreached = [name for name in unreached if weights[name].grad is None or not weights[name].grad.any()]
        optimizer.step()
    return unreached


def _output(made: Any, inputs: Any) -> Any:
    import torch

    with torch.no_grad():
        return _one_tensor(made(_tensor(inputs))).detach().cpu().numpy()


def _one_tensor(output: Any) -> Any:
    import torch

    if not isinstance(output, torch.Tensor):
        raise TypeError(say("no-tensor", name=type(output).__name__))
    return output


_TRIALS: dict[str, Callable[..., Report]] = {
    "builds": _builds,
    "computes": _computes,
    "learns": _learns,
    "steady": _steady,
}
