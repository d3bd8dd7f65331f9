"""`python -m agent.cli` is the command `brygga`."""

from agent.cli import main

if __name__ == "__main__":
    main()
