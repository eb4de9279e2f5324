"""The campaign: kills, full disks, damage, concurrency, random keys and fuzzing, until something is lost."""
