//! Which cards and calls a premium looks at, which findings its rules give, and why a line is only shown. Deliberately absent:
//! bands (`bands`), scores (`cards`).
