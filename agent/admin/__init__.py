"""The admin: pages in a browser. They read the journal and leave wishes for the agent; they decide nothing.

How a page is added stands in docs/admin-pages.md.
"""
