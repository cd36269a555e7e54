//! Mails that contest a line: a reply saved as `.eml` into a folder is read when files are taken in. The sender's address
//! says who contests, a code in the text which line, a few words why. Such a mail opens disputes and does nothing else.
//! Deliberately absent: a mailbox, attachments, deciding by mail.

use std::{fs, path::Path};

use mail_parser::MessageParser;
use sha2::{Digest, Sha256};

use super::{
    App,
    disputes::{self, Asked},
};
use crate::{
    domain::{
        dispute::Claim,
        finding::{Finding, Severity, SourceRef},
        line_code::LineCode,
        text::Text,
    },
    error::Result,
};

/// Largest mail that is read; the text of a reply is short.
const MOST_BYTES: u64 = 1 << 20;
/// Lines that one mail may contest.
const MOST_CODES: usize = 50;

/// What a mail says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// Address of the sender.
    pub from: String,
    /// Codes in the order of the text, each with its claim.
    pub lines: Vec<(String, Claim, Option<String>)>,
    /// The text without what it quotes.
    pub text: String,
}

/// Reads every new mail of the folder; a remark for each that contests nothing, and for each line that cannot be contested.
pub async fn look(app: &App) -> Result<Vec<Finding>> {
    let Some(folder) = &app.config.disputes.folder else { return Ok(Vec::new()) };
    let mut files: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("eml")));
    files.sort();
    let mut remarks = Vec::new();
    for path in files {
        remarks.extend(one(app, &path).await?);
    }
    Ok(remarks)
}

async fn one(app: &App, path: &Path) -> Result<Vec<Finding>> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let Ok(size) = fs::metadata(path).map(|m| m.len()) else { return Ok(Vec::new()) };
    if size > MOST_BYTES {
        return Ok(vec![remark(
            &name,
            Text::new(
                "письмо больше 1 МиБ и не прочитано: перешлите ответ без вложений",
                "the mail is larger than 1 MiB and was not read: send the reply without attachments",
            ),
        )]);
    }
    let Ok(bytes) = fs::read(path) else { return Ok(Vec::new()) };
    let hash: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let known = tx.knows_reply_mail(&hash).await?;
    tx.commit().await?;
    if known {
        return Ok(Vec::new());
    }
    let mut remarks = Vec::new();
    let reply = read(&bytes);
    let sender =
        app.config.roster.people.iter().find(|p| !p.email.is_empty() && p.email.eq_ignore_ascii_case(&reply.from));
    match sender {
        None => remarks.push(remark(
            &name,
            Text::new(
                format!("отправителя {} нет в списке сотрудников: письмо ничего не оспорило", reply.from),
                format!("the sender {} is not among the people: the mail contested nothing", reply.from),
            ),
        )),
        Some(_) if reply.lines.is_empty() => remarks.push(remark(
            &name,
            Text::new(
                "в письме нет ни одного кода строки: впишите код из ведомости, например 0001-7Q",
                "the mail names no line code: write the code from the statement, such as 0001-7Q",
            ),
        )),
        Some(person) => {
            for (code, claim, crm_id) in reply.lines.iter().take(MOST_CODES) {
                let asked = Asked {
                    code: code.clone(),
                    claim: *claim,
                    crm_id: crm_id.clone(),
                    by: person.id.0.clone(),
                    note: reply.text.clone(),
                    source: hash.clone(),
                };
                if let Err(error) = disputes::open(app, &asked).await {
                    // The database failing is no property of the mail: it is read again at the next look.
                    if error.kind == crate::error::Kind::Store {
                        return Err(error);
                    }
                    remarks.push(remark(&name, error.message));
                }
            }
        }
    }
    let outcome = remarks.iter().map(|r| r.message.en.as_str()).collect::<Vec<_>>().join("\n");
    let mut tx = app.db.begin().await?;
    tx.add_reply_mail(&hash, &name, now, &outcome).await?;
    tx.commit().await?;
    Ok(remarks)
}

fn remark(name: &str, message: Text) -> Finding {
    Finding::new(Severity::Warn, "reply_mail", message).at(SourceRef::file(name))
}

/// Takes a mail apart. What it quotes (lines after «>», and everything below the first line that introduces a quotation) is
/// left out: the statement itself is full of codes that nobody contests.
pub fn read(bytes: &[u8]) -> Reply {
    let Some(message) = MessageParser::default().parse(bytes) else { return Reply::default() };
    let from = message.from().and_then(|from| from.first()).and_then(|a| a.address()).unwrap_or_default().to_owned();
    let body = message.body_text(0).map(|t| t.replace("\r\n", "\n")).unwrap_or_default();
    let mut own = Vec::new();
    for line in body.lines() {
        let plain = line.trim();
        if quotes_follow(plain) {
            break;
        }
        if !plain.starts_with('>') && !plain.is_empty() {
            own.push(plain.to_owned());
        }
    }
    let whole = own.join("\n");
    let mut lines: Vec<(String, Claim, Option<String>)> = Vec::new();
    for line in &own {
        for word in line.split(|c: char| c.is_whitespace() || ",;:()«»\"".contains(c)) {
            let Ok(code) = LineCode::parse(word.trim_end_matches('.')) else { continue };
            if word.contains(['-', '–', '—', '−']) && !lines.iter().any(|(known, ..)| *known == code.to_string())
            {
                // The words of its own line say more than those of the mail.
                let claim = claim(line).or_else(|| claim(&whole)).unwrap_or(Claim::NotMine);
                let id = (claim == Claim::InCrm).then(|| crm_id(line).or_else(|| crm_id(&whole))).flatten();
                lines.push((code.to_string(), claim, id));
            }
        }
    }
    Reply { from, lines, text: whole.chars().take(2_000).collect() }
}

/// «27.11.2026 17:00, Сверка пишет:», «-----Исходное сообщение-----», «On … wrote:», «От: …».
fn quotes_follow(line: &str) -> bool {
    let lower = line.to_lowercase();
    let marks = ["исходное сообщение", "original message", "пересылаемое сообщение", "forwarded message"];
    (lower.starts_with("--") && marks.iter().any(|mark| lower.contains(mark)))
        || lower.ends_with("пишет:")
        || lower.ends_with("писал(а):")
        || lower.ends_with("wrote:")
        || lower.starts_with("от: ")
        || lower.starts_with("from: ")
}

/// What the words claim.
fn claim(text: &str) -> Option<Claim> {
    let lower = text.to_lowercase().replace('ё', "е");
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if says(&["не мой", "не моя", "не мое", "чужой", "not mine", "not my"]) {
        Some(Claim::NotMine)
    } else if says(&["дубл", "duplicate", "дважды"]) {
        Some(Claim::Duplicate)
    } else if says(&["розниц", "частное лицо", "физлиц", "физическое лицо", "retail", "private person"])
    {
        Some(Claim::Retail)
    } else if says(&["не засчит", "не зачт", "не учли", "not credited"]) {
        Some(Claim::NotCredited)
    } else if says(&["в crm есть", "есть в crm", "в crm:", "in the crm", "in crm"]) {
        Some(Claim::InCrm)
    } else {
        None
    }
}

/// The number after «ID».
fn crm_id(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let at = lower.find("id")?;
    let rest = lower.get(at + 2..)?;
    let id: String = rest
        .trim_start_matches(|c: char| c.is_whitespace() || c == ':' || c == '№' || c == '#')
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-'))
        .collect();
    (!id.is_empty()).then_some(id)
}
