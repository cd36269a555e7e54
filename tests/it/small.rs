#![allow(warnings)]
mod app;
mod cli;
mod config;
mod laws;
mod oracle;
mod store;
