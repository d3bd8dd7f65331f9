"""How fast, how frugal, how large: one question a file, each run by `brygga bench`.

Seconds on a shared computer are noisy, so the figures that count are ratios within one run, the CPU time of the agent's
own process, and counts. Simulators run as processes of their own, on this computer alone.
"""
