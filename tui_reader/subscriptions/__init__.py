"""The sources that the user follows, and the files that list them."""
