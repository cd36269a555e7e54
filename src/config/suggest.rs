//! "Did you mean": the nearest known word by edit distance. Deliberately absent: guessing what was meant and using it.

use rapidfuzz::distance::osa;

use crate::domain::text::Text;

/// The known word nearest to what was written, if it is near enough (a third of its letters, at least one, may differ).
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = written.to_lowercase();
    known
        .into_iter()
        .map(|word| (osa::distance(lower.chars(), word.to_lowercase().chars()), word))
        .min()
        .filter(|(distance, word)| *distance <= (word.chars().count() / 3).max(1))
        .map(|(_, word)| word)
}

/// «возможно, имелось в виду …», or the list of what is known when nothing is near.
pub fn advice(written: &str, known: &[&str]) -> Text {
    if let Some(word) = nearest(written, known.iter().copied()) {
        return Text::new(format!("возможно, имелось в виду `{word}`"), format!("did you mean `{word}`?"));
    }
    let list = known.join(", ");
    if list.is_empty() {
        Text::new("здесь ничего не указывается", "nothing can be set here")
    } else {
        Text::new(format!("возможно здесь: {list}"), format!("possible here: {list}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_word_is_suggested() {
        let known = ["host", "port", "allowed_domains"];
        assert_eq!(nearest("hots", known), Some("host"));
        assert_eq!(nearest("alowed_domain", known), Some("allowed_domains"));
        assert_eq!(nearest("colour", known), None);
    }
}
