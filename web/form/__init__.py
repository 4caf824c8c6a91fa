"""A page of the form, whoever shows it: what stands on it, how it is drawn, what it says when it comes back.

It knows the engine's door and nothing of cases, of the database, or of requests.
"""
