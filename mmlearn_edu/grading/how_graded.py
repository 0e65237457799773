"""How a run graded: isolation and what it does not defend, seed, versions, limits, time."""

from collections import Counter
from collections.abc import Iterable, Sequence

from mmlearn_edu.grading.pieces import bullets, say, told
from mmlearn_edu.grading.results import Result

__all__ = ["how_graded"]

LIMITS = {"cell": 1.0, "call": 1.0, "submission": 1.0, "memory": 1e9, "processes": 1.0}  # what they are shown in


def how_graded(results: Sequence[Result]) -> str:
    """Return it as HTML; where the results of a folder differ in it, that is said.

    Parameters
    ----------
    results : sequence of dict
        At least one.
    """
    seeds = sorted({result["seed"] for result in results})
    packages = sorted({result["package"] for result in results})
    times = [result["seconds"]["total"] for result in results]
    lines = [
        told(say("seed", seed=seeds[0])) if len(seeds) == 1 else _warned("seeds", seeds=_listed(seeds)),
        told(say("package", package=packages[0]))
        if len(packages) == 1
        else _warned("packages", packages=_listed(packages)),
        *_versions(results),
        *_limits(results),
        told(say("time", total=sum(times), most=max(times))),
    ]
    return f"{_isolation(results)}<h3>{say('run')}</h3>\n{bullets(lines)}"


def _isolation(results: Sequence[Result]) -> str:
    """Return each level that was used, with its words once."""
    kinds: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        kinds.setdefault((result["isolation"]["level"], result["isolation"]["user"]), []).append(result)
    parts = []
    for (level, user), group in kinds.items():
        isolation = group[0]["isolation"]
        words = say("level", count=len(group), all=len(results), level=level, user=user)
        parts.append(f"<p><strong>{told(words, 300)}</strong></p>\n")
        for name in ("does_not_defend", "defends"):
            words = bullets(told(each, 600) for each in isolation[name]) or f"<p>{say('nothing-listed')}</p>\n"
            parts.append(f"<h3>{say(name.replace('_', '-'))}</h3>\n{words}")
    return "".join(parts)


def _versions(results: Iterable[Result]) -> Iterable[str]:
    """Say which answers are to another version of their exercise."""
    others = Counter(
        (one["title"], one["version"], one["handed_in_version"])
        for result in results
        for one in result["exercises"]
        if one["handed_in_version"] not in (None, one["version"])
    )
    for (title, version, other), count in others.items():
        yield told(say("versions", title=title, version=version, other=other, count=count), 600)


def _limits(results: Sequence[Result]) -> Iterable[str]:
    limits = results[0]["limits"]
    words = [say(f"limit-{name}", value=limits[name] / unit) for name, unit in LIMITS.items() if limits.get(name)]
    if words:
        yield told(say("limits", limits=say("comma").join(words)))


def _warned(sentence: str, **values: str) -> str:
    return f"<strong>{told(say(sentence, **values), 600)}</strong>"


def _listed(values: Iterable[object]) -> str:
    return say("comma").join(str(value) for value in values)
