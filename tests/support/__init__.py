"""What tests share: collections, servers, feeds and commands to run."""
