//! Reports of failed delivery, as mail servers send them back: RFC 3464 parts, and the texts of Exim, Postfix and qmail.
//! Whatever it is given, it answers; what it does not recognise is no report. Deliberately absent: whether the mail was
//! ours, and what follows from it (`pipeline::bounces`).

use mail_parser::{HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::clean;
use crate::domain::bounce::BounceKind;

/// Message-IDs that are looked at: a report names one mail.
const MOST_IDS: usize = 40;
/// Longest words kept, characters.
const WORDS: usize = 300;

/// What a report says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BounceReport {
    /// The address it names; empty = none.
    pub address: String,
    /// What it means.
    pub kind: BounceKind,
    /// `5.1.1`; empty = not said.
    pub status: String,
    /// What the other server said, one line.
    pub words: String,
    /// Message-IDs that it mentions, with their angle brackets, the most telling first.
    pub ids: Vec<String>,
}

/// Reads a mail as a report of failed (or delayed) delivery; `None` when it is none: an answer, an absence note, a receipt.
pub fn read(bytes: &[u8]) -> Option<BounceReport> {
    let message = MessageParser::default().parse(bytes)?;
    // What stands in the part for programs counts, and its silence too.
    let mut report = match status_part(&message) {
        Some(part) => machine_readable(part)?,
        None => in_words(&message)?,
    };
    report.ids = ids(&message);
    report.words = clean::cut(&clean::line(&report.words), WORDS).into_owned();
    Some(report)
}

/// The part `message/delivery-status`.
fn status_part<'a, 'x>(message: &'a Message<'x>) -> Option<&'a MessagePart<'x>> {
    message.parts.iter().find(|part| {
        part.content_type().is_some_and(|t| {
            t.ctype().eq_ignore_ascii_case("message")
                && t.subtype().is_some_and(|s| {
                    s.eq_ignore_ascii_case("delivery-status") || s.eq_ignore_ascii_case("global-delivery-status")
                })
        })
    })
}

/// The worst of the recipients in the part for programs, if any was not reached.
fn machine_readable(status: &MessagePart<'_>) -> Option<BounceReport> {
    let text = String::from_utf8_lossy(status.contents()).into_owned();
    groups(&text).into_iter().filter_map(|fields| of_group(&fields)).max_by_key(|report| report.kind)
}

/// One group of fields about one recipient; `None` for the group about the mail, and for what was delivered.
fn of_group(fields: &[(String, String)]) -> Option<BounceReport> {
    let field = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    let address = field("original-recipient").or_else(|| field("final-recipient"))?;
    let status = field("status").and_then(status_in).unwrap_or_default();
    let kind = match field("action").unwrap_or_default().to_lowercase().as_str() {
        "delayed" => BounceKind::Delayed,
        "failed" => BounceKind::of_status(&status),
        // Without an action only a status that says failure is one.
        "" if status.starts_with('5') => BounceKind::of_status(&status),
        _ => return None,
    };
    let words = field("diagnostic-code").unwrap_or_default();
    let words = words.split_once(';').map_or(words, |(_, said)| said).trim().to_owned();
    let address = address.rsplit(';').next().unwrap_or_default().trim_matches(['<', '>', ' ']).to_owned();
    // A number in the words says more than the general 5.0.0.
    let said = status_in(&words).filter(|_| status.is_empty() || status.ends_with(".0.0"));
    let status = said.unwrap_or(status);
    let kind = if kind == BounceKind::Delayed { kind } else { BounceKind::of_status(&status) };
    Some(BounceReport { address, kind, status, words, ids: Vec::new() })
}

/// Groups of `name: value` lines, apart by empty lines; a line that begins with a blank continues the one before.
fn groups(text: &str) -> Vec<Vec<(String, String)>> {
    let mut groups: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            groups.push(Vec::new());
            continue;
        }
        let Some(group) = groups.last_mut() else { break };
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = group.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            group.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    groups
}

/// A report in words: only from a mail system itself, and never when it calls itself an automatic answer of a person.
fn in_words(message: &Message<'_>) -> Option<BounceReport> {
    let failed = header(message, "X-Failed-Recipients");
    let from = message.from().and_then(|f| f.first()).and_then(|a| a.address()).unwrap_or_default().to_lowercase();
    let system = ["mailer-daemon@", "postmaster@", "mail-daemon@"].iter().any(|name| from.starts_with(name))
        || matches!(from.as_str(), "mailer-daemon" | "postmaster");
    let replied = header(message, "Auto-Submitted").is_some_and(|v| v.to_lowercase().contains("auto-replied"));
    if failed.is_none() && (!system || (replied && !undelivered(message.subject().unwrap_or_default()))) {
        return None;
    }
    let body = message.body_text(0).map(|t| t.replace("\r\n", "\n")).unwrap_or_default();
    let own: Vec<&str> = body.lines().take_while(|line| !copy_follows(line)).collect();
    let whole = own.join("\n");
    let lower = format!("{}\n{}", message.subject().unwrap_or_default(), whole).to_lowercase();
    if failed.is_none() && !undelivered(&lower) {
        return None;
    }
    let address = failed
        .as_deref()
        .and_then(|list| list.split(',').next())
        .map(|a| a.trim().to_owned())
        .or_else(|| own.iter().find_map(|line| address_in(line)))
        .unwrap_or_default();
    let status = status_in(&whole).or_else(|| reply_code(&whole)).unwrap_or_default();
    let delayed = ["delayed", "will continue to", "still being retried", "no action is required", "задерж"];
    let kind = if delayed.iter().any(|mark| lower.contains(mark)) {
        BounceKind::Delayed
    } else if status.is_empty() {
        let for_good = ["permanent error", "permanent failure", "user unknown", "no such user", "unrouteable address"];
        if for_good.iter().any(|mark| lower.contains(mark)) { BounceKind::Hard } else { BounceKind::Soft }
    } else {
        BounceKind::of_status(&status)
    };
    let words = said(&own, &address);
    Some(BounceReport { address, kind, status, words, ids: Vec::new() })
}

