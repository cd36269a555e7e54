//! The conductor: the only place that knows all the stages.
