//! The regulation as people read and sign it, rendered from the policy that is computed. Deliberately absent: markup
//! (`deliver`), where examples are looked up (`pipeline`), legal advice.

pub mod people;
pub mod signing;
