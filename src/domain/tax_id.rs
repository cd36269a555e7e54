//! ИНН and КПП. ИНН: 10 digits (legal entity) or 12 (person, ИП) with checksums of the Federal Tax Service's order
//! (weights below); КПП: nine characters, shape only. A number whose leading zero was lost is restored and marked
//! as weaker evidence. Deliberately absent: ОГРН (its own issue of matching), any look-up in a register.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How sure an ИНН is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InnStrength {
    /// A leading zero was restored; one random number in ten (in a hundred for 12 digits) passes the check by chance.
    Restored,
    /// As written, checksum right.
    Exact,
}

/// A valid ИНН: 10 or 12 digits, checksum right, not all zeros.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Inn(String);

impl Inn {
    /// Accepts exactly 10 or 12 digits with a right checksum.
    pub fn new(digits: &str) -> Option<Self> {
        checksum_holds(digits).then(|| Self(digits.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it belongs to a person or ИП (12 digits).
    pub fn is_person(&self) -> bool {
        self.0.len() == 12
    }

    /// Region of the tax office that gave it: the first two digits.
    pub fn region(&self) -> &str {
        &self.0[..2]
    }
}

impl fmt::Display for Inn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// КПП: `NNNNPPXXX`, digits but for `PP`, which may hold A-Z.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kpp(String);

impl Kpp {
    /// Accepts the shape; restores one lost leading zero (8 digits).
    pub fn parse(raw: &str) -> Option<Self> {
        let mut text: String = raw.trim().trim_end_matches(".0").chars().filter(|c| !c.is_whitespace()).collect();
        if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
            text.insert(0, '0');
        }
        let bytes = text.as_bytes();
        let shape = bytes.len() == 9
            && bytes
                .iter()
                .enumerate()
                .all(|(i, b)| b.is_ascii_digit() || ((i == 4 || i == 5) && b.is_ascii_uppercase()));
        (shape && text != "000000000").then_some(Self(text))
    }

    /// The nine characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Every valid ИНН and КПП that a cell holds: `7701234567/770101001`, several numbers after card merges, a stray letter,
/// `7701234560.0` of a number cell, a lost leading zero (marked). Scientific notation is refused: its digits are lost.
pub fn read_cell(raw: &str) -> (Vec<(Inn, InnStrength)>, Vec<Kpp>) {
    let (mut inns, mut kpps) = (Vec::new(), Vec::new());
    let cleaned = raw.trim().trim_end_matches(".0").replace('\u{a0}', " ");
    if cleaned.contains("E+") || cleaned.contains("e+") {
        return (inns, kpps);
    }
    for part in cleaned.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()) {
        let padded = || format!("0{part}");
        let found = match part.len() {
            10 | 12 => Inn::new(part).map(|inn| (inn, InnStrength::Exact)),
            // Nine digits behind an ИНН are its КПП; alone they may be an ИНН that lost its zero.
            9 if inns.is_empty() => Inn::new(&padded()).map(|inn| (inn, InnStrength::Restored)),
            11 => Inn::new(&padded()).map(|inn| (inn, InnStrength::Restored)),
            _ => None,
        };
        match found {
            Some(found) if !inns.contains(&found) => inns.push(found),
            Some(_) => {}
            None => kpps.extend(Kpp::parse(part)),
        }
    }
    (inns, kpps)
}

fn checksum_holds(text: &str) -> bool {
    if !text.bytes().all(|b| b.is_ascii_digit()) || text.bytes().all(|b| b == b'0') {
        return false;
    }
    let digit = |at: usize| text.as_bytes().get(at).map(|b| u32::from(b - b'0'));
    let control = |weights: &[u32]| {
        let sum: u32 = weights.iter().zip(text.bytes()).map(|(weight, b)| weight * u32::from(b - b'0')).sum();
        Some(sum % 11 % 10)
    };
    match text.len() {
        10 => control(&[2, 4, 10, 3, 5, 9, 4, 6, 8]) == digit(9),
        12 => {
            control(&[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == digit(10)
                && control(&[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == digit(11)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_of_the_reference_hold() {
        for good in ["7707083893", "4253052543", "7701234560", "7743013901", "500100732259", "0105043805"] {
            assert!(Inn::new(good).is_some(), "{good}");
        }
        for bad in ["7743013902", "7701234567", "500100732249", "0000000000", "000000000000", "77070838", "770708389x"]
        {
            assert!(Inn::new(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn cells_as_people_write_them() {
        let one = |raw: &str| read_cell(raw).0.first().map(|(inn, s)| (inn.to_string(), *s));
        assert_eq!(one("7701234560.0"), Some(("7701234560".into(), InnStrength::Exact)));
        assert_eq!(one("105043805"), Some(("0105043805".into(), InnStrength::Restored)));
        assert_eq!(one("7707083893д"), Some(("7707083893".into(), InnStrength::Exact)));
        assert_eq!(one("7.70123E+09"), None);
        let (inns, kpps) = read_cell("7707083893/770101001");
        assert_eq!((inns.len(), kpps[0].as_str()), (1, "770101001"));
        assert_eq!(read_cell("7707083893, 7701234560").0.len(), 2);
    }
}
