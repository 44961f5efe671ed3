"""Places that editions are published to, one module each."""
