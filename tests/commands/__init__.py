"""Tests of the commands, most of them run as processes."""
