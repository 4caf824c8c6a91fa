"""For whoever writes templates and shows them: checks, proofs, samples, figures, explanations."""
