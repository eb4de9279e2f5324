"""Collections on disk: folders, archives and front matter."""
