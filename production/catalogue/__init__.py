"""Feeds and pages as values and documents, from what the ledger says is published."""
