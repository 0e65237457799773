"""Hold one Grader in a process of its own: where a defence fails it ends this process, and not the tests.

``python -m tests.hostile.worker '{"chapter": ..., "level": ..., "limits": {...}, "seed": 1}'``: a line of JSON in
(``{"file": path, "name": name}``), a line out (``{"row": {...}, "memory": bytes}``).
"""

import json
import resource
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

NEIGHBOUR = """
import signal, sys, time
signal.signal(signal.SIGURG, lambda *_: open(sys.argv[2], "a").write("x"))
print("ready", flush=True)
while True:
    time.sleep(3600)
"""


def main(wanted):
    """Grade one file a line, beside a neighbour whom nobody may touch."""
    from mmlearn_edu.grading.engine import Grader
    from mmlearn_edu.grading.sandbox import Limits
    from mmlearn_edu.grading.submission import UnreadableError, read_submission

    neighbour = subprocess.Popen(
        [sys.executable, "-c", NEIGHBOUR, "hostile-neighbour", wanted["signals"]],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    neighbour.stdout.readline()
    try:
        with Grader(
            wanted["chapter"], seed=wanted["seed"], isolation=wanted["level"], limits=Limits(**wanted["limits"])
        ) as grader:
            start_all(grader)
            answer({"neighbour": neighbour.pid})
            for line in sys.stdin:
                asked = json.loads(line)
                try:
                    submission = read_submission(
                        Path(asked["file"]).read_bytes(), asked["name"], asked["name"], asked["file"]
                    )
                except UnreadableError as error:
                    named = SimpleNamespace(name=asked["name"], student=asked["name"], origin=asked["file"])
                    row = grader.unreadable(named, str(error))
                else:
                    row = grader.grade(submission)
                    start_all(grader)
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
                answer({"row": row, "memory": peak, "neighbour": neighbour.poll() is None})
    finally:
        neighbour.send_signal(signal.SIGKILL)
        neighbour.wait()


def start_all(grader):
    """Have every sandbox up, to count processes: one that broke is missing, and a library that loads starts some."""
    for module in ("numpy", "mmlearn_edu.datasets", "sklearn"):
        grader.sandbox({module})


def answer(message):
    """Write one line; what is no JSON may not hide in it."""
    sys.stdout.write(json.dumps(message, allow_nan=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
