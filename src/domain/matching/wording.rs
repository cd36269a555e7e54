//! Pieces of evidence in words, in both languages: as lines of a waterfall and as the short reason of a candidate. Words are
//! shown as they were written on either side. Deliberately absent: any bits of its own, verdicts (`reason`).

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::{
    comparison::InnLevel,
    evidence::{Item, Left, Likeness, PersonPart, Piece, Side},
    likeness::slip,
    naming::{NameLevel, NameLikeness},
    place::Basis,
    vocabulary::Word,
    words::Words,
};
use crate::domain::{
    crm::KnownRecord,
    normalise::{name::Name, text::as_cyrillic},
    party::Counterparty,
    text::Text,
};

/// Words as both sides wrote them; read when the first of them is asked for.
pub(super) struct Written<'a> {
    words: &'a Words,
    party: &'a Counterparty,
    record: &'a KnownRecord,
    ours: OnceCell<Spelt>,
    theirs: OnceCell<Spelt>,
}

type Spelt = FxHashMap<Word, String>;

impl<'a> Written<'a> {
    pub fn new(party: &'a Counterparty, record: &'a KnownRecord, words: &'a Words) -> Self {
        Self { words, party, record, ours: OnceCell::new(), theirs: OnceCell::new() }
    }

    fn ours(&self) -> &Spelt {
        self.ours.get_or_init(|| {
            let card = self.party.card.as_deref().map(|card| card.full_name.as_str());
            let spellings = self.party.spellings.iter().map(|s| s.name.as_str());
            read(std::iter::once(self.party.name.as_str()).chain(spellings).chain(card), self.words)
        })
    }

    fn theirs(&self) -> &Spelt {
        let record = &self.record.record;
        self.theirs.get_or_init(|| read([record.title.as_str(), &record.full_name].into_iter(), self.words))
    }

    fn of(&self, side: Side, word: Word) -> &str {
        let map = if side == Side::Ours { self.ours() } else { self.theirs() };
        map.get(&word).map_or(self.words.text(word), String::as_str)
    }

    /// Whether the two sides wrote the word in different alphabets.
    fn transliterated(&self, word: Word) -> bool {
        let (Some(a), Some(b)) = (self.ours().get(&word), self.theirs().get(&word)) else { return false };
        let latin = |text: &str| text.chars().any(|c| c.is_ascii_alphabetic());
        a != b && latin(a) != latin(b)
    }
}

fn read<'t>(texts: impl Iterator<Item = &'t str>, words: &Words) -> Spelt {
    let mut map = Spelt::default();
    for word in texts.flat_map(|text| Name::new(text).words) {
        let folded = as_cyrillic(&word).and_then(|folded| words.known(&folded));
        for number in words.known(&word).into_iter().chain(folded) {
            map.entry(number).or_insert_with(|| word.clone());
        }
    }
    map
}

fn text(ru: &str, en: &str) -> Text {
    Text::new(ru, en)
}

/// Code and wording of one piece.
pub(super) fn line(item: &Item, written: &Written<'_>) -> (&'static str, Text) {
    let good = item.bits >= 0.0;
    match item.piece {
        Piece::Start => {
            ("start", text("до сравнения: одна из всех карточек", "before looking: one record out of all of them"))
        }
        Piece::Word(word) => ("word", same_word(word, written)),
        Piece::Alike(a, b) => ("alike", alike(a, b, written)),
        Piece::Acronym(_) => ("acronym", text("первые буквы слов", "first letters of words")),
        Piece::Initials(_) => ("initials", text("название и его первые буквы", "the name and its first letters")),
        Piece::Together => (
            "together",
            text("название, написанное слитно, почти то же", "the name written together is nearly the same"),
        ),
        Piece::AtMost => (
            "at_most",
            text("вместе слова стоят меньше, чем порознь", "together the words are worth less than one by one"),
        ),
        Piece::NoMore => ("no_more", text("дороже такое название не стоит", "such a name is worth no more")),
        Piece::Short => ("short", text("название очень короткое", "the name is very short")),
        Piece::Alone(word, side, why) => ("alone", alone(word, side, why, written)),
        Piece::LeftOut => (
            "left_out",
            text("короткое название целиком стоит в длинном", "all of the short name stands in the long one"),
        ),
        Piece::BothDiffer => {
            ("both_differ", text("у каждого названия есть свои слова", "each name has words of its own"))
        }
        Piece::Unlike => ("unlike", text("название другое", "the name differs")),
        Piece::Person(part, how) => ("person", person(part, how)),
        Piece::Form(ours, theirs) => ("form", form(ours, theirs)),
        Piece::Partial => ("partial", text("только часть в кавычках", "only the part in quotation marks")),
        Piece::Mail => ("mail", text("адрес почты составлен из названия", "the mail address is made of the name")),
        Piece::Inn(level) => ("inn", inn(level)),
        Piece::Kpp(true) => ("kpp", text("КПП совпал", "КПП agrees")),
        Piece::Kpp(false) => ("kpp", text("КПП другой", "another КПП")),
        Piece::Phone => ("phone", text("телефон совпал", "the phone agrees")),
        Piece::Email => ("email", text("e-mail совпал", "the e-mail agrees")),
        Piece::Domain => ("domain", text("домен почты совпал", "the mail domain agrees")),
        Piece::Place(basis) => ("place", place(basis, good)),
        Piece::Code => ("code", text("код учёта стоит в карточке CRM", "the record holds the accounting code")),
        Piece::Floor => (
            "floor",
            text("такое сходство показывают человеку всегда", "so much in common is always shown to a person"),
        ),
        Piece::Rivals => ("rivals", text("на карточку претендуют другие", "others claim the record")),
        Piece::Calibration => {
            ("calibration", text("поправка по решениям этой компании", "shift learned from this company's decisions"))
        }
    }
}

