//! Every file is read in a child process under limits: a legal xlsx of 1.4 KB can make a reader ask for 550 GB and
//! abort, and no handler catches that; 200 MiB of text would lie in the daemon's memory four times over. The child is
//! this very program with the hidden command `parse-workbook`; it limits itself, reads, interprets, and sends typed
//! facts. This process never looks into a file but to hash it. Deliberately absent: retries (a file that kills the
//! child once will do it again).

use std::{
    io,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::Command,
};

use super::{
    hash,
    interpret::{ParseRequest, Parsed, interpret, interpret_into},
    read::{ReadLimits, Refusal, read_bytes, read_owned, too_large},
    sink::Sink,
    wire::{Collector, Hearer},
};
use crate::domain::finding::Finding;

/// Limits of one parse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParseLimits {
    /// What a file may be.
    pub read: ReadLimits,
    /// Address space of the child, bytes.
    pub memory_bytes: u64,
    /// CPU time of the child, seconds: what a file can cost this machine.
    pub cpu_seconds: u64,
    /// Time on the wall after which the child is ended. Longer than its CPU time, because a legitimate file may wait for
    /// a slow share or for other work of the machine; a file that burns time meets `cpu_seconds` first.
    pub wall: Duration,
    /// Most bytes the child may answer.
    pub output_bytes: u64,
}

impl Default for ParseLimits {
    fn default() -> Self {
        Self {
            read: ReadLimits::default(),
            memory_bytes: 512 << 20,
            cpu_seconds: 20,
            wall: Duration::from_mins(1),
            output_bytes: 1 << 30,
        }
    }
}

impl ParseLimits {
    /// The default limits with another size of file.
    pub fn with_max_file_mib(max_file_mib: u32) -> Self {
        let mut limits = Self::default();
        limits.read.max_bytes = u64::from(max_file_mib) << 20;
        limits.read.max_inflated = limits.read.max_inflated.max(limits.read.max_bytes);
        limits
    }
}

/// Parses a file; a refusal is a `Parsed` of an unknown kind with that finding. `max_file_mib` is the largest file.
pub async fn parse_or_finding(parser: &Path, file: &Path, request: &ParseRequest, max_file_mib: u32) -> Parsed {
    let limits = ParseLimits::with_max_file_mib(max_file_mib);
    parse(parser, file, request, &limits).await.unwrap_or_else(|finding| Parsed::refused(vec![finding]))
}

/// Parses a file in a child started from `parser` (the path of this program: `/proc/self/exe` is still right after an
/// upgrade replaced the file). Here the bytes only pass through the hash, which the child compares with what it reads.
///
/// # Errors
/// A finding of severity hold when the file cannot be read at all, or the child died of it.
pub async fn parse(
    parser: &Path,
    file: &Path,
    request: &ParseRequest,
    limits: &ParseLimits,
) -> Result<Parsed, Finding> {
    let (path, most) = (file.to_owned(), limits.read.max_bytes);
    let hashed = tokio::task::spawn_blocking(move || hash_capped(&path, most)).await;
    let hashed = hashed.unwrap_or_else(|e| Err(io::Error::other(e)));
    let (hash, length) = hashed.map_err(|error| unreadable(&error).finding(&display_name(file, request)))?;
    if length > limits.read.max_bytes {
        return Err(too_large(&display_name(file, request), limits.read.max_bytes));
    }
    started(parser, file, &ParseRequest { file_hash: hash, ..request.clone() }, limits, None).await
}

/// The same for who only looks: each sale goes to the `hearer`, if there is one, as it comes and not into the answer, and the
/// file is not hashed first, so that what is collected names no hash. Sales count only when the answer is there: a child may
/// die after the first of them.
///
/// # Errors
/// As `parse`.
pub async fn parse_hearing<'h>(
    parser: &Path,
    file: &Path,
    request: &ParseRequest,
    limits: &ParseLimits,
    hearer: Option<&'h mut Hearer<'h>>,
) -> Result<Parsed, Finding> {
    started(parser, file, &ParseRequest { file_hash: String::new(), unhashed: true, ..request.clone() }, limits, hearer)
        .await
}

async fn started<'h>(
    parser: &Path,
    file: &Path,
    request: &ParseRequest,
    limits: &ParseLimits,
    hearer: Option<&'h mut Hearer<'h>>,
) -> Result<Parsed, Finding> {
    let name = display_name(file, request);
    let request = ParseRequest { file_name: name.clone(), ..request.clone() };
    let child = tokio::time::timeout(limits.wall, run(parser, file, &request, limits, hearer));
    match child.await {
        Ok(Ok(parsed)) => Ok(parsed),
        Ok(Err(refusal)) => Err(refusal.finding(&name)),
        Err(_) => Err(too_long(limits.wall.as_secs()).finding(&name)),
    }
}

/// Reads and interprets in this process: what the child does. Nothing else of the program calls it, for what the bytes
/// say is anybody's guess.
pub fn parse_bytes(bytes: &[u8], request: &ParseRequest, limits: &ReadLimits) -> Parsed {
    match read_bytes(&request.file_name, bytes, limits) {
        Ok(book) => interpret(&book, request),
        Err(finding) => Parsed::refused(vec![finding]),
    }
}

