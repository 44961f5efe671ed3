"""The shared vocabulary: frozen values, units and errors that every craft speaks.

Standard library only, and nothing here opens a file of the workspace, reads the clock
or knows what a craft does with a value.
"""
