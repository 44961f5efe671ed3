"""Words in: reads the workspace, resolves facts, spells out numbers, and checks.

Not shell scripts: a script here is the written word of a broadcast.
"""
