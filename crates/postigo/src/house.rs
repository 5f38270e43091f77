//! From a configuration to an open house: database, master key, use cases. Shared by every command.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{ErrorKind, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
    sync::Arc,
};

use anyhow::{Context as _, Result, bail};
use app::{Actor, App};
use domain::{
    Entropy,
    wrapping::{MasterKey, SECRET_HASH_KEY},
};
use store::Db;

use crate::{config::Config, sign_on, system};

/// An open house.
pub struct House {
    pub app: App,
    pub master: Arc<MasterKey>,
}

/// Opens the database, brings its tables to this version, and reads the master key (or draws one for a new database).
///
/// # Errors
/// One line with the mend.
pub async fn open(config: &Config) -> Result<House> {
    let db = database(config).await?;
    db.migrate().await.context("the tables of the database could not be brought to this version")?;
    let entropy = system::entropy();
    let master = Arc::new(master_key(&db, &config.master_key_file, &entropy).await?);
    let app = App::open(db, Arc::clone(&master), system::clock(), entropy).await?.with(config.settings());
    Ok(House { app, master })
}

/// The same where people come in: with the operator's provider and the secret we show it, which whoever administers need not be able to read.
///
/// # Errors
/// One line with the mend.
pub async fn open_to_people(config: &Config) -> Result<House> {
    let sign_on = sign_on::of(config)?;
    let House { app, master } = open(config).await?;
    Ok(House { app: app.with(app::Settings { sign_on, ..config.settings() }), master })
}

/// Administration in the wrong folder must not found a new installation and then say that nothing is there: without a named configuration,
/// an embedded database has to be there already.
///
/// # Errors
/// When it is not.
pub fn must_exist(config: &Config, named: bool) -> Result<()> {
    match store::sqlite_path(&config.database_url) {
        Some(database) if !named && !database.exists() => bail!(
            "there is no database at {}: name the configuration with --config FILE (the demo's is postigo-data/postigo.toml), or start a node first",
            database.display()
        ),
        _ => Ok(()),
    }
}

/// Opens the database without touching its tables.
///
/// # Errors
/// One line with the mend.
pub async fn database(config: &Config) -> Result<Db> {
    if let Some(folder) =
        store::sqlite_path(&config.database_url).as_deref().and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty())
    {
        private_folder(folder).with_context(|| format!("cannot make the folder {} for the database", folder.display()))?;
    }
    Db::open(&config.database_url).await.context("database_url")
}

async fn master_key(db: &Db, file: &Path, entropy: &Entropy) -> Result<MasterKey> {
    match std::fs::read_to_string(file) {
        Ok(text) => MasterKey::parse(&text).with_context(|| format!("master_key_file {}", file.display())),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if store::vault::get(db, SECRET_HASH_KEY).await?.is_some() {
                bail!(
                    "master_key_file {} is not there, but the database was made with one: put it back from where it was kept (without it, no secret can be checked and no token signed)",
                    file.display()
                );
            }
            let key = MasterKey::draw(entropy);
            write_private(file, &key).with_context(|| format!("cannot write a new master_key_file {}", file.display()))?;
            tracing::info!(file = %file.display(), "a new master key was written; keep a copy of it apart from the database's backups");
            Ok(MasterKey::parse(&key)?)
        }
        Err(error) => bail!("cannot read master_key_file {}: {error}; it must be readable by the user postigo runs as", file.display()),
    }
}

/// Writes a file that only its owner may read, whole or not at all.
///
/// # Errors
/// What the file system says.
pub fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    private_folder(folder)?;
    let part = file.with_extension(format!("part-{}", std::process::id()));
    // What lies there is a leftover, or was put there for us to write into: neither is written to.
    match std::fs::remove_file(&part) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")?;
    out.sync_all()?;
    std::fs::rename(part, file)?;
    // The name is as durable as the content: a database must never survive its master key.
    File::open(folder)?.sync_all()
}

/// Makes a folder, and those above it, that only its owner may enter. One that is there stays as it is.
///
/// # Errors
/// What the file system says.
pub fn private_folder(folder: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Holds an embedded database against a second node; let go when dropped. A server database needs no lock.
///
/// # Errors
/// When another node holds it.
pub fn lock(config: &Config) -> Result<Option<File>> {
    let Some(database) = store::sqlite_path(&config.database_url) else { return Ok(None) };
    let path = database.with_extension("lock");
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        private_folder(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => bail!(
            "{} is served by another postigo: stop that one, or move both to PostgreSQL with `database_url = \"postgres://...\"`",
            database.display()
        ),
        Err(std::fs::TryLockError::Error(error)) => bail!("cannot lock {}: {error}", path.display()),
    }
}

/// Whoever types a command, for the audit log.
pub fn operator() -> Actor {
    let name = ["SUDO_USER", "USER", "LOGNAME"].iter().find_map(|variable| std::env::var(variable).ok().filter(|name| !name.is_empty()));
    Actor::Operator(name.unwrap_or_else(|| "unknown".to_owned()))
}
