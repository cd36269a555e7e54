//! A DKIM signature (RFC 6376, `relaxed/relaxed`; RSA, or Ed25519 of RFC 8463) in front of a frozen mail as it leaves. The mail
//! itself stays as it was frozen; the same mail and key give the same signature, so a repeated mail is a copy.
//! Deliberately absent: other canonicalisations, the record in DNS, judging foreign signatures.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use sha2::{Digest, Sha256};

/// What is signed, where a mail has it. `From` stands twice: a second one that somebody adds breaks the signature.
const SIGNED: [&str; 15] = [
    "from",
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "reply-to",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "auto-submitted",
    "list-id",
    "x-sverka-kind",
    "x-sverka-reason",
];

enum Key {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// Signs mails for one domain.
#[derive(Clone)]
pub struct DkimSigner {
    domain: String,
    selector: String,
    key: Arc<Key>,
}

impl std::fmt::Debug for DkimSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DkimSigner")
            .field("domain", &self.domain)
            .field("selector", &self.selector)
            .finish_non_exhaustive()
    }
}

impl DkimSigner {
    /// A signer with a private key in PEM (PKCS #8, or PKCS #1 for RSA); the error says what is wrong with the key.
    pub fn new(domain: &str, selector: &str, pem: &str) -> Result<Self, String> {
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| "no private key in PEM".to_owned())?;
        let key = match &der {
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()).map(Key::Rsa),
            PrivateKeyDer::Pkcs8(der) => {
                let der = der.secret_pkcs8_der();
                Ed25519KeyPair::from_pkcs8_maybe_unchecked(der)
                    .map(Key::Ed25519)
                    .or_else(|_| RsaKeyPair::from_pkcs8(der).map(Key::Rsa))
            }
            _ => return Err("the key is neither RSA nor Ed25519".to_owned()),
        };
        let key = key.map_err(|e| format!("the key cannot be used: {e}"))?;
        Ok(Self { domain: domain.to_owned(), selector: selector.to_owned(), key: Arc::new(key) })
    }

    /// The mail with its signature on top; `None` when it has no header or the key refuses.
    pub fn signed(&self, mail: &[u8]) -> Option<Vec<u8>> {
        let end = mail.windows(4).position(|w| w == b"\r\n\r\n")?;
        let headers = fields(std::str::from_utf8(mail.get(..end + 2)?).ok()?);
        let body_hash = STANDARD.encode(Sha256::digest(relaxed_body(mail.get(end + 4..)?)));
        let mut names = Vec::new();
        let mut data = String::new();
        let mut taken: Vec<usize> = Vec::new();
        for name in SIGNED {
            // Of several fields of a name the lowest is signed first (RFC 6376, 5.4.2); one that is not there counts as empty.
            let at = (0..headers.len()).rev().find(|at| !taken.contains(at) && headers[*at].0 == name);
            if let Some(at) = at {
                taken.push(at);
                data.push_str(&format!("{name}:{}\r\n", headers[at].1));
            }
            if at.is_some() || names.contains(&name) {
                names.push(name);
            }
        }
        let algorithm = match self.key.as_ref() {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        };
        let lines = [
            format!("v=1; a={algorithm}; c=relaxed/relaxed; d={}; s={};", self.domain, self.selector),
            format!("h={};", names.join(":\r\n ")),
            format!("bh={body_hash};"),
            "b=".to_owned(),
        ];
        let value = lines.join("\r\n ");
        data.push_str(&format!("dkim-signature:{}", relaxed(&value)));
        let signature = STANDARD.encode(self.sign(data.as_bytes())?);
        let mut out = format!("DKIM-Signature: {value}").into_bytes();
        for (n, piece) in signature.as_bytes().chunks(70).enumerate() {
            out.extend_from_slice(if n == 0 { b"" } else { b"\r\n " });
            out.extend_from_slice(piece);
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(mail);
        Some(out)
    }

    fn sign(&self, data: &[u8]) -> Option<Vec<u8>> {
        match self.key.as_ref() {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), data, &mut signature).ok()?;
                Some(signature)
            }
            Key::Ed25519(key) => Some(key.sign(&Sha256::digest(data)).as_ref().to_vec()),
        }
    }
}

/// Header fields: name in small letters, value as it is signed.
fn fields(head: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in head.split_inclusive("\r\n") {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = found.last_mut() {
                value.push_str(line);
            }
        } else if let Some((name, value)) = line.split_once(':') {
            found.push((name.trim().to_ascii_lowercase(), value.to_owned()));
        }
    }
    found.into_iter().map(|(name, value)| (name, relaxed(&value))).collect()
}

/// A value on one line, blanks run together, none at the ends.
fn relaxed(value: &str) -> String {
    value.split([' ', '\t', '\r', '\n']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The body with blanks run together, none at the ends of lines, no empty lines at the end.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut ends = 0;
    for line in body.split(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut blank = false;
        let start = out.len();
        for byte in line {
            if matches!(byte, b' ' | b'\t') {
                blank = true;
            } else {
                if blank {
                    out.push(b' ');
                    blank = false;
                }
                out.push(*byte);
            }
        }
        if out.len() > start {
            out.extend_from_slice(b"\r\n");
            ends = out.len();
        } else {
            out.extend_from_slice(b"\r\n");
        }
    }
    out.truncate(ends);
    out
}
