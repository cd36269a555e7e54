//! The one integration binary: modules, nothing else.

mod app;
mod cli;
mod config;
mod crm;
mod daemon;
mod deliver;
mod ingest;
mod laws;
mod matching;
mod methods;
mod oracle;
mod pipeline;
mod regulation;
mod review;
mod store;
mod tidy;
