"""How codes, states, amounts and times are said to people, at the command line and in the admin alike."""
