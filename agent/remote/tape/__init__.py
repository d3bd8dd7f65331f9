"""The running agent's traffic with both systems, kept as a tape that holds nobody's name and no secret."""
