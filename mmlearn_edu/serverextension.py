"""The server's half of the side panel: it answers what a learner has done and what comes next, and writes nothing.

A Jupyter server loads this module when ``jupyter_config/jupyter_server_config.d/mmlearn_edu.json`` is among its
settings; an installed package brings that file, and ``mmlearn-edu start`` shows it to the server it starts.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

from mmlearn_edu import workspace

__all__ = ["ProgressHandler", "answer"]

_ONE_AT_A_TIME = ThreadPoolExecutor(max_workers=1)  # beside the server's own thread, which goes on serving


class ProgressHandler(APIHandler):
    """``GET mmlearn-edu/progress``, or POST with ``{"08-pca.ipynb": ["source of a cell", ...]}`` as it is open.

    Notebooks, and ``?folder=``, which is where the learner is, are named as seen from the server's root.
    """

    auth_resource = "mmlearn-edu"

    @web.authenticated
    @authorized(action="read")  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        """Answer from what is saved."""
        await self._answer({})

    @web.authenticated
    @authorized(action="read")  # type: ignore[untyped-decorator]
    async def post(self) -> None:
        """Answer from what is saved and what is open; nothing is written, cells are only too long for an address."""
        cells = self.get_json_body()
        if not _are_cells(cells):
            raise web.HTTPError(400, 'send {"08-pca.ipynb": ["source of a cell", ...]}')
        await self._answer(cells)  # type: ignore[arg-type]  # looked at in the line above

    async def _answer(self, cells: Mapping[str, Sequence[str]]) -> None:
        root = Path(self.settings.get("server_root_dir", ".")).expanduser()
        folder = self.get_query_argument("folder", "")
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(_ONE_AT_A_TIME, answer, root, folder, cells)
        except Exception as error:  # whatever is broken, the panel has words for it; the log has the rest
            self.log.exception("mmlearn-edu: the progress cannot be read")
            found = _lost(error)
        self.finish(json.dumps(found, ensure_ascii=False))


def answer(root: Path, folder: str, cells: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return what the panel shows.

    Parameters
    ----------
    root : Path
        What the server serves.
    folder : str
        Where the learner is, seen from `root`; a place outside counts as `root`.
    cells : mapping of str to sequence of str
        Notebook, seen from `root` -> its code cells as they stand in the editor.

    Returns
    -------
    dict
        As :func:`mmlearn_edu.checks.panel.facts`; every chapter has its ``notebook`` as seen from `root`, or None.
    """
    from mmlearn_edu.checks import journal, panel
    from mmlearn_edu.checks.messages import say

    root = root.resolve()
    book = workspace.nearest(_inside(root, folder))
    if book is None:
        return panel.empty(say("panel-none"))
    with journal.looking_from(book):
        found = panel.facts({_inside(root, name): sources for name, sources in cells.items()})
    for chapter in found["chapters"]:
        file = book / f"{chapter['id']}.ipynb"
        chapter["notebook"] = file.relative_to(root).as_posix() if file.is_file() and root in file.parents else None
    return found


def _inside(root: Path, folder: str) -> Path:
    place = (root / folder.strip("/")).resolve()
    return place if root in (place, *place.parents) else root


def _are_cells(given: object) -> bool:
    return isinstance(given, dict) and all(
        isinstance(sources, list) and all(isinstance(source, str) for source in sources) for sources in given.values()
    )


def _lost(error: Exception) -> dict[str, Any]:
    from mmlearn_edu.checks import panel
    from mmlearn_edu.checks.messages import say

    return panel.empty(say("panel-lost", reason=f"{type(error).__name__}: {error}"))


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    address = url_path_join(server.web_app.settings["base_url"], "mmlearn-edu", "progress")
    server.web_app.add_handlers(".*$", [(address, ProgressHandler)])
