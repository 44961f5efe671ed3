"""Facts and contacts as a desk looks at them, and everything that speaks them."""
