"""Answers: what is visible and computed, what is wrong with them, the filings they become."""
