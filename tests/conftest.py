"""What holds for every test."""

from hypothesis import settings

# A test proves behaviour and never times: an example may take as long as a busy computer makes it take.
settings.register_profile("brygga", deadline=None)
settings.load_profile("brygga")
