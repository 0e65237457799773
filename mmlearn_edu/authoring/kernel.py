"""Run a notebook top to bottom in a fresh kernel that touches nothing of the user's."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode

from mmlearn_edu.checks.messages import say

__all__ = ["CELL_LIMIT", "run_notebook"]

CELL_LIMIT = 60  # seconds a cell may take


def run_notebook(notebook: NotebookNode, folder: Path, limit: int = CELL_LIMIT, language: str | None = None) -> bool:
    """Execute `notebook` in place, errors and all, with `folder` as working directory.

    Progress goes to a temporary folder, the user's IPython profile is not read, and the kernel is this very
    Python, whatever kernel the user registered under the same name. The checks speak the user's language,
    or `language`.

    Returns
    -------
    bool
        False if the kernel died before the last cell; the cells after that keep no output.
    """
    client = _Client(
        notebook,
        timeout=limit,
        startup_timeout=120,
        allow_errors=True,
        interrupt_on_timeout=True,
        error_on_timeout={"ename": "TimeoutError", "evalue": say("cell-timeout", seconds=limit), "traceback": []},
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--IPKernelApp.log_level=50"],  # no notes on transport, and no traceback at Ctrl-C
        resources={"metadata": {"path": str(folder)}},
    )
    client.log.setLevel("CRITICAL")  # a cell that takes too long is reported by us, in our words
    with _private_home() as variables:
        try:
            client.execute(env={**os.environ, **variables, **({"MMLEARN_LANG": language} if language else {})})
        except DeadKernelError:
            return False
        except AssertionError:  # nbclient ends the kernel on Ctrl-C, and then looks for it once more
            raise KeyboardInterrupt from None
    return True


class _Client(NotebookClient):
    """Starts the kernel of this very Python, not one that the user registered under its name."""

    def create_kernel_manager(self) -> AsyncKernelManager:
        specs = KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True)
        self.km = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs)
        return self.km


@contextmanager
def _private_home() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="mmlearn-") as home:
        yield {
            "MMLEARN_HOME": home,
            "IPYTHONDIR": str(Path(home, "ipython")),
            "PYTHONHASHSEED": "0",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
