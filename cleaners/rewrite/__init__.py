"""The guarded rewrite: a seq2seq model proposes, and what it says counts only as far as it proves itself.

A sentence is rewritten only where a finding is left open in it. Names, numbers and dates are masked before the model
sees it (:mod:`cleaners.rewrite.masking`), its candidates are minimised and put to the proof
(:mod:`cleaners.rewrite.proof`), and what passes is a finding of stage ``rewrite`` like any other. Nothing here imports
torch or transformers before a sentence really has to be rewritten.
"""
