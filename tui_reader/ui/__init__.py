"""The reader on the screen, made with Textual."""
