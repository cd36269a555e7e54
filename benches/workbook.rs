//! Speed and memory of reading a sales list, as ratios in one run on the same file: bare calamine streaming and summing
//! the cells, our cells, our checked sales, and the whole parsing child; the same for .csv; 10 thousand to 1 million
//! rows. Every figure comes from a process of its own and is its time on the processor, so that other work on the machine
//! matters little. Run with `cargo bench --bench workbook`; SVERKA_BENCH_PYTHON
//! names a Python with numpy and xlsxwriter, SVERKA_BENCH_RUNS how often each is run, SVERKA_BENCH_ROWS which sizes.
//! Deliberately absent: assertions about time.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{
    env, fs,
    io::{Cursor, Read},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use calamine::{DataRef, Reader, Xlsx};
use sverka::domain::sale::{PartyCard, Sale};
use sverka::ingest::{
    ParseRequest, Want,
    raw::RawCell,
    read::{ReadLimits, read_bytes},
    sandbox::{ParseLimits, parse_into},
    sink::Sink,
    workbook,
};

/// Seed of the generator.
const SEED: &str = "3";

/// One measured run.
#[derive(Clone, Copy)]
struct Figure {
    seconds: f64,
    rows: usize,
    mib: usize,
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [flag, stage, file] if flag == "--stage" => return stage_of(stage, Path::new(file)),
        // `cargo test --benches` only checks that it starts.
        all if all.iter().any(|a| a == "--test") => return,
        _ => {}
    }
    let sizes = env::var("SVERKA_BENCH_ROWS").unwrap_or_else(|_| "10000,100000,1000000".to_owned());
    let runs = env::var("SVERKA_BENCH_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(3);
    for size in sizes.split(',').filter_map(|size| size.trim().parse::<usize>().ok()) {
        let Some(folder) = company(size) else {
            println!("skipped: no files of {size} rows (see the head of this benchmark)");
            continue;
        };
        println!("{size} rows");
        for (file, stages) in [
            ("sales.xlsx", &["calamine", "calamine-cells", "cells", "sales", "child"][..]),
            ("sales.csv", &["cells", "sales", "child"][..]),
        ] {
            table(&folder.join(file), stages, runs);
        }
    }
}

/// Runs the stages in turn, so that noise of the machine meets all of them, and prints the medians.
fn table(file: &Path, stages: &[&str], runs: usize) {
    let mut figures = vec![Vec::new(); stages.len()];
    for _ in 0..runs {
        for (stage, list) in stages.iter().zip(&mut figures) {
            list.extend(run(stage, file));
        }
    }
    let mut first = None;
    for (stage, mut list) in stages.iter().zip(figures) {
        list.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        let Some(figure) = list.get(list.len() / 2) else {
            println!("  {stage:<16} failed");
            continue;
        };
        let base = *first.get_or_insert(figure.seconds);
        println!(
            "  {:<11} {stage:<16} {:>8.3} s  {:>9.0} rows/s  {:>5.2} x  {:>5} MiB  {} rows",
            file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
            figure.seconds,
            figure.rows as f64 / figure.seconds,
            figure.seconds / base,
            figure.mib,
            figure.rows
        );
    }
}

/// Runs one stage in a process of its own.
fn run(stage: &str, file: &Path) -> Option<Figure> {
    if stage == "child" {
        return child(file);
    }
    let out = Command::new(env::current_exe().ok()?).args(["--stage", stage]).arg(file).output().ok()?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let mut words = text.split_whitespace();
    Some(Figure {
        seconds: words.next()?.parse().ok()?,
        rows: words.next()?.parse().ok()?,
        mib: words.next()?.parse().ok()?,
    })
}

/// The parsing child as the daemon starts it, under its limits.
fn child(file: &Path) -> Option<Figure> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sverka"))
        .arg("parse-workbook")
        .args(["--request", &serde_json::to_string(&request()).ok()?])
        .args(["--limits", &serde_json::to_string(&ParseLimits::default()).ok()?, "--"])
        .arg(file)
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let (mut answer, mut buffer, mut lines, mut peak) = (child.stdout.take()?, vec![0; 256 << 10], 0, 0);
    let (mut seconds, id) = (0.0_f64, child.id().to_string());
    loop {
        let count = answer.read(&mut buffer).ok()?;
        peak = peak.max(high_water(&format!("/proc/{id}/status")));
        seconds = seconds.max(processor(&id));
        if count == 0 {
            break;
        }
        lines += buffer.iter().take(count).filter(|byte| **byte == b'\n').count();
    }
    let status = child.wait().ok()?;
    status.success().then_some(Figure { seconds, rows: lines, mib: peak })
}

