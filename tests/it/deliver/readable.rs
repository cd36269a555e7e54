//! A frozen mail as a person reads it, by another implementation than the one that wrote it.

use std::fmt::Write;

use mail_parser::{HeaderValue, MessageParser, MimeHeaders};
use sverka::domain::mail::FrozenMail;

/// Subject, text, HTML and attachments read back.
pub struct Read {
    pub subject: String,
    pub text: String,
    pub html: String,
    pub attachments: Vec<(String, Vec<u8>)>,
    /// By Content-ID.
    pub pictures: Vec<(String, Vec<u8>)>,
    pub headers: Vec<(String, String)>,
    pub message_id: String,
}

pub fn read(bytes: &[u8]) -> Read {
    let message = MessageParser::default().parse(bytes).expect("a message");
    let header = |name: &str| match message.header(name) {
        Some(HeaderValue::Text(text)) => text.to_string(),
        Some(HeaderValue::TextList(list)) => list.join(" "),
        Some(HeaderValue::Address(list)) => list
            .iter()
            .map(|a| format!("{} <{}>", a.name().unwrap_or_default(), a.address().unwrap_or_default()))
            .collect::<Vec<_>>()
            .join(", "),
        Some(HeaderValue::DateTime(at)) => at.to_rfc3339(),
        Some(other) => format!("{other:?}"),
        None => String::new(),
    };
    let names = [
        "From",
        "Reply-To",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "In-Reply-To",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "List-Id",
        "X-Sverka-Kind",
        "X-Sverka-Reason",
    ];
    Read {
        subject: message.subject().unwrap_or_default().to_owned(),
        text: message.body_text(0).map(|t| t.replace("\r\n", "\n")).unwrap_or_default(),
        html: if message.html_body_count() > 0 && message.text_body_count() > 0 {
            message.body_html(0).map(|t| t.replace("\r\n", "\n")).unwrap_or_default()
        } else {
            String::new()
        },
        attachments: message
            .attachments()
            .filter(|a| a.content_id().is_none())
            .map(|a| (a.attachment_name().unwrap_or_default().to_owned(), a.contents().to_vec()))
            .collect(),
        pictures: message
            .attachments()
            .filter_map(|a| Some((a.content_id()?.trim_matches(['<', '>']).to_owned(), a.contents().to_vec())))
            .collect(),
        headers: names.iter().map(|n| ((*n).to_owned(), header(n))).collect(),
        message_id: message.message_id().unwrap_or_default().to_owned(),
    }
}

/// Headers of interest, text part, HTML as text: what a reviewer looks at.
pub fn readable(mail: &FrozenMail) -> String {
    let read = read(&mail.bytes);
    let mut out = String::new();
    for (name, value) in &read.headers {
        let _ = writeln!(out, "{name}: {value}");
    }
    for (name, bytes) in &read.attachments {
        let _ = writeln!(out, "Attachment: {name} ({})", if bytes.is_empty() { "empty" } else { "filled" });
    }
    if !read.pictures.is_empty() {
        let _ = writeln!(out, "Pictures: {}", read.pictures.len());
    }
    let _ = write!(out, "\n===== text\n{}\n===== html\n{}", read.text, visible(&read.html));
    out.replace('\u{a0}', "·")
}

/// The text a reader of the HTML part sees: no tags, no head, no hidden preheader; one line per block.
pub fn visible(html: &str) -> String {
    let body = html.split_once("</head>").map_or(html, |(_, body)| body);
    let body = match (body.find("<div style=\"display:none"), body.find("</div>")) {
        (Some(from), Some(to)) => format!("{}{}", &body[..from], &body[to..]),
        _ => body.to_owned(),
    };
    let mut text = String::new();
    let mut rest = body.replace('\n', " ");
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        let close = rest[open..].find('>').map_or(rest.len(), |at| open + at + 1);
        let tag = rest[open..close].to_lowercase();
        // Who sees no picture reads its words.
        if let Some((_, words)) = rest[open..close].split_once(" alt=\"").filter(|_| tag.starts_with("<img")) {
            text.push_str(&format!("\n[picture: {}]\n", words.split('"').next().unwrap_or_default()));
        }
        if ["<br", "</p", "</h1", "</h2", "</tr", "</td", "</th"].iter().any(|t| tag.starts_with(t)) {
            text.push('\n');
        }
        rest = rest[close..].to_owned();
    }
    text.push_str(&rest);
    for (entity, plain) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#x2f;", "/"),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, plain);
    }
    text.lines()
        .map(|l| l.split([' ', '\t']).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" "))
        .filter(|l| !l.is_empty())
        .fold(String::new(), |out, line| out + &line + "\n")
}

/// Every amount with a currency in a text, sorted: `1 234,56 ₽`, `₽1,234.56`, `−5,00 EUR`.
pub fn amounts(text: &str) -> Vec<String> {
    let flat: String = text.split(['\n', '\r']).collect::<Vec<_>>().join(" ");
    let chars: Vec<char> = flat.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        while at < chars.len() && (chars[at].is_ascii_digit() || "₽\u{a0}.,−+EUR".contains(chars[at])) {
            at += 1;
        }
        if start == at {
            at += 1;
            continue;
        }
        let word: String = chars[start..at].iter().collect();
        let word = word.trim_matches(|c| "\u{a0}.,".contains(c)).to_owned();
        let money = (word.contains('₽') || word.contains("EUR")) && word.chars().any(|c| c.is_ascii_digit());
        if money {
            found.push(word);
        }
    }
    found.sort();
    found
}
