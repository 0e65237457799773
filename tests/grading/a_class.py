"""Made-up results of a made-up class: realistic marks, some hung, some unreadable, some copied, two scripts."""

import hashlib
import random

__all__ = ["EXERCISES", "HOSTILE", "a_class", "a_result", "an_exercise"]

EXERCISES = {  # id: title, points, named mistakes
    "pca.center": ("Centre the cloud", 1.0, {
        "averaged-rows": "`axis=1` averages along each row and leaves one number per sample. You need one per feature: "
        "`axis=0`.",
        "one-mean-for-all": "You subtracted one number, the mean of the whole table. Each feature needs its own mean.",
    }),
    "pca.fit_axes": ("Find the axes of most variance", 3.0, {
        "uncentred": "You did not centre (step 1). Your first axis points from zero to the middle of the cloud.",
        "smallest-first": "You kept the axes with the least variance. `eigh` sorts from small to large.",
    }),
    "pca.transform": ("Project samples onto the axes", 1.0, {
        "forgot-the-mean": "You projected without subtracting the mean first. The axes start at the mean.",
    }),
    "pca.inverse": ("Rebuild samples from their codes", 2.0, {
        "added-too-early": "You added the mean to the codes. It lives among the features.",
    }),
    "pca.components_for": ("Count the axes that hold enough variance", 2.0, {
        "off-by-one": "One too few. A position counts from 0.",
        "strictly-more": "Close: you ask for more than the share. The task says at least.",
    }),
    "pca.train_only_fit": ("Fit on the training rows alone", 3.0, {
        "fitted-on-all": "The mean and the axes were fitted on training and test rows together. Fit on "
        "`X_train` alone.",
    }),
    "pca.turn_axis": ("Turn the axis to where variance is largest", 1.0, {
        "radians": "That is the angle in radians. The widget speaks in degrees: multiply by 180 / pi.",
    }),
    "pca.fix_article": ("Mend the article's PCA", 3.0, {
        "standardised": "You also divided by the standard deviation. That is PCA of the correlations.",
    }),
}  # fmt: skip
DIFFICULTY = dict(zip(EXERCISES, (0.25, 0.5, 0.3, 0.4, 0.6, 0.7, 0.2, 0.55), strict=True))
LABELS = ("an array of shape (3, 2)", "an array of shape (30, 4)", "one row", "already centred", "a NaN")
FIRST = [
    "Ada",
    "Emmy",
    "Alan",
    "Grace",
    "Kurt",
    "Sofia",
    "Carl",
    "Marie",
    "Niels",
    "Lise",
    "Paul",
    "Rosalind",
    "Max",
    "Ida",
    "Karl",
]
LAST = [
    "Lovelace",
    "Noether",
    "Turing",
    "Hopper",
    "Gödel",
    "Kowalewskaja",
    "Gauß",
    "Curie",
    "Bohr",
    "Meitner",
    "Erdős",
    "Franklin",
    "Born",
]
CHINESE = ("王伟", "李娜", "张敏", "刘洋", "陈静", "杨帆", "赵磊", "黄丽", "周杰", "吴霞", "徐明", "孙悦")
# What a student may call themselves, print, or hand back.
HOSTILE = {
    "script": "<script>alert(document.title)</script>",
    "style": "</style><style>body{display:none}</style>",
    "handler": '"><img src=x onerror=alert(1)>',
    "quote": "' onmouseover='alert(1)",
    "address": "javascript:alert(1)",
    "elsewhere": '<img src="http://127.0.0.1:9/x.png"><link rel=stylesheet href=//127.0.0.1:9/x.css>',
    "comment": "--><!-- ]]> <![CDATA[ <?xml ?> &amp; &#0; &#x202e;",
    "turned": "\u202egnp.exe\u2066",
    "broken": "half \ud800 and \udfff",
    "control": "nul \x00 bell \x07 escape \x1b[31m c1 \x9b bom \ufeff none \ufffe \uffff",
    "formula": '=HYPERLINK("http://127.0.0.1:9/?"&A1,"click")',
    "plus": "+1+cmd|' /C calc'!A0",
    "path": "../../x",
    "code": "`<b>bold</b>` {curly} %s \\u003c",
    "long": "长" * 10_000_000,
}


def an_exercise(name, share, mistake="", status="", example=None):
    """Return one exercise of a result, `share` of its items right."""
    title, points, mistakes = EXERCISES[name]
    right = round(share * len(LABELS))
    each = points / len(LABELS)
    items = [
        {
            "id": label,
            "label": label,
            "points": each,
            "earned": each if number < right else 0.0,
            "problem": "" if number < right else "values",
            "message": "" if number < right else "The values differ: 6 of 6 are not equal to what was expected.",
            "example": {} if number < right else dict(example or _example(number)),
        }
        for number, label in enumerate(LABELS)
    ]
    known = "passed" if right == len(LABELS) else "partly" if right else "failed"
    asked = status or known
    judged = asked in ("passed", "partly", "failed")
    return {
        "id": name,
        "title": title,
        "kind": "function",
        "version": 1,
        "handed_in_version": 1,
        "status": asked,
        "points": points,
        "score": sum(item["earned"] for item in items) if judged else 0.0,
        "items": items if judged else [],
        "diagnosis": [mistake] if mistake else [],
        "messages": [mistakes[mistake]] if mistake else [],
        "notes": [],
        "printed": "",
        "fingerprint": hashlib.sha256(f"{name} {share} {mistake}".encode()).hexdigest()[:16] if judged else "",
        "seconds": 0.01,
    }


