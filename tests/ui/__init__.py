"""What a person sees and does: through the pilot, and in a real terminal."""
