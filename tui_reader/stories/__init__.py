"""What turns a heap of articles into a front page; pure functions."""
