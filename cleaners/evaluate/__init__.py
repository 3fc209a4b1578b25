"""Scoring: how much debris is found, how much of it is restored, what harm is done, what it all rests on.

Every figure stands beside a baseline and under a signature. Nothing here cleans by its own means: it asks the
same :class:`cleaners.engine.Cleaner` that users run.
"""
