//! Persons inside names: surname, given name and patronymic, in either order, whole or as initials.
//! Deliberately absent: declension, a dictionary of given names.

use super::forms::FormClass;

/// A person's name. Parts may be a single letter (an initial) or empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Surname.
    pub surname: String,
    /// Given name or its initial; empty when unknown.
    pub given: String,
    /// Patronymic or its initial; empty when unknown.
    pub patronymic: String,
}

impl Person {
    /// Key under which spellings of one person meet: surname and first letter of the given name.
    pub fn key(&self) -> String {
        format!("{} {}", self.surname, self.given.chars().next().map(String::from).unwrap_or_default())
    }

    /// Whether the given name is whole.
    pub fn is_full(&self) -> bool {
        letters(&self.given) > 1
    }
}

/// The person that the words name. With a sole trader's form any two or three words are a person; without it only what
/// looks like one: a patronymic, or a surname with initials.
pub fn parse(words: &[String], class: Option<FormClass>) -> Option<Person> {
    let [surname, given, patronymic] = parts(words, class)?.map(str::to_owned);
    Some(Person { surname, given, patronymic })
}

/// The same as it stands in the words: surname, given name, patronymic.
pub fn parts<'w>(words: &'w [String], class: Option<FormClass>) -> Option<[&'w str; 3]> {
    let sole = class == Some(FormClass::Sole);
    if class.is_some() && !sole {
        return None;
    }
    if words.len() > 3 || words.iter().any(|w| w.chars().any(|c| !is_letter(c))) {
        return None;
    }
    let short = |w: &str| letters(w) == 1;
    let person = |surname: &'w str, given: &'w str, patronymic: &'w str| Some([surname, given, patronymic]);
    #[expect(clippy::match_same_arms, reason = "each arm is one way to write a name; merged they cannot be read")]
    match words {
        [s] if sole && !short(s) => person(s, "", ""),
        [s, g] if !short(s) && short(g) => person(s, g, ""),
        [g, s] if short(g) && !short(s) => person(s, g, ""),
        [g, p] if is_patronymic(p) && !short(g) => person("", g, p),
        [a, b] if sole || looks_like_surname(a) || looks_like_surname(b) => {
            if !sole && !(looks_like_surname(a) ^ looks_like_surname(b)) {
                return None;
            }
            if looks_like_surname(b) && !looks_like_surname(a) { person(b, a, "") } else { person(a, b, "") }
        }
        [s, g, p] if !short(s) && short(g) && short(p) => person(s, g, p),
        [g, p, s] if short(g) && short(p) && !short(s) => person(s, g, p),
        [g, p, s] if is_patronymic(p) && !is_patronymic(s) && !short(s) => person(s, g, p),
        [s, g, p] if is_patronymic(p) && !short(s) => person(s, g, p),
        [s, g, p] if sole && !short(s) && !short(g) => person(s, g, p),
        _ => None,
    }
}

/// The same as the standard one, at once for the letters of nearly every name.
fn is_letter(c: char) -> bool {
    matches!(c, 'а'..='я' | 'a'..='z') || c.is_alphabetic()
}

fn letters(word: &str) -> usize {
    word.chars().count()
}

fn is_patronymic(word: &str) -> bool {
    const ENDS: [&str; 12] =
        ["ович", "евич", "ьич", "овна", "евна", "ична", "инична", "івна", "ївна", "йович", "оглы", "кызы"];
    letters(word) >= 5 && ENDS.iter().any(|end| word.ends_with(end))
}

fn looks_like_surname(word: &str) -> bool {
    const ENDS: [&str; 22] = [
        "ов",
        "ев",
        "ин",
        "ын",
        "ский",
        "цкий",
        "ой",
        "ова",
        "ева",
        "ина",
        "ына",
        "ская",
        "цкая",
        "ко",
        "ук",
        "юк",
        "ян",
        "дзе",
        "швили",
        "ець",
        "ських",
        "ых",
    ];
    letters(word) >= 4 && ENDS.iter().any(|end| word.ends_with(end)) && !is_patronymic(word)
}

#[cfg(test)]
mod tests {
    use crate::domain::normalise::name::Name;

    fn key(raw: &str) -> Option<String> {
        Name::new(raw).person().map(|p| p.key())
    }

    #[test]
    fn spellings_of_one_person_meet_under_one_key() {
        for raw in [
            "ИП Иванов И.И.",
            "Иванов Иван Иванович ИП",
            "Индивидуальный предприниматель Иванов Иван",
            "Иван Иванович Иванов",
            "И. И. Иванов",
            "Иванов И",
        ] {
            assert_eq!(key(raw).as_deref(), Some("иванов и"), "{raw}");
        }
    }

    #[test]
    fn a_company_is_no_person() {
        for raw in ["ООО Иванов Иван", "Северный ветер", "Рога и копыта", "Завод 5"]
        {
            assert_eq!(key(raw), None, "{raw}");
        }
    }
}
