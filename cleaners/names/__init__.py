"""Names that reached English by way of Japanese or Chinese: an index of places, keys of sound, ranked candidates."""