fn undelivered(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "undeliver",
        "delivery failed",
        "delivery has failed",
        "delivery failure",
        "delivery status notification",
        "failure notice",
        "returned mail",
        "returning message to sender",
        "could not be delivered",
        "couldn't be delivered",
        "wasn't able to deliver",
        "wasn't delivered",
        "message delayed",
        "delivery delayed",
        "не доставлен",
        "недоставленн",
    ]
    .iter()
    .any(|mark| lower.contains(mark))
}

/// The line below which the returned mail begins: what stands there is ours and no cause.
fn copy_follows(line: &str) -> bool {
    let lower = line.to_lowercase();
    (line.starts_with("--") || line.starts_with('_'))
        && ["copy of the message", "copy of your message", "original message", "below this line", "исходное"]
            .iter()
            .any(|mark| lower.contains(mark))
}

/// What is said of the address: the rest of its line, and the lines that belong to it.
fn said(lines: &[&str], address: &str) -> String {
    let at = lines.iter().position(|line| !address.is_empty() && line.contains(address)).unwrap_or(0);
    let rest = lines.get(at).map(|line| line.replace(['<', '>'], "")).unwrap_or_default();
    let rest = rest.trim().trim_start_matches(address).trim_start_matches(':').trim().to_owned();
    let after = lines.iter().skip(at + 1).take_while(|line| !line.trim().is_empty()).take(6).map(|line| line.trim());
    std::iter::once(rest.as_str()).chain(after).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// An address in angle brackets, or one that is a line of its own.
fn address_in(line: &str) -> Option<String> {
    let bracketed = line.find('<').and_then(|from| {
        let rest = line.get(from + 1..)?;
        rest.get(..rest.find('>')?)
    });
    let candidate = bracketed.unwrap_or_else(|| line.trim().trim_end_matches(':'));
    let one = candidate.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
    (one && !candidate.contains(char::is_whitespace)).then(|| candidate.to_owned())
}

/// The first `5.1.1` (2, 4 or 5 in front) of a text.
fn status_in(text: &str) -> Option<String> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.')).map(|word| word.trim_matches('.')).find_map(|word| {
        let parts: Vec<&str> = word.split('.').collect();
        let [class, subject, detail] = parts.as_slice() else { return None };
        let short = |part: &&str| (1..=3).contains(&part.len());
        (matches!(*class, "2" | "4" | "5") && short(subject) && short(detail)).then(|| word.to_owned())
    })
}

/// A reply of SMTP, `550 …` at the beginning of a line or after a colon, as a status of its class.
fn reply_code(text: &str) -> Option<String> {
    text.lines().flat_map(|line| line.split(": ")).map(str::trim).find_map(|part| {
        let code = part.get(..3).filter(|code| code.bytes().all(|b| b.is_ascii_digit()))?;
        let ends = part.get(3..4).is_none_or(|next| next == " " || next == "-");
        let class = code.get(..1).filter(|class| ends && matches!(*class, "4" | "5"))?;
        Some(if code == "552" { "5.2.2".to_owned() } else { format!("{class}.0.0") })
    })
}

/// Message-IDs: of the returned mail, of the fields that name it, then any other in the text.
fn ids(message: &Message<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |text: &str| {
        for piece in text.split('<').skip(1) {
            let Some(id) = piece.split('>').next().filter(|id| id.contains('@') && !id.contains(char::is_whitespace))
            else {
                continue;
            };
            let id = format!("<{id}>");
            if found.len() < MOST_IDS && !found.contains(&id) {
                found.push(id);
            }
        }
    };
    for part in &message.parts {
        match &part.body {
            PartType::Message(inner) => {
                if let Some(id) = inner.message_id() {
                    add(&format!("<{id}>"));
                }
            }
            PartType::Text(text) => message_id_lines(text).for_each(&mut add),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                message_id_lines(&String::from_utf8_lossy(bytes)).for_each(&mut add);
            }
            PartType::Html(_) | PartType::Multipart(_) => {}
        }
    }
    for name in ["In-Reply-To", "References"] {
        if let Some(value) = header(message, name) {
            for id in value.split_whitespace() {
                let id = id.trim_matches(['<', '>']);
                add(&format!("<{id}>"));
            }
        }
    }
    found
}

fn message_id_lines(text: &str) -> impl Iterator<Item = &str> {
    let named = |line: &str| {
        let name = line.split(':').next().unwrap_or_default().trim();
        name.eq_ignore_ascii_case("message-id") || name.eq_ignore_ascii_case("x-original-message-id")
    };
    let mut follows = false;
    text.lines().filter(move |line| {
        // A long id stands on a line of its own below the name.
        let continues = follows && line.starts_with([' ', '\t']);
        follows = named(line);
        follows || continues
    })
}

/// The first header of the name, as text.
fn header(message: &Message<'_>, name: &str) -> Option<String> {
    match message.header(name)? {
        HeaderValue::Text(text) => Some(text.to_string()),
        HeaderValue::TextList(list) => Some(list.join(" ")),
        HeaderValue::Address(list) => {
            let all: Vec<&str> = list.iter().filter_map(|a| a.address()).collect();
            Some(all.join(","))
        }
        _ => None,
    }
}
