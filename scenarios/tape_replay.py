"""A tape played back: the agent runs offline, in virtual time, against the answers it once got.

Every request that differs from the recorded one is reported. A tape is what `brygga record --out DIR` leaves.
"""
