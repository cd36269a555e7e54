//! A mail server that takes everything and remembers each accepted message by its Message-ID. Deliberately absent: TLS,
//! authentication, refusals (the delivery tests have those).

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// Messages by Message-ID: the distinct bodies that came under it, and how often.
pub type Taken = Arc<Mutex<BTreeMap<String, BTreeMap<Vec<u8>, usize>>>>;

/// Starts the server; it lives as long as the test process.
pub fn start() -> (u16, Taken) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let taken = Taken::default();
    let shared = taken.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let taken = shared.clone();
            thread::spawn(move || talk(stream, &taken));
        }
    });
    (port, taken)
}

/// One connection; ends when the client does, however it does.
fn talk(stream: TcpStream, taken: &Taken) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut stream = stream;
    stream.write_all(b"220 sink ESMTP\r\n").ok()?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let command = line.to_ascii_uppercase();
        if command.starts_with("DATA") {
            stream.write_all(b"354 go on\r\n").ok()?;
            let mut body = Vec::new();
            loop {
                let mut raw = Vec::new();
                if reader.read_until(b'\n', &mut raw).ok()? == 0 {
                    return None;
                }
                if raw == b".\r\n" {
                    break;
                }
                body.extend_from_slice(raw.strip_prefix(b".").filter(|r| r.starts_with(b".")).unwrap_or(&raw));
            }
            let id = String::from_utf8_lossy(&body)
                .lines()
                .find_map(|l| l.strip_prefix("Message-ID: ").map(str::to_owned))
                .unwrap_or_default();
            // Accepted from here on, even if the client never hears of it.
            *taken.lock().expect("the list").entry(id).or_default().entry(body).or_insert(0) += 1;
            stream.write_all(b"250 taken\r\n").ok()?;
        } else if command.starts_with("EHLO") {
            stream.write_all(b"250-sink\r\n250 8BITMIME\r\n").ok()?;
        } else if command.starts_with("QUIT") {
            stream.write_all(b"221 bye\r\n").ok()?;
            return None;
        } else {
            stream.write_all(b"250 ok\r\n").ok()?;
        }
    }
}
