"""Run `make start` as a newcomer does, see JupyterLab serve the notebooks, and stop it."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request

LIMIT = 120  # seconds until it has to serve


def main() -> int:
    command = ["make", "start", "START_ARGS=--no-browser"]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    watchdog = threading.Timer(LIMIT, os.killpg, (started.pid, signal.SIGKILL))
    watchdog.start()
    try:
        for line in started.stdout or ():
            print(line, end="")
            if address := re.search(r"(http://\S+?)/lab/tree/(\S+?)\?token=(\w+)", line):
                return look(*address.groups())
        print("`make start` ended without giving an address")
        return 1
    finally:
        watchdog.cancel()
        os.killpg(started.pid, signal.SIGTERM)
        started.communicate(timeout=30)


def look(server: str, notebook: str, token: str) -> int:
    """Ask the server for its page and its folder, without any proxy in between."""
    get = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
    with get(f"{server}/lab/tree/{notebook}?token={token}", timeout=30) as page:
        served = page.status == 200 and b"JupyterLab" in page.read()
    with get(f"{server}/api/contents?token={token}", timeout=30) as listing:
        names = [entry["name"] for entry in json.load(listing)["content"]]
    says = "serves" if served else "does not serve"
    print(f"JupyterLab {says} {notebook}; the folder has {', '.join(sorted(names))}")
    return 0 if served and notebook in names else 1


if __name__ == "__main__":
    sys.exit(main())
