//! The schema of the regulation file: as checked in, as strict as the reader and no stricter, with the reader's own keys.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::{Map, Value};
use sverka::config::{load_with, policy_schema::schema, problem::Problem};

use super::EVERYTHING;
use crate::app::{PEOPLE, POLICY, day, write_company};

const CHECKED_IN: &str = include_str!("../../../config/policy.schema.json");
const SHIPPED: &str = include_str!("../../../config/policy.toml");

/// What the reader says of a policy: problems that stop it.
fn read(policy: &Value) -> Vec<Problem> {
    let dir = tempfile::tempdir().expect("a folder");
    write_company(&dir, "", &toml::to_string(&as_toml(policy)).expect("TOML"), PEOPLE);
    let today: NaiveDate = day("2026-11-16");
    match load_with(&dir.path().join("sverka.toml"), std::iter::empty(), today) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.problems.into_iter().filter(|p| !p.warning).collect(),
    }
}

/// A policy as an editor's schema sees it: dates are texts.
fn as_json(text: &str) -> Value {
    as_json_value(toml::Value::Table(text.parse().expect("TOML")))
}

fn as_json_value(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(at) => Value::String(at.to_string()),
        toml::Value::Array(items) => items.into_iter().map(as_json_value).collect(),
        toml::Value::Table(table) => Value::Object(table.into_iter().map(|(k, v)| (k, as_json_value(v))).collect()),
        other => serde_json::to_value(other).expect("JSON"),
    }
}

/// The same back: the reader takes dates as texts too.
fn as_toml(value: &Value) -> toml::Value {
    match value {
        Value::Array(items) => toml::Value::Array(items.iter().map(as_toml).collect()),
        Value::Object(map) => toml::Value::Table(map.iter().map(|(k, v)| (k.clone(), as_toml(v))).collect()),
        Value::Number(n) => toml::Value::Integer(n.as_i64().expect("whole")),
        Value::String(text) => toml::Value::String(text.clone()),
        Value::Bool(flag) => toml::Value::Boolean(*flag),
        Value::Null => toml::Value::String(String::new()),
    }
}

fn accepts(policy: &Value) -> bool {
    jsonschema::is_valid(&schema(), policy)
}

#[test]
fn the_checked_in_schema_is_the_one_the_program_prints() {
    assert_eq!(
        serde_json::from_str::<Value>(CHECKED_IN).expect("JSON"),
        schema(),
        "sverka policy schema > config/policy.schema.json"
    );
    assert!(jsonschema::meta::is_valid(&schema()), "it is a schema");
}

#[test]
fn policies_that_are_read_are_valid() {
    for text in [SHIPPED, POLICY, EVERYTHING, super::PLAIN] {
        let policy = as_json(text);
        assert!(read(&policy).is_empty(), "{:?}", read(&policy));
        let errors: Vec<String> = jsonschema::validator_for(&schema())
            .expect("a schema")
            .iter_errors(&policy)
            .map(|e| format!("{}: {e}", e.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

/// Every table of a policy, as a path.
fn tables(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            found.push(path.to_owned());
            for (key, value) in map {
                tables(value, &format!("{path}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                tables(item, &format!("{path}/{at}"), found);
            }
        }
        _ => {}
    }
}

/// The schema of the table at a path of a policy; `None` where the company's own words are keys.
fn schema_at<'a>(schema: &'a Value, policy: &Value, path: &str) -> Option<&'a Map<String, Value>> {
    let (mut at, mut value) = (schema, policy);
    for part in path.split('/').skip(1) {
        value = value.get(part).or_else(|| value.get(part.parse::<usize>().ok()?)).expect("the path");
        at = if let Some(items) = at.get("items") {
            match items.get("oneOf") {
                Some(kinds) => kinds
                    .as_array()
                    .expect("kinds")
                    .iter()
                    .find(|kind| kind["properties"]["kind"]["const"] == value["kind"])
                    .expect("the kind"),
                None => items,
            }
        } else {
            at.get("properties").and_then(|keys| keys.get(part)).or_else(|| at.get("additionalProperties"))?
        };
    }
    at.get("properties")?.as_object()
}

#[test]
fn the_reader_knows_the_keys_of_the_schema_and_no_others() {
    let (schema, policy) = (schema(), as_json(EVERYTHING));
    let mut paths = Vec::new();
    tables(&policy, "", &mut paths);
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in paths {
        let Some(keys) = schema_at(&schema, &policy, &path) else { continue };
        let listed: BTreeSet<String> = keys.keys().cloned().collect();
        let mut wrong = policy.clone();
        let table = if path.is_empty() { &mut wrong } else { wrong.pointer_mut(&path).expect("a table") };
        table["qqqqqqqqqq"] = Value::Bool(true);
        assert!(!accepts(&wrong), "{path}: the schema takes any key");
        let problem = read(&wrong).into_iter().find(|p| p.message.en.contains("qqqqqqqqqq"));
        let hint = problem.and_then(|p| p.hint).unwrap_or_else(|| panic!("{path}: the reader takes any key"));
        let known = hint.en.strip_prefix("possible here: ").unwrap_or_else(|| panic!("{path}: {}", hint.en));
        let known: BTreeSet<String> = known.split(", ").map(str::to_owned).collect();
        assert_eq!(known, listed, "{path}");
        seen.insert(path, listed);
    }
    // The policy has a table for every object of the schema.
    let objects = schema.to_string().matches("\"additionalProperties\":false").count();
    let shapes: BTreeSet<&BTreeSet<String>> = seen.values().collect();
    assert!(objects > 15 && shapes.len() >= 14, "{objects} objects, {} shapes", shapes.len());
    for kind in schema
        .pointer("/properties/version/items/properties/rule/items/oneOf")
        .and_then(Value::as_array)
        .expect("kinds")
    {
        let name = kind["properties"]["kind"]["const"].as_str().expect("a name");
        assert!(EVERYTHING.contains(&format!("kind = \"{name}\"")), "{name} is not tried");
    }
}

/// Every leaf and table below, as a path.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), v)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, v)| (at.to_string(), v)).collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        let path = format!("{path}/{key}");
        places(child, &path, found);
        found.push(path);
    }
}

#[test]
fn what_the_schema_refuses_the_reader_refuses_and_wrong_types_both() {
    let policy = as_json(EVERYTHING);
    let mut paths = Vec::new();
    places(&policy, "", &mut paths);
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    for path in paths {
        let (parent, key) = path.rsplit_once('/').expect("a parent");
        // Without the key.
        let mut without = policy.clone();
        let table = if parent.is_empty() { &mut without } else { without.pointer_mut(parent).expect("a parent") };
        if let Some(map) = table.as_object_mut() {
            map.remove(key);
            let problems = read(&without);
            if !validator.is_valid(&without) {
                assert!(!problems.is_empty(), "{path}: the schema asks for what the reader does not");
            }
            let missing = problems.iter().any(|p| p.message.en == format!("the key `{key}` is missing"));
            assert!(!missing || !validator.is_valid(&without), "{path}: the reader asks for what the schema does not");
        }
        // With a value of another type: nothing takes true for a text, a list or a table, nor a list of lists for a flag.
        let mut wrong = policy.clone();
        let place = wrong.pointer_mut(&path).expect("a place");
        *place = if place.is_boolean() { Value::from(7) } else { Value::Bool(true) };
        assert!(!validator.is_valid(&wrong), "{path}: the schema takes any type");
        assert!(!read(&wrong).is_empty(), "{path}: the reader takes any type");
    }
}
