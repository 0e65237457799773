"""Every public name is documented, shown in a notebook or promised to one, and on the site."""

import importlib
import inspect
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import pytest
from numpydoc.validate import validate

from mmlearn_edu.authoring.usage import public_names, used_in

ROOT = Path(__file__).parent.parent
NAMES = [(room, name) for room, names in public_names().items() for name in names]
NOT_YET = tomllib.loads((ROOT / "docs" / "not_yet.toml").read_text(encoding="utf-8"))
# What numpydoc would like, and we leave to the writer: See Also, extended summary and examples (tests run those),
# words for what a name and type explain, a capital at the start of "uint8 in 0..255", and "Triangles" taken for a verb.
LEFT_TO_THE_WRITER = {"SA01", "ES01", "EX01", "PR07", "PR08", "RT02", "RT03", "RT04", "RT05", "SS02", "SS05"}


def thing(room, name):
    return getattr(importlib.import_module(f"mmlearn_edu.{room}"), name)


@pytest.mark.parametrize(("room", "name"), NAMES)
def test_documented_as_numpydoc_asks(room, name):
    documented = thing(room, name)
    if not (inspect.isclass(documented) or inspect.isfunction(documented)):
        assert isinstance(documented, (int, tuple))  # a constant explains itself where it is defined
        return
    # ipywidgets' classes document no parameters (drag_centroids & co. make them) and warn when looked through
    is_widget = room == "widgets" and inspect.isclass(documented)
    with pytest.warns(DeprecationWarning, match="deprecated") if is_widget else nullcontext():
        found = validate(f"{documented.__module__}.{documented.__qualname__}")["errors"]
    allowed = LEFT_TO_THE_WRITER | ({"PR01"} if is_widget else set())
    assert [f"{code} {message}" for code, message in found if code not in allowed] == []


def test_every_name_is_in_a_notebook_or_promised_to_one():
    shown = set(used_in(ROOT / "notebooks" / "source"))
    promised = Counter(name for names in NOT_YET.values() for name in names)
    public = {f"{room}.{name}" for room, name in NAMES}
    assert [name for name, count in promised.items() if count > 1] == []
    assert sorted(public - shown - set(promised)) == [], "use them in a chapter, or add them to docs/not_yet.toml"
    assert sorted(set(promised) & shown) == [], "they are in a notebook now: take them out of docs/not_yet.toml"
    assert sorted(set(promised) - public) == [], "docs/not_yet.toml promises names that do not exist"


def test_promises_name_chapters_of_the_map():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [chapter for chapter in NOT_YET if f"`{chapter}`" not in readme] == ["behind the scenes"]


# the site's own theme draws all names beside each page, which takes longer than everything else
@pytest.fixture(scope="module", params=["basic", pytest.param("furo", marks=pytest.mark.slow)])
def site(request, tmp_path_factory):
    """Build it as `make docs` does, but beside a copy: a test writes nothing into the repository."""
    folder = tmp_path_factory.mktemp("site")
    source = shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns("_build", "api"))
    options = ["-q", "-W", "--keep-going", "-b", "html", "-D", f"html_theme={request.param}"]
    command = [sys.executable, "-m", "sphinx", *options, source, folder / "html"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-4000:]
    return folder / "html"


def test_the_site_has_a_page_for_every_name(site):
    for room, name in NAMES:
        page = (site / "api" / f"{room}.{name}.html").read_text(encoding="utf-8")
        assert f'id="mmlearn_edu.{room}.{name}"' in page
        assert "Used in " in page or "Planned: " in page


def test_the_site_has_a_page_for_every_example(site):
    """Its table, what it was measured on, and its script."""
    scripts = [path for path in (ROOT / "docs" / "examples").glob("*.py") if path.stem != "run"]
    assert scripts
    for path in scripts:
        page = (site / "examples" / f"{path.stem}.html").read_text(encoding="utf-8")
        assert "published" in page
        assert "seeds, commit" in page
        assert '<span class="nf">rows</span>' in page  # the script, with its colours


def test_the_site_asks_no_other_machine(site):
    """A formula, font or script from a server elsewhere would leave a reader without a network with holes."""
    fetched = re.compile(r"<(?:script|img|iframe)[^>]*src=.https?:|<link[^>]*rel=.stylesheet[^>]*href=.https?:")
    pages = [*site.rglob("*.html")]
    assert len(pages) > len(NAMES)
    assert [page.name for page in pages if fetched.search(page.read_text(encoding="utf-8"))] == []
    assert "<math" in (site / "api" / "representations.PCA.html").read_text(encoding="utf-8")
