//! A real mail system end to end: Exim of Debian, with a configuration, a spool and Maildirs of its own in a temporary folder
//! and without any privilege, takes what our sender sends, delivers it, and returns what it cannot deliver as a real
//! report. Skipped with a printed line where there is no Exim. Deliberately absent: waiting. Exim serves one connection at a
//! time on its standard input, and delivers when it is told to.

use std::{
    fs,
    net::TcpListener,
    os::{
        fd::OwnedFd,
        unix::{
            fs::{PermissionsExt, chown},
            process::CommandExt,
        },
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use sverka::{
    domain::{
        mail::{MailState, OutboxMail},
        run::Job,
    },
    pipeline::send,
};

use super::readable::read;
use crate::app::{PEOPLE, POLICY, TestApp};

/// Whom the mail system knows; everybody else of the domain is unknown to it.
const KNOWN: &str = "sokolova : head : finance : admin";

struct Exim {
    dir: tempfile::TempDir,
    binary: PathBuf,
    /// Whose rights it has: never root's.
    owner: (u32, u32),
    port: u16,
}

impl Exim {
    /// Starts listening; `None` where there is no Exim.
    fn start() -> Option<Self> {
        let named = std::env::var_os("SVERKA_TEST_EXIM").map(PathBuf::from);
        let usual = ["/usr/sbin/exim4", "/usr/sbin/exim"].map(PathBuf::from);
        let binary = named.into_iter().chain(usual).find(|path| path.is_file())?;
        let dir = tempfile::tempdir().expect("a folder");
        let me = (rustix::process::getuid(), rustix::process::getgid());
        let owner = if me.0.is_root() { (65_534, 65_534) } else { (me.0.as_raw(), me.1.as_raw()) };
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).expect("rights");
        for folder in ["spool", "log", "mail"] {
            fs::create_dir(dir.path().join(folder)).expect("a folder");
            chown(dir.path().join(folder), Some(owner.0), Some(owner.1)).expect("an owner");
        }
        fs::write(dir.path().join("exim.conf"), configuration(dir.path(), owner)).expect("a configuration");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let exim = Self { dir, binary, owner, port };
        let (binary, conf) = (exim.binary.clone(), exim.dir.path().join("exim.conf"));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Ok(out) = stream.try_clone() else { continue };
                let mut command = Command::new(&binary);
                command.arg("-C").arg(&conf).args(["-bs", "-oMa", "127.0.0.1"]);
                command.stdin(OwnedFd::from(stream)).stdout(OwnedFd::from(out)).stderr(Stdio::null());
                let Ok(mut child) = unprivileged(&mut command, owner).spawn() else { continue };
                let _ = child.wait();
            }
        });
        Some(exim)
    }

    /// Delivers everything that waits, and what comes of that.
    fn deliver(&self) {
        for _ in 0..2 {
            let mut command = Command::new(&self.binary);
            command.arg("-C").arg(self.dir.path().join("exim.conf")).arg("-qff");
            let done = unprivileged(&mut command, self.owner).output().expect("a queue run");
            assert!(done.status.success(), "{}{}", String::from_utf8_lossy(&done.stderr), self.log());
        }
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.dir.path().join("mail").join(name)
    }

    /// What lies in a Maildir.
    fn mails(&self, name: &str) -> Vec<Vec<u8>> {
        let entries = fs::read_dir(self.folder(name).join("new")).into_iter().flatten().flatten();
        entries.map(|e| fs::read(e.path()).expect("a mail")).collect()
    }

    fn log(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.dir.path().join("log").join(name)).unwrap_or_default();
        format!("{}{}", read("mainlog"), read("paniclog"))
    }
}

fn unprivileged(command: &mut Command, (user, group): (u32, u32)) -> &mut Command {
    if rustix::process::getuid().is_root() {
        command.uid(user).gid(group);
    }
    command.env_clear()
}

fn configuration(dir: &Path, (user, group): (u32, u32)) -> String {
    let dir = dir.display();
    format!(
        "keep_environment =\nexim_user = {user}\nexim_group = {group}\nadmin_groups = {group}\n\
         deliver_drop_privilege = true\nprimary_hostname = mx.firma.example\ndomainlist local_domains = firma.example\n\
         spool_directory = {dir}/spool\nlog_file_path = {dir}/log/%slog\ntls_advertise_hosts =\nhost_lookup =\n\
         rfc1413_query_timeout = 0s\nqueue_only = true\nsmtp_enforce_sync = false\nacl_smtp_rcpt = ok\nacl_smtp_data = ok\n\
         begin acl\nok:\n  accept\n\
         begin routers\n\
         sender:\n  driver = accept\n  domains = +local_domains\n  local_parts = sverka\n  transport = bounces\n\
         people:\n  driver = accept\n  domains = +local_domains\n  local_parts = {KNOWN}\n  transport = people\n\
         begin transports\n\
         people:\n  driver = appendfile\n  directory = {dir}/mail/people\n  maildir_format\n  create_directory\n\
         bounces:\n  driver = appendfile\n  directory = {dir}/mail/bounces\n  maildir_format\n  create_directory\n\
         begin retry\n* * F,2h,15m\n"
    )
}

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn skip() {
    println!("skipped: no Exim (exim4-daemon-light)");
}

const CRM: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";

