"""The commands behind cli.py, by what they are about: options in, one call, words out."""
