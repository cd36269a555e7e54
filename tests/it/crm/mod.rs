//! Tests of crm.
