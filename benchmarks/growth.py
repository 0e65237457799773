"""How time grows with rows, columns and components or clusters: benchmarks/growth.png, ours and scikit-learn's.

scikit-learn's CCA is not drawn: it iterates, and takes minutes where this picture takes seconds.
"""

import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn import cluster as sk_cluster
from sklearn import decomposition as sk_decomposition

from mmlearn_edu.clustering import KMeans
from mmlearn_edu.plots import COLOURS, MARKERS
from mmlearn_edu.representations import CCA, PCA

HERE = Path(__file__).resolve().parent
ROWS, COLUMNS, COUNT = 4000, 64, 8  # what stays when another size grows
GRIDS = {"rows": [500, 1000, 2000, 4000, 8000, 16000], "columns": [16, 32, 64, 128, 256], "count": [2, 4, 8, 16]}
LABELS = {"rows": "rows", "columns": "columns (of each view)", "count": "components or clusters"}
ROUNDS = 3


def pca(X, n):
    PCA(n).fit(X)


def sklearn_pca(X, n):
    sk_decomposition.PCA(n).fit(X)


def kmeans(X, n):
    KMeans(n, init=X[:n], max_iter=20).fit(X)


def sklearn_kmeans(X, n):
    sk_cluster.KMeans(n, init=X[:n], n_init=1, max_iter=20, tol=0).fit(X)


def cca(X, n):
    CCA(n).fit({"left": X, "right": X[:, ::-1] ** 3})


METHODS = {
    "PCA": pca,
    "PCA, scikit-learn": sklearn_pca,
    "k-means, 20 rounds": kmeans,
    "k-means, scikit-learn": sklearn_kmeans,
    "CCA": cca,
}


def best(method, rows, columns, count):
    X = np.random.default_rng(0).normal(size=(rows, columns))
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        method(X, count)
        times.append(time.perf_counter() - start)
    return min(times)


def main():
    figure, axes = plt.subplots(1, 3, figsize=(12, 4.2), sharey=True, layout="constrained")
    for ax, (grown, grid) in zip(axes, GRIDS.items(), strict=True):
        for number, (name, method) in enumerate(METHODS.items()):
            sizes = [{"rows": ROWS, "columns": COLUMNS, "count": COUNT, grown: value} for value in grid]
            line = ":" if "scikit" in name else "-"
            style = {"color": COLOURS[number // 2], "marker": MARKERS[number // 2], "linestyle": line}
            ax.loglog(grid, [best(method, **size) for size in sizes], label=name, markersize=4, **style)
        ax.set(xlabel=LABELS[grown], xticks=grid[::2], xticklabels=grid[::2])
        ax.minorticks_off()
        ax.grid(alpha=0.3)
    axes[0].set_ylabel("seconds, best of 3")
    axes[0].legend(fontsize=8)
    figure.suptitle(
        f"One size grows; the others stay at {ROWS} rows, {COLUMNS} columns, {COUNT} components or clusters"
    )
    figure.savefig(HERE / "growth.png", dpi=110)


if __name__ == "__main__":
    main()
