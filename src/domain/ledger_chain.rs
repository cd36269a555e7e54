//! The chain of hashes over ledger entries.
