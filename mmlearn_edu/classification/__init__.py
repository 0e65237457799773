"""A matrix and known classes in, the class of a new sample out."""

from mmlearn_edu.classification.gaussian_nb import GaussianNB
from mmlearn_edu.classification.logistic import LogisticRegression
from mmlearn_edu.classification.multinomial_nb import MultinomialNB
from mmlearn_edu.classification.pipelines import random_forest_pipeline, svm_pipeline

__all__ = [
    "GaussianNB",
    "LogisticRegression",
    "MultinomialNB",
    "random_forest_pipeline",
    "svm_pipeline",
]
