"""Chapter 08-pca."""

from mmlearn_edu.checks.authoring import chapter

CHAPTER = chapter("08-pca", "Principal components", minutes=50)
