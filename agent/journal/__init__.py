"""What the agent remembers: one SQLite file, one writing connection, one transaction a step.

The systems hold the truth; the journal remembers what was seen, what was decided and what is under way, so that a
start after a crash is an ordinary start. A lost journal doubles nothing: documents are found in Mamut again.
"""
