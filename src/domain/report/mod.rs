//! Models of what people read, not markup.
