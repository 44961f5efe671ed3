"""Pictures of feeds: given by a producer, or drawn with our own fonts."""
