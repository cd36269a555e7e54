//! What a word sounds like, in plain Latin letters. Deliberately absent: look-alike letters (`text`), any language but
//! those written in Cyrillic or Latin letters.

/// What a word sounds like in plain Latin letters, so that a transliteration meets its original: `Alfa`, `Альфа`, `Alpha`.
/// Only for comparing: different words may share a skeleton.
pub fn skeleton(word: &str) -> String {
    let mut latin = String::with_capacity(word.len());
    for c in word.chars() {
        match transliterated(c) {
            Some(text) => latin.push_str(text),
            None => latin.push(c),
        }
    }
    let mut out = String::with_capacity(latin.len());
    let bytes: Vec<char> = latin.chars().collect();
    let mut i = 0;
    while let Some(&c) = bytes.get(i) {
        let rest = bytes.get(i..).unwrap_or_default();
        let (text, used) = sound(c, rest);
        for letter in text.chars() {
            if !out.ends_with(letter) || letter.is_ascii_digit() {
                out.push(letter);
            }
        }
        i += used;
    }
    out
}

/// One sound at the beginning of the rest, and how many letters it took.
fn sound(c: char, rest: &[char]) -> (String, usize) {
    const GROUPS: [(&str, &str); 25] = [
        ("shch", "w"),
        ("sch", "w"),
        ("sh", "w"),
        ("ch", "q"),
        ("zh", "j"),
        ("kh", "h"),
        ("ts", "c"),
        ("tz", "c"),
        ("ph", "f"),
        ("th", "t"),
        ("ck", "k"),
        ("qu", "kv"),
        ("yu", "u"),
        ("ju", "u"),
        ("iu", "u"),
        ("ya", "a"),
        ("ja", "a"),
        ("ia", "a"),
        ("yo", "e"),
        ("jo", "e"),
        ("ye", "e"),
        ("je", "e"),
        ("ie", "e"),
        ("iy", "i"),
        ("yi", "i"),
    ];
    for (group, out) in GROUPS {
        if group.chars().enumerate().all(|(i, g)| rest.get(i) == Some(&g)) {
            return (out.to_owned(), group.len());
        }
    }
    let one = match c {
        'c' if matches!(rest.get(1), Some('e' | 'i' | 'y')) => "c",
        'c' | 'q' => "k",
        'x' => "ks",
        'w' => "v",
        'y' | 'j' => "i",
        other => return (other.to_string(), 1),
    };
    (one.to_owned(), 1)
}

const fn transliterated(c: char) -> Option<&'static str> {
    Some(match c {
        'а' | 'ә' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' | 'ғ' => "g",
        'д' => "d",
        'е' | 'э' | 'є' => "e",
        'ж' => "zh",
        'з' => "z",
        'и' | 'і' | 'ї' | 'ы' => "i",
        'й' => "y",
        'к' | 'қ' => "k",
        'л' => "l",
        'м' => "m",
        'н' | 'ң' => "n",
        'о' | 'ө' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ұ' | 'ү' => "u",
        'ф' => "f",
        'х' | 'һ' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' | 'щ' => "sh",
        'ъ' | 'ь' => "",
        'ю' => "yu",
        'я' => "ya",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transliteration_sounds_like_its_original() {
        for (a, b) in [
            ("альфа", "alpha"),
            ("ромашка", "romashka"),
            ("россия", "rossiya"),
            ("щукин", "shchukin"),
            ("юпитер", "jupiter"),
            ("восход", "voskhod"),
            ("капитал", "capital"),
            ("яшма", "yashma"),
            ("центр", "tsentr"),
        ] {
            assert_eq!(skeleton(a), skeleton(b), "{a} {b}");
        }
    }
}
