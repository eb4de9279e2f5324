"""Plain classes that carry out the actions of a screen; testable without one."""
