"""Reads the files of newsboat: feeds, rules and settings. Nothing in them is ever run."""
