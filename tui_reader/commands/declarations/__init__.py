"""The arguments of each command, in a module that is named as the one that runs it."""
