"""The sources that a person keeps."""
