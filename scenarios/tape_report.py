"""What a replayed tape showed: the requests that differ from the recorded ones, and where."""
