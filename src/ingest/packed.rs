//! A cell in eight bytes: a number is its own bits; everything else hides in the payload of a quiet NaN, which no file
//! can produce because NaN itself is stored as one fixed pattern. Deliberately absent: the texts (the sheet owns them).

use super::raw::{RawCell, RawSheet};

/// A packed cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packed(u64);

const TAG: u32 = 48;
const EMPTY: u64 = 0xFFF9;
const TEXT: u64 = 0xFFFA;
const LONG: u64 = 0xFFFB;
const BOOL: u64 = 0xFFFC;
const ERROR: u64 = 0xFFFD;
const ISO: u64 = 0xFFFE;
const NAN: u64 = 0x7FF8 << TAG;

/// What a span of text is.
#[derive(Clone, Copy)]
pub(super) enum Sort {
    Text,
    Error,
    Iso,
}

impl Packed {
    pub const NOTHING: Self = Self(EMPTY << TAG);

    pub fn number(number: f64) -> Self {
        Self(if number.is_nan() { NAN } else { number.to_bits() })
    }

    pub const fn truth(value: bool) -> Self {
        Self(BOOL << TAG | value as u64)
    }

    /// A span of the sheet's texts; `None` when it does not fit (then it is a long one).
    pub fn span(sort: Sort, offset: usize, length: usize) -> Option<Self> {
        let tag = match sort {
            Sort::Text => TEXT,
            Sort::Error => ERROR,
            Sort::Iso => ISO,
        };
        let (offset, length) = (u32::try_from(offset).ok()?, u16::try_from(length).ok()?);
        Some(Self(tag << TAG | u64::from(offset) << 16 | u64::from(length)))
    }

    /// A text that the sheet lists among its long ones.
    pub const fn long(index: u32) -> Self {
        Self(LONG << TAG | index as u64)
    }

    pub const fn is_nothing(self) -> bool {
        self.0 >> TAG == EMPTY
    }

    pub const fn is_error(self) -> bool {
        self.0 >> TAG == ERROR
    }

    #[inline]
    pub fn unpack(self, sheet: &RawSheet) -> RawCell<'_> {
        let body = self.0 & ((1 << TAG) - 1);
        let text = || sheet.text((body >> 16) as usize, (body & 0xFFFF) as usize);
        match self.0 >> TAG {
            EMPTY => RawCell::Empty,
            TEXT => RawCell::Text(text()),
            ERROR => RawCell::Error(text()),
            ISO => RawCell::Iso(text()),
            BOOL => RawCell::Bool(body == 1),
            LONG => {
                let (offset, length) = sheet.long.get(body as usize).copied().unwrap_or_default();
                RawCell::Text(sheet.text(offset, length))
            }
            _ => RawCell::Number(f64::from_bits(self.0)),
        }
    }
}
