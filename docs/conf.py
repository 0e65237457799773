"""How `make docs` builds the site. No font, script or picture of it comes from another machine."""

import sys
from pathlib import Path

import mmlearn_edu

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "mmlearn_edu"
copyright = "2026, the mmlearn_edu authors"  # Sphinx's name for it
version = release = mmlearn_edu.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "numpydoc",
    "myst_parser",
    "rooms",
    "example_pages",
    "mathml",
]
html_theme = "furo"
html_title = "mmlearn_edu"
html_static_path = ["_static"]
html_css_files = ["site.css"]
exclude_patterns = ["_build", "examples/RESULTS.md"]  # the published figures stand in the examples' own pages
myst_heading_anchors = 3
nitpicky = False
smartquotes = False  # init="pca" is code, also where a type is written

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say more than the annotations: shapes, units, ranges
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
