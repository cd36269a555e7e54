//! Text of a page as a browser shows it: blanks squeezed, breaks kept, the no-break space left alone (it groups
//! thousands). Deliberately absent: preformatted text.

/// Text being collected.
#[derive(Default)]
pub(super) struct Flow {
    text: String,
    blank: bool,
    block: bool,
}

impl Flow {
    /// Adds text.
    pub fn push(&mut self, text: &str) {
        let mut words = text.split([' ', '\t', '\n', '\r', '\u{c}']);
        // The pieces between blanks; an empty one stands for a blank at an edge or for a second one in a row.
        let Some(first) = words.next() else { return };
        self.word(first);
        for word in words {
            self.blank = true;
            self.word(word);
        }
    }

    /// A break that is written.
    pub fn line_break(&mut self) {
        self.text.push('\n');
        self.blank = false;
        self.block = false;
    }

    /// An edge of a block: what follows begins a new line.
    pub fn block(&mut self) {
        self.block = true;
        self.blank = false;
    }

    /// The text, without blanks and breaks at its ends; begins anew.
    pub fn take(&mut self) -> String {
        let text = std::mem::take(self).text;
        let kept = text.trim_matches([' ', '\n']);
        if kept.len() == text.len() { text } else { kept.to_owned() }
    }

    fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        let at_start = self.text.is_empty() || self.text.ends_with('\n');
        if self.block && !at_start {
            self.text.push('\n');
        } else if self.blank && !at_start {
            self.text.push(' ');
        }
        self.blank = false;
        self.block = false;
        self.text.push_str(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_squeezed_and_breaks_and_no_break_spaces_are_kept() {
        let mut flow = Flow::default();
        for text in ["  ХОЛДИНГ \r\n ", "ВЕКТОР", " ООО "] {
            flow.push(text);
        }
        flow.line_break();
        flow.push(" ДС 1\u{a0}234,56 ");
        flow.block();
        flow.push("  \n");
        flow.block();
        flow.push("от");
        assert_eq!(flow.take(), "ХОЛДИНГ ВЕКТОР ООО\nДС 1\u{a0}234,56\nот");
        assert_eq!(flow.take(), "");
    }
}