/// One stage in this process; prints seconds, rows, and the peak of its memory.
fn stage_of(stage: &str, file: &Path) {
    let bytes = fs::read(file).expect("the file");
    let limits = ReadLimits::default();
    let start = processor("self");
    let rows = match stage {
        "calamine" => bare(&bytes),
        "calamine-cells" => {
            { workbook::read_xlsx(&bytes, &limits).unwrap_or_else(|e| panic!("{e:?}")).iter().map(sum).max() }
                .unwrap_or_default()
        }
        "cells" => {
            let book = read_bytes("sales", &bytes, &limits).unwrap_or_else(|e| panic!("{e:?}"));
            book.sheets.iter().map(sum).max().unwrap_or_default()
        }
        _ => {
            let mut counted = Counted(0);
            let parsed = parse_into(bytes, &request(), &limits, &mut counted);
            let holds: Vec<_> = parsed.findings.iter().filter(|finding| finding.holds()).collect();
            assert!(holds.is_empty(), "{holds:#?}");
            counted.0
        }
    };
    println!("{} {rows} {}", processor("self") - start, high_water("/proc/self/status"));
}

/// Counts sales and lets them go, as the child does when it has written one.
struct Counted(usize);

impl Sink for Counted {
    fn sale(&mut self, sale: Sale) {
        std::hint::black_box(sale.amount);
        self.0 += 1;
    }

    fn card(&mut self, _: PartyCard) {}
}

/// Bare calamine: every cell streamed, numbers summed.
fn bare(bytes: &[u8]) -> usize {
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let (mut total, mut last) = (0.0, 0);
    for name in book.sheet_names() {
        let mut cells = book.worksheet_cells_reader(&name).expect("a sheet");
        while let Some(cell) = cells.next_cell().expect("a cell") {
            last = cell.get_position().0;
            if let DataRef::Float(number) = cell.get_value() {
                total += number;
            }
        }
    }
    assert!(std::hint::black_box(total) > 0.0);
    last as usize + 1
}

/// Sums the numbers of a sheet; tells its rows.
fn sum(sheet: &sverka::ingest::raw::RawSheet) -> usize {
    let numbers = sheet.rows().flat_map(|row| row.cells());
    let total: f64 = numbers.map(|cell| if let RawCell::Number(number) = cell { number } else { 0.0 }).sum();
    std::hint::black_box(total);
    sheet.len()
}

fn request() -> ParseRequest {
    ParseRequest {
        file_name: "sales".to_owned(),
        want: Want::Accounting,
        base_currency: "RUB".to_owned(),
        harmless_filters: ["Проведен", "Пометка удаления", "Организация"].map(str::to_owned).to_vec(),
        ..ParseRequest::default()
    }
}

/// Seconds a process of one thread has had the processor.
fn processor(process: &str) -> f64 {
    let text = fs::read_to_string(format!("/proc/{process}/schedstat")).unwrap_or_default();
    text.split_whitespace().next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

/// Peak of resident memory, MiB; 0 where the system does not tell.
fn high_water(status: &str) -> usize {
    let text = fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok()).unwrap_or_default() >> 10
}

/// Files of a company with so many sales, made once and kept under `target/bench`.
fn company(size: usize) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("target/bench").join(size.to_string());
    if folder.join("sales.xlsx").is_file() && folder.join("sales.csv").is_file() {
        return Some(folder);
    }
    let python = env::var("SVERKA_BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let made = Command::new(python)
        .arg(root.join("../shared/bench/gen.py"))
        .args(["--sales", &size.to_string(), "--counterparties", &(size / 5).to_string()])
        .args(["--seed", SEED, "--strings", "shared", "--out"])
        .arg(&folder)
        .stdout(Stdio::null())
        .status();
    made.is_ok_and(|status| status.success()).then_some(folder)
}
