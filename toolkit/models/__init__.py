"""Values become estimates, each with its interval and with what a reader must know."""
