//! The short code of a ledger line that people read out, type and write into a mail: derived from the entry, the same for
//! ever, and wrong when mistyped. Deliberately absent: who may do what with a line (`dispute`).
//!
//! `0001-7Q`: the position in the chain in base 32 (four signs at least), one sign of the entry's seal (a code of another
//! company or of a ledger that was restored does not fit), one check sign. Digits and Latin letters without I, L, O, U; what
//! looks like one of them is read as it, in Cyrillic too. The check sign is a weighted sum in the field of 32 elements with a
//! weight of its own for each place: it finds every single wrong sign and every two that were exchanged.

use std::fmt;

use super::ledger::LedgerEntry;

const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineCode {
    /// Position in the chain.
    pub seq: i64,
    /// Five bits of the entry's seal.
    tag: u8,
}

/// Why a text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoCode {
    /// It does not look like one.
    Form,
    /// It looks like one, but the check sign does not fit: a sign is wrong.
    Check,
}

impl LineCode {
    /// The code of a posted entry.
    pub fn of(entry: &LedgerEntry) -> Self {
        Self { seq: entry.seq, tag: tag(&entry.hash) }
    }

    /// Whether the code is that entry's.
    pub fn fits(self, entry: &LedgerEntry) -> bool {
        self == Self::of(entry)
    }

    /// Reads a code as people type it: small letters, spaces, any dash, Cyrillic letters of the same shape.
    pub fn parse(text: &str) -> Result<Self, NoCode> {
        let mut values = Vec::new();
        for sign in text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—' | '−')) {
            values.push(value(sign).ok_or(NoCode::Form)?);
        }
        let [place @ .., tag, check] = values.as_slice() else { return Err(NoCode::Form) };
        if !(4..=12).contains(&place.len()) {
            return Err(NoCode::Form);
        }
        let seq = place.iter().fold(0_i64, |sum, digit| sum * 32 + i64::from(*digit));
        let code = Self { seq, tag: *tag };
        // A leading zero too many is another text with the same meaning: only the shortest is a code.
        if seq < 1 || code.digits().len() != place.len() {
            return Err(NoCode::Form);
        }
        if code.check() == *check { Ok(code) } else { Err(NoCode::Check) }
    }

    /// Digits of the position, at least four.
    fn digits(self) -> Vec<u8> {
        let (mut digits, mut rest) = (Vec::new(), self.seq.max(0));
        while rest > 0 || digits.len() < 4 {
            digits.push(u8::try_from(rest % 32).unwrap_or_default());
            rest /= 32;
        }
        digits.reverse();
        digits
    }

    fn check(self) -> u8 {
        let digits = self.digits();
        let signs = digits.iter().chain(std::iter::once(&self.tag));
        let mut weight = 2;
        signs.fold(0, |sum, sign| {
            let part = times(*sign, weight);
            weight = times(weight, 2);
            sum ^ part
        })
    }
}

impl fmt::Display for LineCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = |value: u8| SIGNS.get(usize::from(value)).map_or('0', |byte| char::from(*byte));
        let place: String = self.digits().into_iter().map(sign).collect();
        write!(f, "{place}-{}{}", sign(self.tag), sign(self.check()))
    }
}

/// The first five bits of a seal.
fn tag(hash: &str) -> u8 {
    let mut digits = hash.chars().filter_map(|c| c.to_digit(16));
    let (first, second) = (digits.next().unwrap_or(0), digits.next().unwrap_or(0));
    u8::try_from(first * 2 + second / 8).unwrap_or_default()
}

/// The value of a sign.
fn value(sign: char) -> Option<u8> {
    let upper = sign.to_uppercase().next().unwrap_or(sign);
    let latin = match upper {
        'О' | 'O' => '0',
        'I' | 'L' => '1',
        'А' => 'A',
        'В' => 'B',
        'С' => 'C',
        'Е' => 'E',
        'Н' => 'H',
        'К' => 'K',
        'М' => 'M',
        'Р' => 'P',
        'Т' => 'T',
        'Х' => 'X',
        'У' => 'Y',
        other => other,
    };
    SIGNS.iter().position(|byte| char::from(*byte) == latin).and_then(|at| u8::try_from(at).ok())
}

/// Product in the field of 32 elements, modulo x^5 + x^2 + 1.
const fn times(a: u8, b: u8) -> u8 {
    let (mut a, mut b, mut product) = (a & 31, b & 31, 0);
    while b > 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        a <<= 1;
        if a & 32 != 0 {
            a ^= 0b10_0101;
        }
        b >>= 1;
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(seq: i64, hash: &str) -> LineCode {
        LineCode { seq, tag: tag(hash) }
    }

    #[test]
    fn a_code_reads_back_as_people_type_it() {
        let one = code(1, "ff00");
        assert_eq!(one.to_string().get(..5), Some("0001-"));
        for seq in [1, 31, 32, 1_000, 1_048_575, 1_048_576, 33_000_000] {
            for hash in ["00", "7f", "ff"] {
                let code = code(seq, hash);
                let text = code.to_string();
                assert_eq!(LineCode::parse(&text), Ok(code), "{text}");
                assert_eq!(LineCode::parse(&text.to_lowercase().replace('-', " ")), Ok(code), "{text}");
                let cyrillic = text.replace('A', "А").replace('B', "в").replace('0', "о").replace('X', "Х");
                assert_eq!(LineCode::parse(&cyrillic), Ok(code), "{cyrillic}");
            }
        }
        for text in ["", "1", "0001", "00001-00", "0001-7Q-7Q-0000000000", "№0001-7Q", "0000-00"] {
            assert!(LineCode::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_wrong_sign_and_every_exchange_is_found() {
        for seq in [1, 77, 4_095, 99_999, 2_000_000] {
            let text: Vec<char> = code(seq, "a5").to_string().chars().filter(|c| *c != '-').collect();
            for at in 0..text.len() {
                for sign in SIGNS.iter().map(|byte| char::from(*byte)).filter(|sign| *sign != text[at]) {
                    let mut wrong = text.clone();
                    wrong[at] = sign;
                    assert!(LineCode::parse(&wrong.iter().collect::<String>()).is_err(), "{wrong:?}");
                }
                for other in at + 1..text.len() {
                    let mut wrong = text.clone();
                    wrong.swap(at, other);
                    assert!(wrong == text || LineCode::parse(&wrong.iter().collect::<String>()).is_err(), "{wrong:?}");
                }
            }
        }
    }
}
