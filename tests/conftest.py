"""What holds for every test."""

import gc

from hypothesis import settings

# A test proves behaviour and never times: an example may take as long as a busy computer makes it take.
settings.register_profile("brygga", deadline=None)
settings.load_profile("brygga")


def pytest_collection_finish() -> None:
    """Six thousand collected tests stay until the end: garbage is not looked for among them again and again."""
    gc.collect()
    gc.freeze()
