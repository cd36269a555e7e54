//! Health and metrics on localhost.
