"""The report that people read in a browser: an index, and a page for each document, with no need of a network."""
