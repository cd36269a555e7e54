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
    let mut last = None;
    let mut add = |letter: char| {
        if last != Some(letter) || letter.is_ascii_digit() {
            out.push(letter);
            last = Some(letter);
        }
    };
    let mut rest = latin.as_str();
    while let Some(c) = rest.chars().next() {
        let used = if let Some((text, used)) = sound(c, rest) {
            text.chars().for_each(&mut add);
            used
        } else {
            add(c);
            c.len_utf8()
        };
        rest = rest.get(used..).unwrap_or_default();
    }
    out
}

/// One sound at the beginning of the rest, and how many letters it took; `None` for a letter that sounds as it is.
fn sound(c: char, rest: &str) -> Option<(&'static str, usize)> {
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
    // No group begins with another letter.
    if matches!(c, 's' | 'c' | 'z' | 'k' | 't' | 'p' | 'q' | 'y' | 'j' | 'i')
        && let Some((group, out)) = GROUPS.iter().find(|(group, _)| rest.starts_with(group))
    {
        return Some((out, group.len()));
    }
    let one = match c {
        'c' if matches!(rest.as_bytes().get(1), Some(b'e' | b'i' | b'y')) => "c",
        'c' | 'q' => "k",
        'x' => "ks",
        'w' => "v",
        'y' | 'j' => "i",
        _ => return None,
    };
    Some((one, 1))
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