/// The same with facts handed on one by one, as the child does; the bytes are let go as soon as they became cells.
pub fn parse_into(bytes: Vec<u8>, request: &ParseRequest, limits: &ReadLimits, sink: &mut dyn Sink) -> Parsed {
    match read_owned(&request.file_name, bytes, limits) {
        Ok(book) => interpret_into(&book, request, sink),
        Err(finding) => Parsed::refused(vec![finding]),
    }
}

/// The whole file, or `None` when it is larger than allowed.
pub fn read_capped(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    use std::io::Read;
    let file = std::fs::File::open(path)?;
    // Room for the file and no more: grown by doubling, a large text would not leave the child room to decode it.
    let length = file.metadata()?.len().min(most).saturating_add(1);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

/// Hash and length, one byte beyond the limit at most.
fn hash_capped(path: &Path, most: u64) -> io::Result<(String, u64)> {
    use std::io::Read;
    hash::of_reader(std::fs::File::open(path)?.take(most.saturating_add(1)))
}

async fn run<'h>(
    parser: &Path,
    file: &Path,
    request: &ParseRequest,
    limits: &ParseLimits,
    hearer: Option<&'h mut Hearer<'h>>,
) -> Result<Parsed, Refusal> {
    let start = |error: &dyn std::fmt::Display| {
        Refusal::new(
            "parser_not_started",
            format!("не удалось запустить чтение файла ({error}); проверьте установку программы"),
            format!("the reader of files could not be started ({error}); check the installation"),
        )
    };
    let arguments = [serde_json::to_string(request), serde_json::to_string(limits)];
    let [Ok(request_json), Ok(limits_json)] = arguments else { return Err(start(&"json")) };
    let mut child = Command::new(parser)
        .arg("parse-workbook")
        .args(["--request", &request_json, "--limits", &limits_json, "--"])
        .arg(file)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| start(&error))?;
    let Some(stdout) = child.stdout.take() else { return Err(start(&"pipe")) };
    let mut answers = BufReader::with_capacity(256 << 10, stdout.take(limits.output_bytes));
    let mut collector = Collector::new(&request.file_name, &request.file_hash, hearer);
    // The beginning of a frame whose end has not come yet.
    let mut begun: Vec<u8> = Vec::new();
    let heard: io::Result<()> = async {
        loop {
            let came = answers.fill_buf().await?;
            let length = came.len();
            if length == 0 {
                return Ok(());
            }
            if begun.is_empty() {
                let used = collector.feed(came).map_err(io::Error::other)?;
                begun.extend_from_slice(came.get(used..).unwrap_or_default());
            } else {
                begun.extend_from_slice(came);
                let used = collector.feed(&begun).map_err(io::Error::other)?;
                begun.drain(..used);
            }
            answers.consume(length);
        }
    }
    .await;
    if heard.is_err() || answers.get_ref().limit() == 0 {
        // Garbage, or more than allowed: the rest is not waited for.
        let _ = child.start_kill();
        return Err(died("ответ не разобран", "the answer makes no sense"));
    }
    let status = child.wait().await;
    collector.finish().ok_or_else(|| cause(status))
}

fn cause(status: io::Result<ExitStatus>) -> Refusal {
    use std::os::unix::process::ExitStatusExt;
    match status.ok().map(|s| (s.signal(), s.code())) {
        // SIGXCPU and the kill that follows it.
        Some((Some(24 | 9), _)) => too_long(0),
        Some((Some(signal), _)) => died(&format!("сигнал {signal}"), &format!("signal {signal}")),
        Some((_, Some(code))) => died(&format!("код {code}"), &format!("code {code}")),
        _ => died("ответ оборван", "the answer broke off"),
    }
}

fn died(ru: &str, en: &str) -> Refusal {
    Refusal::new(
        "parser_died",
        format!(
            "чтение прервалось ({ru}): файл повреждён или требует слишком много памяти; откройте его в Excel и сохраните заново как .xlsx, а большой отчёт выгрузите за меньший период"
        ),
        format!(
            "reading broke off ({en}): the file is damaged or asks for too much memory; open it in Excel and save it again as .xlsx, or export a large report for a shorter period"
        ),
    )
}

fn too_long(seconds: u64) -> Refusal {
    let (ru, en) = if seconds == 0 {
        (String::new(), String::new())
    } else {
        (format!(" (дольше {seconds} с)"), format!(" (more than {seconds} s)"))
    };
    Refusal::new(
        "parser_timeout",
        format!("чтение заняло слишком много времени{ru}; выгрузите меньший период или сохраните как .csv"),
        format!("reading took too long{en}; export a shorter period or save it as .csv"),
    )
}

fn unreadable(error: &io::Error) -> Refusal {
    Refusal::new(
        "file_unreadable",
        format!("файл не открывается ({error}); проверьте права и доступность папки"),
        format!("the file cannot be opened ({error}); check permissions and that the folder is reachable"),
    )
}

/// The refusal of a file whose bytes are no longer those that were hashed.
pub fn changed(file_name: &str) -> Finding {
    Refusal::new(
        "file_changed",
        "файл изменился, пока его читали; дождитесь конца копирования и положите его ещё раз",
        "the file changed while it was read; wait until it is copied and put it there again",
    )
    .finding(file_name)
}

fn display_name(file: &Path, request: &ParseRequest) -> String {
    if request.file_name.is_empty() {
        file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned())
    } else {
        request.file_name.clone()
    }
}
