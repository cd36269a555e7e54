//! The clock that everything is handed. Deliberately absent: the wall clock anywhere else (`clippy.toml` forbids it).

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};

/// Source of the present instant.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock, moved by a fixed amount (zero in production; rehearsals start elsewhere).
    System(TimeDelta),
    /// A clock that tests and the demo move by hand.
    Manual(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Self {
        Self::System(TimeDelta::zero())
    }

    /// The machine's clock as if it were `start` now.
    pub fn starting_at(start: DateTime<Utc>) -> Self {
        Self::System(start - wall())
    }

    /// A clock standing at the instant.
    pub fn manual(at: DateTime<Utc>) -> Self {
        Self::Manual(Arc::new(Mutex::new(at)))
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System(shift) => wall() + *shift,
            Self::Manual(at) => *at.lock().unwrap_or_else(std::sync::PoisonError::into_inner),
        }
    }

    /// Moves a manual clock; the machine's clock stays.
    pub fn set(&self, instant: DateTime<Utc>) {
        if let Self::Manual(at) = self {
            *at.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = instant;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
fn wall() -> DateTime<Utc> {
    // Whole milliseconds: what the database keeps and what the ledger's hashes cover.
    DateTime::from_timestamp_millis(Utc::now().timestamp_millis()).unwrap_or(DateTime::UNIX_EPOCH)
}
