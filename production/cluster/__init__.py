"""Builds on other machines: a scheduler of Dask, its workers, and what travels."""
