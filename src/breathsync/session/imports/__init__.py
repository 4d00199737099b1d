"""Foreign files -> inputs: one reader a format; what a file is gets recognised, never guessed."""
