"""The guided set-up: settings put together step by step, each step tested live, nothing written before the last."""
