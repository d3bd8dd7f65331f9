"""What the merchant decides: one typed tree, read from `brygga.toml`, checked whole before anything starts."""
