"""A class: hand-ins are collected, run in a sandbox, judged outside of it, and reported."""

__all__: list[str] = []
