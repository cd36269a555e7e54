//! sverka: reconciles what accounting sold with what salespeople entered in the CRM, and computes the bonus adjustments
//! of the company's own regulation.
//!
//! ```text
//! ingest ─▶ domain: normalise ─▶ matching ─▶ assess ─▶ adjust ─▶ gate ─▶ report ─▶ deliver
//!                                   store (SQLite or PostgreSQL) beside them
//! ```

// A daemon goes on whatever it reads: outside tests nothing gives up on a value.
#![cfg_attr(
    not(test),
    warn(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::todo,
        clippy::unimplemented
    )
)]

pub mod domain;

pub mod ingest;
pub mod store;
pub mod deliver;

pub mod config;
pub mod env;
pub mod error;
pub mod pipeline;

pub mod schedule;
pub mod web;
pub mod cli;
