"""Plugins: Python packages of the merchant's own that change records on their way (docs/plugins.md)."""
