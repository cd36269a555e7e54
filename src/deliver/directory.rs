//! Mails as files: `<key>.eml` in a folder. A file appears complete or not at all (temporary file, fsync, rename, fsync
//! of the folder); the same mail again finds its file and is done. Deliberately absent: deleting.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::domain::mail::FrozenMail;

use super::{
    mailer::Delivery,
    message::{file_part, hex},
};

/// Longest stem of a file name, bytes: file systems take 255 with the suffix.
const STEM_LENGTH: usize = 200;

/// Writes the mail on a thread that may block.
pub(super) async fn send(folder: PathBuf, mail: FrozenMail) -> Delivery {
    match tokio::task::spawn_blocking(move || store(&folder, &mail)).await {
        Ok(Ok(delivery)) => delivery,
        Ok(Err(error)) => Delivery::Retry(error.to_string()),
        Err(error) => Delivery::Retry(error.to_string()),
    }
}

/// File name of a mail: the escaped key, shortened with a hash when it is too long for a file system.
pub fn file_name(key: &str) -> String {
    let stem = file_part(key);
    if stem.len() <= STEM_LENGTH {
        return format!("{stem}.eml");
    }
    let start: String = stem.chars().take(STEM_LENGTH - 17).collect();
    format!("{start}-{}.eml", hex(&Sha256::digest(key), 8))
}

fn store(folder: &Path, mail: &FrozenMail) -> io::Result<Delivery> {
    fs::create_dir_all(folder)?;
    let name = file_name(&mail.key);
    let path = folder.join(&name);
    match fs::read(&path) {
        Ok(bytes) if bytes == mail.bytes => return Ok(Delivery::Accepted(format!("{name}: already there"))),
        Ok(_) => {
            return Ok(Delivery::OurConfig(format!("{name} exists with other content; move it away")));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    // The name holds the content's hash: two writers of the same mail write the same bytes, and a file left by a
    // process that was killed is overwritten by the next try.
    let part = folder.join(format!(".{}.part", hex(&Sha256::digest(&mail.bytes), 16)));
    let mut file = File::create(&part)?;
    file.write_all(&mail.bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&part, &path)?;
    File::open(folder)?.sync_all()?;
    Ok(Delivery::Accepted(name))
}
