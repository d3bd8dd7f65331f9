"""Where the real agent meets the simulators: in memory, in virtual time, from a seed.

The only place that may import both sides.
"""
