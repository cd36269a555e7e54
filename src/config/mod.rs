//! Configuration: embedded defaults, then the file, then the environment.
