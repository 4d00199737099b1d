"""What a person sees: the window, or a quiet view in the terminal."""
