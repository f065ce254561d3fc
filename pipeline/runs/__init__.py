"""What to do (plan), where it was done (state), who does it (engine), what came out (snapshot)."""
