//! What revisions share is no revision.
