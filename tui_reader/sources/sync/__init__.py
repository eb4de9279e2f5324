"""Servers that reading is synchronised with: one interface, and a module for each protocol."""
