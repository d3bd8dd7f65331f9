"""The merchant's processing rules: compiled once from the settings, run purely inside a step."""