fn same_word(word: Word, written: &Written<'_>) -> Text {
    let (a, b) = (written.of(Side::Ours, word), written.of(Side::Theirs, word));
    if a == b {
        return Text::new(format!("слово «{a}»"), format!("the word “{a}”"));
    }
    Text::new(format!("слово «{a}», в CRM «{b}»"), format!("the word “{a}”, “{b}” in the CRM"))
}

fn alike(a: Word, b: Word, written: &Written<'_>) -> Text {
    let (x, y) = (written.of(Side::Ours, a), written.of(Side::Theirs, b));
    if slip(a, b, written.words).is_some() {
        Text::new(format!("описка: «{x}» и «{y}»"), format!("a slip: “{x}” and “{y}”"))
    } else {
        Text::new(format!("сокращение: «{x}» и «{y}»"), format!("cut short: “{x}” and “{y}”"))
    }
}

fn alone(word: Word, side: Side, why: Left, written: &Written<'_>) -> Text {
    let name = written.of(side, word);
    let (ru, en) = match side {
        Side::Ours => ("только в учёте", "only in accounting"),
        Side::Theirs => ("только в CRM", "only in the CRM"),
    };
    let (why_ru, why_en) = match why {
        Left::OwnTown => (", город карточки", ", the record's town"),
        Left::Number => (", номер", ", a number"),
        Left::Remark => (", пометка", ", a remark"),
        Left::Town => (", город", ", a town"),
        Left::Word => ("", ""),
    };
    Text::new(format!("{ru}: «{name}»{why_ru}"), format!("{en}: “{name}”{why_en}"))
}

fn person(part: PersonPart, how: Likeness) -> Text {
    let (ru, en) = match part {
        PersonPart::Surname => ("фамилия", "surname"),
        PersonPart::Given => ("имя", "given name"),
        PersonPart::Patronymic => ("отчество", "patronymic"),
    };
    let (how_ru, how_en) = match how {
        Likeness::Same => ("совпадает", "agrees"),
        Likeness::Slip => ("с опиской", "with a slip"),
        Likeness::Letter => ("первая буква та же", "same first letter"),
        Likeness::Other => ("другое", "differs"),
    };
    Text::new(format!("{ru}: {how_ru}"), format!("{en}: {how_en}"))
}

fn form(ours: Option<&str>, theirs: Option<&str>) -> Text {
    let upper = |form: Option<&str>| form.map(str::to_uppercase);
    match (upper(ours), upper(theirs)) {
        (Some(a), Some(b)) if a == b => Text::new(format!("форма {a} у обоих"), format!("the form {a} on both")),
        (Some(a), Some(b)) => {
            Text::new(format!("форма {a} в учёте, {b} в CRM"), format!("the form {a} in accounting, {b} in the CRM"))
        }
        (Some(a), None) => Text::new(format!("форма {a} только в учёте"), format!("the form {a} only in accounting")),
        (None, Some(b)) => Text::new(format!("форма {b} только в CRM"), format!("the form {b} only in the CRM")),
        (None, None) => text("форма не указана", "no form written"),
    }
}

pub(super) fn inn(level: InnLevel) -> Text {
    match level {
        InnLevel::Unknown => text("ИНН нет", "no ИНН"),
        InnLevel::Same => text("ИНН совпал", "ИНН agrees"),
        InnLevel::SameRestored => text("ИНН совпал после восстановления нуля", "ИНН agrees after restoring a zero"),
        InnLevel::SameDigits => text("налоговый номер совпал как написан", "the tax number agrees as written"),
        InnLevel::Near => {
            text("ИНН отличается одной цифрой: похоже на описку", "ИНН differs in one digit: looks like a slip")
        }
        InnLevel::Different => text("ИНН в CRM другой", "another ИНН in the CRM"),
    }
}

fn place(basis: Basis, same: bool) -> Text {
    match (basis, same) {
        (Basis::Region, true) => text("регион тот же", "the same region"),
        (Basis::Region, false) => text("регион другой", "another region"),
        (Basis::Town, true) => text("город тот же", "the same town"),
        (Basis::Town, false) => text("город другой", "another town"),
        (Basis::TownOfRegion, true) => text("город CRM в том же регионе", "the CRM's town is in the same region"),
        (Basis::TownOfRegion, false) => text("город CRM в другом регионе", "the CRM's town is in another region"),
        (Basis::AreaCode, true) => text("код телефона того же региона", "the phone's area code is of the same region"),
        (Basis::AreaCode, false) => text("код телефона другого региона", "the phone's area code is of another region"),
    }
}