/// A sale of somebody whose address does not exist and one of somebody whose address does.
fn sales(t: &TestApp, day: u32) {
    t.drop_crm(&[CRM]);
    t.drop_sales(
        &format!("Продажи {day}.csv"),
        &[
            &format!("{day}.11.2026;0000-0001{day};Ромашка {day} ООО;7707083893;Орлов Илья;10000,00"),
            &format!("{day}.11.2026;0000-0002{day};Гефест {day} ООО;7704567890;Соколова Анна;20000,00"),
            &format!("{day}.11.2026;0000-0003{day};ВЕКТОР ООО;7701234560;Соколова Анна;500000,00"),
        ],
    );
}

#[tokio::test]
async fn mails_arrive_as_they_were_frozen_and_two_reports_suspend_an_address() {
    let Some(exim) = Exim::start() else {
        skip();
        return;
    };
    let more = format!(
        "[mail]\ntransport = \"smtp\"\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"plain\"\n\
         from = \"sverka@firma.example\"\nfrom_name = \"Сверка\"\nallowed_domains = [\"firma.example\"]\nbounces = '{}'\n",
        exim.port,
        exim.folder("bounces").display()
    );
    let people = PEOPLE.replace("name = \"Орлов Илья\"", "name = \"Орлов Илья\"\ndeputy = \"0102\"");
    let mut t = TestApp::with("2026-11-10T07:00:00Z", &more, POLICY, &people).await;
    for (day, hour) in [(10, 7), (11, 7)] {
        t.at(&format!("2026-11-{day}T0{hour}:00:00Z"));
        sales(&t, day);
        t.ingest().await;
        t.run(Job::Alerts).await;
    }
    t.at("2026-11-20T14:00:00Z");
    sales(&t, 20);
    t.ingest().await;
    t.run(Job::Audit).await;
    t.at("2026-12-06T07:00:00Z");
    sales(&t, 30);
    t.ingest().await;
    t.run(Job::Close).await;
    exim.deliver();

    let mails = t.mails().await;
    let kinds =
        |mails: &[OutboxMail]| mails.iter().map(|m| m.mail.kind.code()).collect::<std::collections::BTreeSet<_>>();
    for kind in ["alert", "audit", "statement", "personal"] {
        assert!(kinds(&mails).contains(kind), "{kind}: {:?}", kinds(&mails));
    }
    assert!(
        mails.iter().all(|m| m.state == MailState::Sent),
        "{:?}",
        mails.iter().map(|m| &m.last_reply).collect::<Vec<_>>()
    );
    let (lost, kept): (Vec<_>, Vec<_>) = mails.iter().partition(|m| m.mail.recipient == "orlov@firma.example");
    assert_eq!(lost.len(), 3, "two alerts and a statement of his own");
    let arrived = exim.mails("people");
    assert_eq!(arrived.len(), kept.len(), "{}", exim.log());
    for mail in kept {
        let sent = mail.mail.bytes.replace_crlf();
        // Byte for byte what was frozen, below the lines that every mail system adds on top.
        let found = arrived.iter().find(|bytes| bytes.trim_ascii_end().ends_with(sent.trim_ascii_end()));
        let found = found.unwrap_or_else(|| panic!("{} did not arrive as it was", mail.mail.key));
        let (there, here) = (read(found), read(&mail.mail.bytes));
        assert_eq!(there.subject, mail.mail.subject);
        assert!(there.subject.contains("Сверка"), "{}", there.subject);
        assert_eq!(there.headers[0].1, "Сверка <sverka@firma.example>");
        assert_eq!(there.headers, here.headers);
        assert_eq!((&there.text, &there.html), (&here.text, &here.html));
        assert!(
            !there.attachments.is_empty() || matches!(mail.mail.kind.code(), "alert" | "personal"),
            "{}",
            mail.mail.key
        );
        assert_eq!(there.attachments, here.attachments);
    }
    let names: Vec<String> = arrived.iter().flat_map(|m| read(m).attachments).map(|(name, _)| name).collect();
    assert!(names.iter().any(|n| n == "Корректировки премий 2026-11-1.xlsx"), "{names:?}");

    // What could not be delivered came back as reports of Exim's own, in a Maildir that the daemon looks into.
    assert_eq!(exim.mails("bounces").len(), 3, "{}", exim.log());
    let remarks = t.ingest().await.remarks;
    assert!(remarks.is_empty(), "{remarks:?}");
    let mut tx = t.app.db.begin().await.expect("a transaction");
    let suspended = tx.suspended_addresses().await.expect("addresses");
    let words: Vec<String> = tx.bounces().await.expect("bounces").into_iter().map(|b| b.status).collect();
    tx.commit().await.expect("a commit");
    assert_eq!(suspended.into_iter().collect::<Vec<_>>(), ["orlov@firma.example"], "{words:?}");
    send::pending(&t.app).await.unwrap_or_else(|e| panic!("{e}"));
    exim.deliver();
    let texts: Vec<String> = exim.mails("people").iter().map(|m| read(m).text).collect();
    let to_deputy = texts.iter().filter(|text| text.starts_with("Письмо для: Орлов Илья.")).count();
    assert_eq!(to_deputy, 3, "the deputy has all of them");
    assert!(texts.iter().any(|text| text.contains("sverka bounces lift orlov@firma.example")), "the operator knows");
}

trait ReplaceCrlf {
    fn replace_crlf(&self) -> Vec<u8>;
}

impl ReplaceCrlf for Vec<u8> {
    /// With the line ends of a Maildir.
    fn replace_crlf(&self) -> Vec<u8> {
        let mut out = self.clone();
        out.retain(|byte| *byte != b'\r');
        out
    }
}
