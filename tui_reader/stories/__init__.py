"""The rules for topics, quality, stories and heat; pure functions."""
