//! A mail as pages that a browser opens: written into a folder, its pictures inside, then handed to the machine's browser.
//! A machine without one is told the path. Deliberately absent: rendering, choosing the mail.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use super::{output::Out, speech};
use crate::{
    deliver::reader,
    domain::{mail::FrozenMail, text::Text},
    error::{Error, Result},
};

/// Writes `KEY.eml` and `KEY.html` into the folder and returns the page.
pub fn write(mail: &FrozenMail, dir: &Path) -> Result<PathBuf> {
    let failed = |e: std::io::Error| {
        let (folder, cause) = (dir.display(), speech::cause(&e));
        Error::input(Text::new(
            format!("папка {folder} не записывается: {}", cause.ru),
            format!("cannot write into {folder}: {}", cause.en),
        ))
        .hint(Text::new("укажите другую: --dir ПАПКА", "name another: --dir DIR"))
    };
    std::fs::create_dir_all(dir).map_err(failed)?;
    let name: String = mail.key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    std::fs::write(dir.join(format!("{name}.eml")), &mail.bytes).map_err(failed)?;
    let page = dir.join(format!("{name}.html"));
    std::fs::write(&page, reader::page(&mail.bytes)).map_err(failed)?;
    Ok(page)
}

/// Opens the page; where nothing opens it, says so. The path is printed either way.
pub fn open(page: &Path, out: Out) {
    out.line(page.display().to_string());
    if !started(page) {
        out.note(&Text::new(
            "браузер не нашёлся: откройте этот файл сами",
            "no browser was found: open this file yourself",
        ));
    }
}

/// Whether a program took the page. One that is still at work after a moment has it.
fn started(page: &Path) -> bool {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    let child = Command::new(program)
        .args(arguments)
        .arg(page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return false };
    for _ in 0..30 {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(Duration::from_millis(50)),
            Err(_) => return false,
        }
    }
    true
}
