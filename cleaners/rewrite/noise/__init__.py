"""Noise: what translation does to a correct sentence, so that a model can learn to undo it."""
