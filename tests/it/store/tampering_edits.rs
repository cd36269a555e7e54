//! Changes of the ledger as SQL, drawn from a number: any column, any row, any order, with the chain patched as well as
//! somebody can who does not have the key. Deliberately absent: running them.

use sverka::domain::{
    ledger::LedgerEntry,
    ledger_chain::{self, GENESIS},
};

/// SplitMix64: the same numbers from the same seed, everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

/// One change.
pub struct Edit {
    pub kind: &'static str,
    pub statements: Vec<String>,
}

const COLUMNS: &str = "id, posted_ms, run_id, pay_period, belongs_to, employee, subject, rule, kind, amount, \
                       policy_version, corrects, evidence, prev_hash, hash";

impl Edit {
    /// How many kinds `draw` knows.
    pub const KINDS: usize = 12;

    pub fn draw(random: &mut Random, entries: &[LedgerEntry]) -> Self {
        let count = entries.len();
        let at = random.below(count);
        let row = &entries[at];
        let seq = row.seq;
        // A change of one column is what most people would try.
        let (kind, statements) = match random.below(32) {
            0..=14 => ("column", vec![column(random, row, count)]),
            15 | 16 => ("delete", vec![format!("DELETE FROM ledger_entry WHERE seq = {seq}")]),
            17 | 18 => ("delete and close the gap", close_gap(row, entries, random)),
            19 => ("insert at the end", vec![copy_to(row, count as i64 + 1, random, &entries[count - 1].hash)]),
            20 => ("insert in between", insert_between(row, count, random)),
            21 | 22 => ("reorder", reorder(random, entries, at)),
            23 => ("cut the tail", cut(random, entries, false)),
            24 | 25 => ("restore an older state", cut(random, entries, true)),
            26 => ("empty", cut_to(entries, 0, true)),
            27 | 28 => ("seal anew with another key", reseal(random, entries, at)),
            29 | 30 => ("move money", move_money(random, entries, at)),
            _ => ("head", head(random, count)),
        };
        Self { kind, statements }
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Another text: one sign changed, added or taken away.
fn other_text(random: &mut Random, text: &str) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    let at = random.below(signs.len().max(1));
    match random.below(3) {
        0 if !signs.is_empty() => signs[at] = if signs[at] == '7' { '8' } else { '7' },
        1 if signs.len() > 1 => {
            signs.remove(at);
        }
        _ => signs.insert(at, ' '),
    }
    signs.into_iter().collect()
}

fn column(random: &mut Random, row: &LedgerEntry, count: usize) -> String {
    let entry = &row.entry;
    let months = ["2026-10", "2026-12", "2025-11", "2026-1", " 2026-11", "2026-011"];
    let json = |value: &dyn erased::Json| value.text();
    let (column, value) = match random.below(16) {
        0 => ("seq", (count + 1 + random.below(50)).to_string()),
        1 => ("id", quoted(&other_text(random, &row.id))),
        2 => ("posted_ms", (row.posted_at.timestamp_millis() + 1 + random.below(9_000_000) as i64).to_string()),
        3 => ("run_id", quoted(&other_text(random, &row.run))),
        4 => ("pay_period", quoted(months[random.below(months.len())])),
        5 => ("belongs_to", quoted(months[random.below(months.len())])),
        6 => ("employee", quoted(&other_text(random, &entry.key.employee.0))),
        7 => ("subject", quoted(&other_text(random, &entry.key.subject))),
        8 => ("rule", quoted(&other_text(random, &entry.key.rule))),
        9 => {
            let kinds = ["reduction", "premium", "cap_relief", "correction"];
            let own = kinds.iter().position(|k| *k == entry.kind.code()).expect("a kind");
            ("kind", quoted(kinds[(own + 1 + random.below(3)) % 4]))
        }
        10 => {
            let own = entry.amount.kopecks();
            let others = [own + 1, own - 1, -own, own * 10, own + 100_000];
            ("amount", others[random.below(others.len())].to_string())
        }
        11 => ("policy_version", quoted(&other_text(random, &entry.policy_version))),
        12 => ("corrects", quoted(&other_text(random, &json(&entry.corrects)))),
        13 => ("evidence", quoted(&other_text(random, &json(&entry.evidence)))),
        14 => ("prev_hash", quoted(&other_text(random, &row.prev_hash))),
        _ => ("hash", quoted(&other_text(random, &row.hash))),
    };
    format!("UPDATE ledger_entry SET {column} = {value} WHERE seq = {}", row.seq)
}

mod erased {
    /// Anything that is written as JSON.
    pub trait Json {
        fn text(&self) -> String;
    }

