//! The real daemon as a process: killed at random moments, stopped by a signal, started twice.

mod kill;
mod process;
mod sink;
