"""What axe-core finds wrong with a page, by the rules of WCAG 2.2 AA; contrast, and what a narrow window cuts off."""

import re

import pytest

__all__ = ["beyond_the_edge", "contrast", "luminance", "violations"]

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # of what passes only the first element is told, and a chapter has thousands
}


def violations(page, selector="html"):
    """Return, in words, what is wrong with what `selector` matches."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, context={"include": [[selector]]}, options=RULES).response
    assert "color-contrast" in {rule["id"] for rule in found["passes"]}, f"axe saw no text: {selector}"
    return [f"{each['id']}: {node['html'][:200]}" for each in found["violations"] for node in each["nodes"]]


def beyond_the_edge(page, width):
    """Return what of the page's main part stands beyond a window `width` pixels wide."""
    beyond = """(width) => [...document.querySelectorAll("main *")].filter((each) => {
      const box = each.getBoundingClientRect();
      return box.width && (box.right > width + 0.5 || box.left < -0.5);
    }).map((each) => each.outerHTML.slice(0, 100))"""
    return page.evaluate(beyond, width)


def luminance(colour):
    """Relative luminance of WCAG 2, of ``rgb(r, g, b)``."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)