def _example(number):
    return {
        "input": f"[[ 5.04 -4.66]\n [ 3.41  1.29]\n [ {number}.54  2.35]]",
        "yours": "[[ 4.85 -4.85]\n [ 1.06 -1.06]\n [ 0.09 -0.09]]",
        "expected": "[[ 1.37 -4.32]\n [-0.25  1.63]\n [-1.12  2.69]]",
    }


def a_result(submission="ada", student="Ada Lovelace", exercises=None, **changes):
    """Return one valid result; `changes` replace what stands in it."""
    exercises = [an_exercise(name, 1.0) for name in EXERCISES] if exercises is None else exercises
    return {
        "format": 1,
        "kind": "mmlearn-edu grading result",
        "submission": submission,
        "student": student,
        "origin": f"hand-ins.zip!{submission}/08-pca.ipynb",
        "sha256": hashlib.sha256(submission.encode("utf-8", "replace")).hexdigest(),
        "chapter": "08-pca",
        "title": "PCA: the directions in which data varies",
        "package": "0.1.0",
        "language": "en",
        "status": "graded",
        "message": "",
        "seed": 917364528,
        "isolation": {
            "level": "namespaces",
            "user": "root, dropped to 61001",
            "defends": ["no network", "files are read-only", "no other process is seen"],
            "does_not_defend": ["a hole in the kernel"],
        },
        "limits": {"cell": 20.0, "call": 5.0, "submission": 120.0, "memory": 2_000_000_000, "processes": 64},
        "points": sum(points for _, points, _ in EXERCISES.values()),
        "score": sum(one["score"] for one in exercises),
        "exercises": exercises,
        "cells": [],
        "events": [],
        "look": [],
        "notes": [],
        "seconds": {"total": 0.12, "judging": 0.02},
    } | changes


def a_class(size=40, seed=0):
    """Return the results of `size` hand-ins, by their names; the same for the same seed."""
    rng = random.Random(seed)
    results = []
    for number in range(size):
        if number % 4 == 3:
            student = CHINESE[number // 4 % len(CHINESE)] + ("" if number < 48 else str(number))
        else:
            student = f"{rng.choice(FIRST)} {LAST[number % len(LAST)]}"
        submission = f"{student.replace(' ', '-')}_{1000 + number}"
        results.append(_one(rng, number, submission, student))
    if size >= 20:  # three hand in the same two answers
        shared = [an_exercise("pca.fit_axes", 0.4, "uncentred"), an_exercise("pca.inverse", 0.6, "added-too-early")]
        for number, one in enumerate(shared):
            one["fingerprint"] = f"{number:016x}"
        for number in (5, 12, 17):
            kept = {one["id"]: one for one in results[number]["exercises"]} | {one["id"]: one for one in shared}
            exercises = [dict(kept[name]) for name in EXERCISES]
            results[number] |= {"exercises": exercises, "score": sum(one["score"] for one in exercises)}
    return sorted(results, key=lambda result: result["submission"])


def _one(rng, number, submission, student):
    if number % 19 == 13:
        words = "This is no notebook: the file ends in the middle."
        return a_result(submission, student, [], status="unreadable", message=words)
    able, exercises = rng.gauss(0.5, 0.28), []
    for name in EXERCISES:
        share = min(1.0, max(0.0, (able - DIFFICULTY[name] + rng.gauss(0.4, 0.35)) * 1.4))
        mistakes = [*EXERCISES[name][2]]
        mistake = (mistakes[0] if rng.random() < 0.7 else mistakes[-1]) if share < 0.6 and rng.random() < 0.7 else ""
        skipped = rng.random() < 0.25 * DIFFICULTY[name]
        exercises.append(an_exercise(name, 0 if skipped else share, "" if skipped else mistake, _status(skipped)))
    result = a_result(submission, student, exercises)
    if number % 17 == 8:
        _hang(result)
    if number % 23 == 6:
        result["look"] = ["The cell ex-center replaces `numpy.allclose`."]
    if number % 37 == 30:
        result |= {"status": "stopped", "message": "It took longer than 120 s in all."}
    return result


def _status(skipped):
    return "not attempted" if skipped else ""


def _hang(result):
    last = an_exercise("pca.train_only_fit", 0.0)
    for item in last["items"]:
        item |= {"problem": "hung", "message": "Stopped after 5 seconds: does a loop never end?", "example": {}}
    exercises = [last if one["id"] == last["id"] else one for one in result["exercises"]]
    event = {"kind": "hung", "where": "pca.train_only_fit, call 1", "words": "It did not answer within 5 seconds."}
    result |= {"exercises": exercises, "score": sum(one["score"] for one in exercises), "events": [event]}
