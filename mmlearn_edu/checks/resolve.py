"""What an answer resolves to: is it the learner's code that does the work, or the library's.

Nothing is imported or called. The code is read: every global it loads, the attributes it takes from modules,
its imports, its closure, and the learner's own helper functions, by the same rule.
"""

import dis
import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

__all__ = ["OURS", "library_use"]

OURS = ("mmlearn_edu.exercises", "mmlearn_edu.checks")
_SYSTEM = sys.stdlib_module_names - {"builtins", "__main__"}  # what is made by exec says to be of `builtins`
_MOST_PARTS = 1000  # of a container that are looked at
_STAND_INS = "mmlearn_edu.checks.muted."  # for sys.stdout, input and plt.show, while an answer is looked at


def library_use(answer: Any, forbids: Sequence[str], exercise_id: str = "") -> str | None:
    """Return the name of the first forbidden thing that `answer` leans on, or None.

    Parameters
    ----------
    answer : object
        A function, partial, bound method, class or callable object.
    forbids : sequence of str
        Modules (``"sklearn.decomposition"``, with all below it) or objects (``"numpy.cov"``).
    exercise_id : str
        The exercise that is asked. The references of other exercises, handed out by ``use``, are tools:
        whoever skipped an exercise is not stopped at the next.
    """
    banned = (*OURS, *forbids)
    objects = {id(found): name for name in forbids if (found := _lookup(name)) is not None}
    for thing, name in _reached(answer, set()):
        if thing is not answer and getattr(_exercise_of(thing), "id", exercise_id) != exercise_id:
            continue
        if any(name == ban or name.startswith(f"{ban}.") for ban in banned) and not name.startswith(_STAND_INS):
            return name
        if id(thing) in objects:
            return objects[id(thing)]
    return None


def _exercise_of(thing: Any) -> Any:
    return getattr(thing, "__exercise__", None) if isinstance(thing, FunctionType) else None


def _lookup(name: str) -> Any:
    """Find a forbidden object that is already loaded; one that is not loaded has not been used.

    Not by `getattr`: a lazy package would load it now.
    """
    module, _, attribute = name.rpartition(".")
    return _names(module).get(attribute)


def _names(module: str) -> dict[str, Any]:
    """Return what a loaded module holds; its place may be None where an import was forbidden."""
    found = sys.modules.get(module)
    return vars(found) if isinstance(found, ModuleType) else {}


def _reached(thing: Any, seen: set[int]) -> Iterator[tuple[Any, str]]:
    """Walk over everything `thing` resolves to, each with its full name."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    yield thing, _name(thing)
    if isinstance(thing, FunctionType):
        yield from _from_function(thing, seen)
    else:
        for part in _parts(thing):
            yield from _reached(part, seen)


def _parts(thing: Any) -> list[Any]:
    """List what a container, a partial, a method, or a class or object of the learner's is made of."""
    if isinstance(thing, functools.partial):
        return [thing.func, *thing.args, *thing.keywords.values()]
    if isinstance(thing, MethodType):
        return [thing.__func__, type(thing.__self__)]
    if type(thing) is dict:
        return [*thing.values()][:_MOST_PARTS]
    if type(thing) in (list, tuple, set, frozenset):
        return [*thing][:_MOST_PARTS]
    if isinstance(thing, type):
        return [*thing.__bases__, *_inside(thing)] if _is_learners(thing) else []
    return [type(thing), *_inside(thing)] if _is_learners(type(thing)) else []


def _inside(thing: Any) -> list[Any]:
    """List what a class or an object of the learner's holds and may call."""
    try:
        held = [getattr(part, "__func__", part) for part in vars(thing).values()]
    except Exception:  # an object without a dict, or one that raises whatever it is asked
        return []
    return [part for part in held if callable(part) or type(part) in (list, tuple, dict)][:_MOST_PARTS]


_NOTES = ("__exercise__", "__stub__")  # what we write on a reference ourselves


def _from_function(function: FunctionType, seen: set[int]) -> Iterator[tuple[Any, str]]:
    if not _is_learners(function):
        return
    if hasattr(function, "__wrapped__"):
        yield from _reached(function.__wrapped__, seen)
    noted = [value for name, value in vars(function).items() if name not in _NOTES]
    yield from _reached([*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values(), *noted], seen)
    for cell in function.__closure__ or ():
        try:
            yield from _reached(cell.cell_contents, seen)
        except ValueError:  # a cell that is not filled yet
            continue
    for thing, name in _loaded(function.__code__, function.__globals__):
        if thing is None:
            yield None, name
        elif isinstance(thing, ModuleType):
            yield thing, thing.__name__
        else:
            yield from _reached(thing, seen)


def _loaded(code: CodeType, scope: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """List what the code loads: globals with the attributes taken from modules, and imports by name."""
    thing: Any = None  # what the next attribute would be taken from
    imported = ""
    for step in dis.get_instructions(code):
        if step.opname in _SILENT:
            continue
        name, owner, thing = step.argval, thing, None
        if isinstance(name, CodeType):
            yield from _loaded(name, scope)
        elif step.opname == "IMPORT_NAME":
            imported = name
            yield None, imported
        elif step.opname in _LOADS:
            thing = _LOADS[step.opname](scope, owner, imported).get(name)
            thing = _lazy(owner, name) if thing is None and step.opname in _TAKES else thing
            if step.opname == "IMPORT_FROM":
                yield None, f"{imported}.{name}"
            if thing is not None:
                yield thing, name


def _lazy(owner: Any, name: str) -> ModuleType | None:
    """Stand in for what a module does not hold yet: a lazy package loads it when it is asked for."""
    return ModuleType(f"{owner.__name__}.{name}") if isinstance(owner, ModuleType) else None


_TAKES = ("LOAD_ATTR", "LOAD_METHOD")
_SILENT = {"CACHE", "PRECALL", "PUSH_NULL", "NOP", "RESUME"}
_GLOBAL = lambda scope, owner, imported: scope  # noqa: E731
_ATTRIBUTE = lambda scope, owner, imported: vars(owner) if isinstance(owner, ModuleType) else {}  # noqa: E731
_LOADS: dict[str, Callable[..., dict[str, Any]]] = {
    "LOAD_GLOBAL": _GLOBAL,
    "LOAD_NAME": _GLOBAL,
    "LOAD_ATTR": _ATTRIBUTE,
    "LOAD_METHOD": _ATTRIBUTE,
    "IMPORT_FROM": lambda scope, owner, imported: _names(imported),
}


def _is_learners(thing: Any) -> bool:
    """Say whether `thing` was written in a notebook or a script, not installed."""
    name = _read(thing, "__module__")  # "" for code made by exec
    file = getattr(sys.modules.get(name), "__file__", None) or ""
    installed = "site-packages" in file or name.partition(".")[0] in _SYSTEM
    return not installed and not name.startswith("mmlearn_edu.")


def _name(thing: Any) -> str:
    """Return where `thing` was defined, ``module.name``; for an object of a library's class, the class."""
    if isinstance(thing, ModuleType):
        return thing.__name__
    owner = thing if _read(thing, "__qualname__") else type(thing)
    return f"{_read(owner, '__module__')}.{_read(owner, '__qualname__')}"


def _read(thing: Any, name: str) -> str:
    try:
        return str(getattr(thing, name, None) or "")
    except Exception:  # a learner's object may raise whatever it is asked
        return ""
