"""Prefect flows: thin callers of the library in ``cleaners``."""
