"""Chapter 10-kmeans."""

from mmlearn_edu.checks.authoring import chapter

CHAPTER = chapter("10-kmeans", "k-means", minutes=50)
