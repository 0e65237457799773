"""An autograder for Gradescope: a zip that grades each submission by our own grader, not beside the student's code.

References
----------
What Gradescope runs and where: https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

import json
from collections.abc import Mapping

from mmlearn_edu.authoring.notebooks import to_bytes
from mmlearn_edu.grading.exports.plan import Plan, readme
from mmlearn_edu.grading.exports.wheel import CPU_TORCH, wheel, wheel_name, zipped

__all__ = ["files"]

_SETUP = """#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image: Python 3.11 or newer, our package, and the best sandbox there is.
set -euo pipefail
ROOT="${{MMLEARN_AUTOGRADER:-/autograder}}"
VENV="${{MMLEARN_VENV:-/opt/mmlearn}}"
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y python3 python3-venv bubblewrap
PYTHON=python3
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    apt-get install -y python3.11 python3.11-venv
    PYTHON=python3.11
fi
"$PYTHON" -m venv "$VENV"
"$VENV/bin/python" -m pip install --extra-index-url {torch} "$ROOT/source/{wheel}"
chmod -R go-rwx "$ROOT/source"  # the student's code runs as another user, and has nothing to read here
"""

_RUN = """#!/usr/bin/env bash
# Gradescope runs this for every submission.
set -euo pipefail
ROOT="${MMLEARN_AUTOGRADER:-/autograder}"
VENV="${MMLEARN_VENV:-/opt/mmlearn}"
exec "$VENV/bin/python" -m mmlearn_edu.grading.exports.on_gradescope "$ROOT"
"""


def files(plan: Plan) -> Mapping[str, bytes]:
    """Return the files of the folder by their paths.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    mapping of str to bytes
        ``autograder.zip`` is uploaded to Gradescope, ``student/CHAPTER.ipynb`` is handed out.
    """
    return {
        "README.md": readme(plan, "gradescope"),
        "autograder.zip": zipped(_inside(plan), executable=("run_autograder", "setup.sh")),
        f"student/{plan.chapter}.ipynb": to_bytes(plan.handout),
        f"solution/{plan.chapter}.ipynb": to_bytes(plan.solution),
    }


def _inside(plan: Plan) -> dict[str, bytes]:
    settings = {"chapter": plan.chapter, "exercises": bool(plan.own), "language": plan.language, "seed": plan.seed}
    return {
        "setup.sh": _SETUP.format(torch=CPU_TORCH, wheel=wheel_name()).encode(),
        "run_autograder": _RUN.encode(),
        "settings.json": (json.dumps(settings, indent=2, sort_keys=True) + "\n").encode(),
        wheel_name(): wheel(),
        **plan.files_in("exercises"),
    }
