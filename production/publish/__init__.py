"""Publishing to a target: looked at, planned, refused or carried out."""
