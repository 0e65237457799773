import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def headless():
    """Draw into memory, and never into a window or into the next test."""
    plt.switch_backend("agg")
    yield
    plt.close("all")