    impl<T: serde::Serialize> Json for T {
        fn text(&self) -> String {
            serde_json::to_string(self).expect("json")
        }
    }
}

/// The row again at another place, with an id of its own and linked to a seal.
fn copy_to(row: &LedgerEntry, seq: i64, random: &mut Random, prev: &str) -> String {
    let id = format!("copy-{}", random.next());
    let hash = if random.below(2) == 0 { row.hash.clone() } else { format!("{:064x}", random.next()) };
    let columns = COLUMNS
        .replacen("id", &quoted(&id), 1)
        .replace("prev_hash, hash", &format!("{}, {}", quoted(prev), quoted(&hash)));
    format!(
        "INSERT INTO ledger_entry (seq, {COLUMNS}) SELECT {seq}, {columns} FROM ledger_entry WHERE seq = {}",
        row.seq
    )
}

/// Moves every number from a place on, out of each other's way.
fn shift(from: i64, by: i64) -> Vec<String> {
    vec![
        format!("UPDATE ledger_entry SET seq = seq + 1000 WHERE seq >= {from}"),
        format!("UPDATE ledger_entry SET seq = seq - 1000 + {by} WHERE seq >= 1000"),
    ]
}

fn insert_between(row: &LedgerEntry, count: usize, random: &mut Random) -> Vec<String> {
    let mut all = vec![copy_to(row, count as i64 + 500, random, &row.hash)];
    all.extend(shift(row.seq + 1, 1));
    // The copy was moved with the others.
    all.push(format!("UPDATE ledger_entry SET seq = {} WHERE seq > 400", row.seq + 1));
    all
}

fn close_gap(row: &LedgerEntry, entries: &[LedgerEntry], random: &mut Random) -> Vec<String> {
    let mut all = vec![format!("DELETE FROM ledger_entry WHERE seq = {}", row.seq)];
    all.extend(shift(row.seq + 1, -1));
    if random.below(2) == 0 {
        let (seq, prev) = (row.seq, quoted(&row.prev_hash));
        all.push(format!("UPDATE ledger_entry SET prev_hash = {prev} WHERE seq = {seq}"));
        all.push(format!("UPDATE ledger_head SET seq = {}", entries.len() - 1));
    }
    all
}

fn reorder(random: &mut Random, entries: &[LedgerEntry], at: usize) -> Vec<String> {
    let other = (at + 1 + random.below(entries.len() - 1)) % entries.len();
    let (one, two) = (&entries[at], &entries[other]);
    let mut all = vec![
        format!("UPDATE ledger_entry SET seq = 1000 WHERE seq = {}", one.seq),
        format!("UPDATE ledger_entry SET seq = {} WHERE seq = {}", one.seq, two.seq),
        format!("UPDATE ledger_entry SET seq = {} WHERE seq = 1000", two.seq),
    ];
    if random.below(2) == 0 {
        // With the links patched to the new neighbours.
        all.push(format!("UPDATE ledger_entry SET prev_hash = {} WHERE seq = {}", quoted(&one.prev_hash), one.seq));
        all.push(format!("UPDATE ledger_entry SET prev_hash = {} WHERE seq = {}", quoted(&two.prev_hash), two.seq));
    }
    all
}

fn cut(random: &mut Random, entries: &[LedgerEntry], tidy: bool) -> Vec<String> {
    cut_to(entries, random.below(entries.len()), tidy)
}

/// Keeps the first entries only; tidied, nothing else in the database remembers the others.
fn cut_to(entries: &[LedgerEntry], kept: usize, tidy: bool) -> Vec<String> {
    let mut all = vec![format!("DELETE FROM ledger_entry WHERE seq > {kept}")];
    if tidy {
        let hash = kept.checked_sub(1).map_or(GENESIS, |last| &entries[last].hash);
        all.push(format!("UPDATE ledger_head SET seq = {kept}, hash = {}", quoted(hash)));
        all.push("DELETE FROM statement".to_owned());
    }
    all
}

/// Another amount, and every seal from there on computed as the program would, but with a guessed key.
fn reseal(random: &mut Random, entries: &[LedgerEntry], at: usize) -> Vec<String> {
    let key = random.next().to_be_bytes();
    let (mut all, mut prev) = (Vec::new(), entries[at].prev_hash.clone());
    for row in &entries[at..] {
        let mut entry = row.entry.clone();
        if row.seq == entries[at].seq {
            entry.amount += entry.amount;
        }
        let hash = ledger_chain::seal(&entry, row.seq, &row.id, row.posted_at, &row.run, &prev, &key);
        all.push(format!(
            "UPDATE ledger_entry SET amount = {}, prev_hash = {}, hash = {} WHERE seq = {}",
            entry.amount.kopecks(),
            quoted(&prev),
            quoted(&hash),
            row.seq
        ));
        prev = hash;
    }
    all.push(format!("UPDATE ledger_head SET hash = {}", quoted(&prev)));
    all.push(format!("UPDATE statement SET ledger_hash = {}", quoted(&prev)));
    all
}

/// From one person to another: no sum of the ledger changes.
fn move_money(random: &mut Random, entries: &[LedgerEntry], at: usize) -> Vec<String> {
    let other = (at + 1 + random.below(entries.len() - 1)) % entries.len();
    let sum = 1 + random.below(50);
    let change =
        |seq: i64, sign: &str| format!("UPDATE ledger_entry SET amount = amount {sign} {sum} WHERE seq = {seq}");
    vec![change(entries[at].seq, "+"), change(entries[other].seq, "-")]
}

fn head(random: &mut Random, count: usize) -> Vec<String> {
    let hash = quoted(&format!("{:064x}", random.next()));
    let all = [
        "DELETE FROM ledger_head".to_owned(),
        format!("UPDATE ledger_head SET seq = {}", count + 1),
        format!("UPDATE ledger_head SET hash = {hash}"),
        format!("UPDATE statement SET ledger_hash = {hash}"),
        format!("UPDATE statement SET ledger_seq = {}", random.below(count)),
    ];
    vec![all[random.below(all.len())].clone()]
}
