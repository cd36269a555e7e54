//! What the shell passes around: clock, configuration, database, mailer, the path of the parsing child, the key of the
//! ledger. Deliberately absent: anything a stage could compute from values.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use crate::{
    config::{self, Config},
    deliver::{self, Mailer, overrides::Templates},
    domain::{matching::Matcher, text::Text},
    env::Clock,
    error::{Error, Kind, Result},
    store::Db,
};

/// One running program (or one command, or one test).
#[derive(Clone)]
pub struct App {
    /// The only source of time.
    pub clock: Clock,
    /// The checked configuration.
    pub config: Arc<Config>,
    /// The database.
    pub db: Db,
    /// Where mail goes.
    pub mailer: Arc<Mailer>,
    /// Program that parses files in a child process: this same binary.
    pub parser: PathBuf,
    /// Key of the ledger's chain.
    pub ledger_key: Arc<[u8]>,
    /// The company's own mail templates.
    pub templates: Templates,
    /// What matching keeps from run to run, in a process that goes on; commands that end after one run keep nothing.
    pub matcher: Option<Arc<Mutex<Matcher>>>,
}

impl App {
    /// Opens the database (bringing its schema up), the key and the mailer.
    pub async fn open(config: Config, clock: Clock, parser: PathBuf) -> Result<Self> {
        let db = Db::connect(config.store.url.expose()).await?;
        db.migrate().await?;
        let ledger_key = ledger_key(&config.store.ledger_key_file, &db).await?;
        let mailer = mailer(&config)?;
        let templates = config.mail.templates.as_deref().map(Templates::of_folder).unwrap_or_default();
        for fault in templates.faults() {
            tracing::error!("a mail template is not used, the built-in one stands in: {}", fault.text().en);
        }
        Ok(Self {
            clock,
            templates,
            config: Arc::new(config),
            db,
            mailer: Arc::new(mailer),
            parser,
            ledger_key: ledger_key.into(),
            matcher: None,
        })
    }

    /// The same, for a process that goes on: the next run matches only what changed, if the config allows it.
    pub fn remembering(mut self) -> Self {
        self.matcher = self.config.matching.remember.then(Arc::default);
        self
    }

    /// The program itself, as the parser: still right after an upgrade replaced the file.
    pub fn own_binary() -> PathBuf {
        let running = Path::new("/proc/self/exe");
        if running.exists() { running.to_owned() } else { std::env::current_exe().unwrap_or_default() }
    }
}

/// Reads the key, or makes one when neither a key nor an entry exists yet. A missing key beside a ledger with entries is
/// refused: a new one would break the chain.
async fn ledger_key(path: &Path, db: &Db) -> Result<Vec<u8>> {
    match fs::read(path) {
        Ok(key) if key.len() >= 32 => return Ok(key),
        Ok(_) => {
            return Err(key_error(path, "слишком короткий (нужно не меньше 32 байт)", "too short (at least 32 bytes)"));
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
        Err(e) => return Err(Error::bug(&format!("read {}", path.display()), e)),
    }
    let mut tx = db.begin().await?;
    let (entries, _) = tx.ledger_head().await?;
    tx.commit().await?;
    if entries > 0 {
        return Err(key_error(path, "не найден, а в реестре уже есть записи", "missing, but the ledger has entries")
            .hint(Text::new("верните файл ключа из резервной копии", "bring the key file back from the backup")));
    }
    let key: Vec<u8> = (0..4).flat_map(|_| uuid::Uuid::new_v4().into_bytes()).collect();
    write_secret(path, &key).map_err(|e| Error::bug(&format!("write {}", path.display()), e))?;
    Ok(key)
}

fn key_error(path: &Path, ru: &str, en: &str) -> Error {
    let path = path.display();
    Error::new(Kind::Config, Text::new(format!("ключ реестра {path} {ru}"), format!("the ledger key {path} is {en}")))
}

/// Writes a file only its owner may read, complete or not at all.
fn write_secret(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let part = path.with_extension("new");
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&part, path)?;
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn authority(path: &PathBuf) -> Result<Vec<u8>> {
    fs::read(path).map_err(|e| {
        let path = path.display();
        Error::new(
            Kind::Config,
            Text::new(format!("сертификат {path} не читается: {e}"), format!("cannot read {path}: {e}")),
        )
    })
}

/// The signer of the sender's domain, if mails are signed.
pub fn signer(config: &Config) -> Result<Option<deliver::DkimSigner>> {
    let Some(dkim) = &config.mail.dkim else { return Ok(None) };
    let signer = deliver::DkimSigner::new(config.mail.sender_domain(), &dkim.selector, dkim.key.expose());
    signer.map(Some).map_err(|why| {
        Error::new(
            Kind::Config,
            Text::new(
                format!("ключ подписи писем (mail.dkim_key_file) не годится: {why}"),
                format!("the key that signs mails (mail.dkim_key_file) cannot be used: {why}"),
            ),
        )
    })
}

fn mailer(config: &Config) -> Result<Mailer> {
    Ok(match &config.mail.transport {
        config::Transport::Directory { folder } => Mailer::Directory(folder.clone()),
        config::Transport::Smtp(smtp) => Mailer::Smtp(deliver::SmtpSettings {
            security: match smtp.security {
                config::Security::Tls => deliver::Security::Tls,
                config::Security::Starttls => deliver::Security::StartTls,
                config::Security::Plain => deliver::Security::Plain,
            },
            user: smtp.user.clone(),
            password: smtp.password.as_ref().map(|p| p.expose().to_owned()).unwrap_or_default(),
            ca_pem: smtp.ca_file.as_ref().map(authority).transpose()?.unwrap_or_default(),
            allowed_domains: config.mail.allowed_domains.clone(),
            dkim: signer(config)?,
            ..deliver::SmtpSettings::new(&smtp.host, smtp.port)
        }),
    })
}
