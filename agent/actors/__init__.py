"""Who does what, at once: readers look, directions decide and commit, writers do.

What is to be done stands in the journal; what crosses between actors is only a bell ("there is something for you")
and a question with its answer. So an actor that dies, or the whole process, starts again from the journal and nothing
else.
"""