/// Nothing about a place is worth a word below this, bits.
const TELLING: f64 = 1.0;
/// Words named of each kind.
const NAMED: usize = 3;

/// What the names and places say, in short phrases; the numbers are the caller's.
pub(super) fn phrases(name: NameLikeness, items: &[Item], written: &Written<'_>) -> (Vec<Text>, Vec<Text>) {
    let mut parts = vec![title(name, items, written)];
    let words = |items: &mut dyn Iterator<Item = Word>, side: Side| -> String {
        let all: Vec<String> = items.take(NAMED).map(|word| format!("«{}»", written.of(side, word))).collect();
        all.join(", ")
    };
    if name.level == NameLevel::Equal
        && items.iter().any(|i| matches!(i.piece, Piece::Word(w) if written.transliterated(w)))
    {
        parts.push(text("одно из них латиницей", "one of them transliterated"));
    }
    for item in items {
        if let Piece::Alike(a, b) = item.piece {
            parts.push(alike(a, b, written));
        }
    }
    if name.level == NameLevel::Partly {
        let both = words(
            &mut items.iter().filter_map(|i| if let Piece::Word(w) = i.piece { Some(w) } else { None }),
            Side::Ours,
        );
        if !both.is_empty() {
            parts.push(Text::new(format!("общее: {both}"), format!("in common: {}", english(&both))));
        }
    }
    if name.level != NameLevel::Unlike {
        for (side, ru, en) in
            [(Side::Ours, "только в учёте", "only in accounting"), (Side::Theirs, "только в CRM", "only in the CRM")]
        {
            let of = |i: &Item| if let Piece::Alone(w, s, _) = i.piece { (s == side).then_some(w) } else { None };
            let list = words(&mut items.iter().filter_map(of), side);
            if !list.is_empty() {
                parts.push(Text::new(format!("{ru}: {list}"), format!("{en}: {}", english(&list))));
            }
        }
    }
    if items.iter().any(|i| i.piece == Piece::Mail && i.bits > 0.0) {
        parts.push(text("адрес почты составлен из названия", "the mail address is made of the name"));
    }
    let places = items.iter().filter_map(|item| match item.piece {
        Piece::Place(basis) if item.bits.abs() > TELLING => Some(place(basis, item.bits > 0.0)),
        _ => None,
    });
    (parts, places.collect())
}

fn english(list: &str) -> String {
    list.replace('«', "“").replace('»', "”")
}

fn title(name: NameLikeness, items: &[Item], written: &Written<'_>) -> Text {
    let has = |wanted: fn(&Piece) -> bool| items.iter().any(|item| wanted(&item.piece));
    match name.level {
        NameLevel::Equal => equal(name, items, written),
        NameLevel::Alike if has(|p| matches!(p, Piece::Together)) => {
            text("название почти совпало, если писать слитно", "the name nearly agrees when written together")
        }
        NameLevel::Alike if has(|p| matches!(p, Piece::Person(..))) => {
            text("имя человека совпало", "the person's name agrees")
        }
        NameLevel::Alike => text("название почти совпало", "the name nearly agrees"),
        NameLevel::Initials => text("совпали фамилия и инициалы", "surname and initials agree"),
        NameLevel::Partly if has(|p| matches!(p, Piece::Initials(_))) => {
            text("совпали первые буквы названия", "the first letters of the name agree")
        }
        NameLevel::Partly if has(|p| matches!(p, Piece::Unlike)) => text("название другое", "the name differs"),
        NameLevel::Partly if has(|p| matches!(p, Piece::Person(..))) => {
            text("фамилия та же, имя или отчество другое", "same surname, another given name or patronymic")
        }
        NameLevel::Partly => text("совпала часть названия", "part of the name agrees"),
        NameLevel::Unlike => text("название другое", "the name differs"),
    }
}

fn equal(name: NameLikeness, items: &[Item], written: &Written<'_>) -> Text {
    let form = items.iter().find_map(|i| if let Piece::Form(a, b) = i.piece { Some((a, b)) } else { None });
    let _ = written;
    match form {
        Some((Some(a), Some(b))) if a != b => {
            let (a, b) = (a.to_uppercase(), b.to_uppercase());
            let (ru, en) = if name.forms_differ { (", форма другая", ", another form") } else { ("", "") };
            Text::new(format!("название совпало{ru}: {a} и {b}"), format!("the name agrees{en}: {a} and {b}"))
        }
        Some((Some(one), None) | (None, Some(one))) => {
            let one = one.to_uppercase();
            Text::new(
                format!("название совпало после снятия {one}"),
                format!("the name agrees once {one} is taken off"),
            )
        }
        _ => text("название совпало", "the name agrees"),
    }
}
