"""The Prefect flows: thin, over ``cleaners``."""

from flows import quiet as quiet  # before any module here imports Prefect
