"""A published folder as the world will see it, served on this computer."""
