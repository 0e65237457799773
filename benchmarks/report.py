"""What the tables have in common: on what they were measured, and their place in a file of several."""

import importlib.metadata
import os
import platform
import re
import subprocess
from pathlib import Path

__all__ = ["conditions", "write_section"]

HERE = Path(__file__).resolve().parent


def conditions(packages):
    """Say on what this was measured."""
    git = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, cwd=HERE, capture_output=True, text=True, check=False).stdout.strip() or "unknown"
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"Commit {commit}; Python {platform.python_version()}; {versions}; {platform.system()} {platform.machine()},\n"
        f"{os.cpu_count()} cores{load}."
    )


def write_section(path, section):
    """Put the section, which begins with a line "# Heading", in place of the one with that heading, or at the end."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    parts = [part.strip() for part in re.split(r"^(?=# )", text, flags=re.MULTILINE) if part.strip()]
    headings = [part.splitlines()[0] for part in parts]
    heading = section.strip().splitlines()[0]
    place = headings.index(heading) if heading in headings else len(parts)
    parts[place : place + 1] = [section.strip()]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
