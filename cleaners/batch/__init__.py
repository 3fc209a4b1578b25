"""Cleans many documents in shards, so that any run can be stopped anywhere and taken up again.

Nothing here knows what calls it: a flow of Prefect, a scheduler of Dask or a loop. There is no state but the files:
an output whose trail tells that it was made from these bytes with these settings is current, and is left alone.
"""
