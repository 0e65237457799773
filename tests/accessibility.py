"""What axe-core finds wrong with a page, by the rules of WCAG 2.2 AA."""

import pytest

__all__ = ["violations"]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page, selector="html"):
    """Return, in words, what is wrong with what `selector` matches."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, context={"include": [[selector]]}, options=RULES).response
    assert "color-contrast" in {rule["id"] for rule in found["passes"]}, f"axe saw no text: {selector}"
    return [f"{each['id']}: {node['html'][:200]}" for each in found["violations"] for node in each["nodes"]]
