"""The ledger of what was handed out: read, written, merged, salvaged, rebuilt."""
