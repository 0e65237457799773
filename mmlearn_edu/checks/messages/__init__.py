"""Every sentence a learner reads from the checks, under one id each: ``en.py`` and ``zh.py`` are the catalogues.

``MMLEARN_LANG`` chooses the language, and where it is not set, the system does. It is read at every sentence, so that
``os.environ["MMLEARN_LANG"] = "zh"`` in a notebook is enough to switch.
"""

import functools
import os
import re
import warnings
from collections.abc import Iterable, Mapping
from importlib import import_module

from mmlearn_edu.naming import MOST, closest

__all__ = ["HTML_LANGUAGE", "LANGUAGES", "catalogue", "language", "nearest", "say"]

LANGUAGES = {"en": "en", "english": "en", "zh": "zh", "chinese": "zh"}  # how a setting may begin -> catalogue
HTML_LANGUAGE = {"en": "en", "zh": "zh-Hans"}
_warned: set[str] = set()


def say(message_id: str, **values: object) -> str:
    """Return the sentence `message_id` in the learner's language, filled with `values`."""
    return catalogue(language())[message_id].format(**values)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the hint that follows an unknown name, as :func:`mmlearn_edu.naming.nearest` does in English."""
    names = list(known)
    close = closest(name, names)
    if close:
        return say("did-you-mean", names=say("or").join(close))
    return say("there-is", names=say("comma").join(names[:MOST])) if names else say("there-is-none")


@functools.cache
def catalogue(name: str) -> Mapping[str, str]:
    """Return the sentences of one language: id -> sentence."""
    return import_module(f"{__name__}.{name}").MESSAGES


def language() -> str:
    """Return the language to speak: that of ``MMLEARN_LANG``, else the system's, else English.

    Returns
    -------
    {"en", "zh"}
        A name that ``MMLEARN_LANG`` has and we have not costs one warning.
    """
    wanted = os.environ.get("MMLEARN_LANG")
    if not wanted:
        return _system_language()
    if not _known(wanted) and wanted not in _warned:
        _warned.add(wanted)
        words = catalogue("en")["unknown-language"].format(name=wanted, choices=", ".join(HTML_LANGUAGE))
        warnings.warn(words, UserWarning, stacklevel=2)
    return _known(wanted) or "en"


def _system_language() -> str:
    """Read what gettext reads, in its order; where nothing is set (Windows, macOS), ask the locale."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        wanted = os.environ.get(variable)
        if wanted:
            return next(filter(None, map(_known, wanted.split(":"))), "en")
    import locale  # not needed where a variable is set

    try:
        return _known(locale.getlocale()[0] or "") or "en"
    except ValueError:  # a locale that Python has never heard of
        return "en"


@functools.lru_cache(maxsize=16)
def _known(name: str) -> str | None:
    """Return the catalogue of a name such as ``zh_CN.UTF-8``, ``zh-Hans``, ``Chinese (Simplified)_China``."""
    found = re.match(r"[a-z]+", name.strip().lower())
    return LANGUAGES.get(found.group()) if found else None
