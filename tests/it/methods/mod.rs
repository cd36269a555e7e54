//! The thirteen ways of keeping a CRM filled, each from spreadsheets to mails: one company lives through November under a
//! regulation that uses them all, and every file here looks at what one way brought, as its reader sees it.
//!
//! Six people sell to four clients each. Three of them are the pilot; three are new. What they enter, and when, is in `world`.

mod story;
mod world;

mod english;

mod n01_automation;
mod n02_anonymous;
mod n03_upkeep;
mod n04_stricter_first;
mod n05_new_hires;
mod n06_company;
mod n07_models;
mod n08_training;
mod n09_duties;
mod n10_regulation;
mod n11_game;
mod n12_head_decides;
mod n13_pilot;

pub(crate) use story::{in_english, section, story};
