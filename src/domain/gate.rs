//! Judges whether a run may speak.
