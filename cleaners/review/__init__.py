"""The page on which people decide about findings: a small server for one person on one machine."""
