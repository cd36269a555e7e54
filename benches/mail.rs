//! Frozen mails of the size of a weekly audit leave through SMTP to a server on this machine that takes everything: claim,
//! connection, envelope, mail, mark, one after another as the daemon does it, SQLite with every commit on disk. Prints
//! mails an hour and the peak of memory at 200, 1,000 and 2,000 mails. Run with `cargo bench --bench mail`. Deliberately
//! absent: TLS, a distant server, assertions about time.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    thread,
    time::Instant,
};

use chrono::{DateTime, Utc};
use sverka::{
    cli::init,
    config,
    deliver::{
        Sender,
        message::{self, Attached, Parts, XLSX},
    },
    domain::mail::{FrozenMail, MailKind},
    env::Clock,
    pipeline::{App, send},
};

fn main() {
    // `cargo test --benches` only checks that it starts.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(work());
}

async fn work() {
    let now: DateTime<Utc> = "2026-11-20T14:00:00Z".parse().expect("an instant");
    let dir = tempfile::tempdir().expect("a folder");
    let port = sink();
    for folder in ["inbox/accounting", "calendar"] {
        fs::create_dir_all(dir.path().join(folder)).expect("a folder");
    }
    for (name, text) in init::CALENDARS {
        fs::write(dir.path().join("calendar").join(name), text).expect("a calendar");
    }
    let settings = format!(
        "[company]\nname = \"ООО «Мера»\"\n[[crm]]\nname = \"crm\"\nkind = \"table\"\nfolder = \"inbox/crm\"\n\
         [mail]\ntransport = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"plain\"\nfrom = \"sverka@firma.example\"\n\
         allowed_domains = [\"firma.example\"]\n[web]\nlisten = \"\"\n"
    );
    fs::write(dir.path().join("sverka.toml"), settings).expect("settings");
    fs::write(dir.path().join("policy.toml"), init::POLICY).expect("a policy");
    fs::write(
        dir.path().join("people.toml"),
        "[[person]]\nid = \"1\"\nname = \"Громова\"\nemail = \"head@firma.example\"\nroles = [\"head\", \"finance\", \"operator\"]\n",
    )
    .expect("people");
    let config = config::load(&dir.path().join("sverka.toml"), now.date_naive()).unwrap_or_else(|e| panic!("{e:?}"));
    let parser = PathBuf::from(env!("CARGO_BIN_EXE_sverka"));
    let app = App::open(config, Clock::manual(now), parser).await.unwrap_or_else(|e| panic!("open: {e}"));

    let (mut sent, mut bytes) = (0_usize, 0_usize);
    let mut seconds = 0.0;
    for upto in [200, 1_000, 2_000] {
        let mut at = sent;
        while at < upto {
            let mails: Vec<FrozenMail> = (at..(at + 20).min(upto)).map(|n| mail(n, now)).collect();
            at += mails.len();
            bytes += mails.iter().map(|m| m.bytes.len()).sum::<usize>();
            let mut tx = app.db.begin().await.expect("a transaction");
            tx.freeze(&mails, now).await.expect("frozen");
            tx.commit().await.expect("a commit");
        }
        let clock = Instant::now();
        let done = send::pending(&app).await.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(done.sent, upto - sent, "{done:?}");
        seconds += clock.elapsed().as_secs_f64();
        sent = upto;
        let an_hour = sent as f64 / seconds * 3_600.0;
        println!(
            "{sent:>5} mails of {} KB on average: {an_hour:>9.0} mails an hour, peak {} MiB",
            bytes / sent / 1_024,
            peak_kib() / 1_024
        );
    }
}

/// A mail of about 100 KB: text, HTML and a workbook.
fn mail(n: usize, now: DateTime<Utc>) -> FrozenMail {
    let row = "<tr><td>ООО «Ромашка», № 0000-000123 от 05.11.2026</td><td>1 234,56 ₽</td></tr>\n";
    let parts = Parts {
        key: format!("audit.bench.{n}"),
        kind: MailKind::Audit,
        thread: format!("audit.{n}.2026"),
        reason: "head",
        to_name: "Громова Елена".to_owned(),
        to_address: format!("p{n}@firma.example"),
        subject: format!("[Сверка] Неделя 47: письмо {n}"),
        text: "Внесено 94 % продаж, не внесено 7 на 1 240 000,00 ₽.\n".repeat(60),
        html: format!("<html><body><table>{}</table></body></html>", row.repeat(200)),
        attached: vec![Attached {
            name: "Сверка 2026, неделя 47.xlsx".to_owned(),
            mime: XLSX,
            bytes: (0..30_000_usize).map(|i| u8::try_from((i * 31 + n) % 251).unwrap_or(0)).collect(),
        }],
        pictures: Vec::new(),
    };
    let sender = Sender {
        address: "sverka@firma.example".to_owned(),
        name: "Сверка".to_owned(),
        reply_to: String::new(),
        templates: sverka::deliver::overrides::Templates::default(),
    };
    message::freeze(parts, &sender, now).expect("a mail")
}

/// Peak of resident memory so far, KiB; 0 where the system does not say.
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or_default()
}

/// A server that takes every mail and keeps none.
fn sink() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = talk(&stream);
        }
    });
    port
}

fn talk(stream: &TcpStream) -> std::io::Result<()> {
    let (mut reader, mut out) = (BufReader::new(stream), stream);
    out.write_all(b"220 sink ESMTP\r\n")?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let command = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer: &[u8] = match command.as_slice() {
            b"DATA" => {
                out.write_all(b"354 go on\r\n")?;
                loop {
                    line.clear();
                    if reader.read_until(b'\n', &mut line)? == 0 || line == b".\r\n" {
                        break;
                    }
                }
                b"250 taken\r\n"
            }
            b"QUIT" => {
                out.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => b"250 ok\r\n",
        };
        out.write_all(answer)?;
    }
}
