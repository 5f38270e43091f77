//! The demo's folder: its own, rebuilt at each start, and never anybody else's.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use crate::{config::Config, house};

/// Says that the demo made a folder and may empty it.
const MARK: &str = ".postigo-demo";

/// How the configuration file begins.
const HEAD: &str = "# Made by `postigo demo`; rebuilt at each start.\n\
    # webhook_private_addresses lets webhooks lead to this machine, for trying them out: never where strangers register them.\n";

/// A folder ready for the demo.
pub struct Stage {
    pub folder: PathBuf,
    pub config: Config,
    /// Held for as long as the demo runs.
    _lock: Option<File>,
}

impl Stage {
    /// The configuration file that every other command can be given.
    pub fn config_file(&self) -> PathBuf {
        self.folder.join("postigo.toml")
    }
}

/// Makes or empties the folder and writes the configuration into it. `portal_host` is what the portal is called, when it is not its address.
///
/// # Errors
/// When the folder holds something the demo did not put there, or another demo runs in it.
pub fn build(folder: &Path, port_base: u16, portal_host: Option<&str>) -> Result<Stage> {
    let mark = folder.join(MARK);
    if folder.exists() && !mark.exists() {
        let mut entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
        if entries.next().is_some() {
            bail!(
                "{} holds files that the demo did not make, and the demo rebuilds its folder at each start: choose another with --data-dir",
                folder.display()
            );
        }
    }
    house::private_folder(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let folder = folder.canonicalize().with_context(|| format!("cannot find {}", folder.display()))?;
    let mark = folder.join(MARK);
    fs::write(&mark, "The demo made this folder and rebuilds it at each start.\n")
        .with_context(|| format!("cannot write to {}", folder.display()))?;

    let mut config = Config {
        database_url: format!("sqlite://{}", folder.join("postigo.db").display()),
        master_key_file: folder.join("master.key"),
        decision_sample: 1,
        ..Config::default()
    };
    config.listen_from(port_base);
    config.sandbox.webhook_private_addresses = true;
    // Here, looking around must not need a telephone.
    if let Some(portal) = &mut config.portal {
        portal.staff_second_factor = Some(false);
        // Nor a mail server.
        portal.mailbox = Some(true);
        portal.public_url = portal_host.map(|host| format!("http://{host}:{port_base}"));
    }
    // Nobody empties the folder under a running demo.
    let lock = house::lock(&config)?;
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let keep = path == mark || path.extension().is_some_and(|ending| ending == "lock");
        if !keep && path.is_file() {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    let stage = Stage { folder, config, _lock: lock };
    let text = toml::to_string(&stage.config).context("the configuration cannot be written")?;
    house::write_private(&stage.config_file(), &format!("{HEAD}{text}"))?;
    Ok(stage)
}
