//! `postigo holders`: the register of account holders.

use std::{
    fs::File,
    io::{BufReader, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use app::{Actor, App, holders};
use clap::{Args, Subcommand};
use domain::{
    Environment,
    holder::{
        Holder,
        import::{BadRow, Rows},
    },
};
use serde_json::json;

use super::Plain;

/// How many bad rows are shown.
const SHOWN: usize = 200;
/// After how many rows it is said how far it got.
const PROGRESS: u64 = 10_000;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Put the account holders of a CSV file into the register; good rows go in, bad ones are reported
    #[command(after_help = IMPORT)]
    Import(Import),
    /// List account holders by account number
    #[command(after_help = "Example:\n  postigo holders list --environment sandbox --limit 50")]
    List {
        /// sandbox or production
        #[arg(long)]
        environment: Environment,
        /// Those after this account number
        #[arg(long, default_value = "", hide_default_value = true)]
        after: String,
        /// 1 to 200
        #[arg(long, default_value_t = 100)]
        limit: i64,
        #[command(flatten)]
        plain: Plain,
    },
    /// Show an account holder with its last invoices
    #[command(after_help = "Example:\n  postigo holders show 700257037 --environment sandbox")]
    Show {
        account_number: String,
        /// sandbox or production
        #[arg(long)]
        environment: Environment,
        #[command(flatten)]
        plain: Plain,
    },
    /// Remove an account holder and its invoices; the keys it agreed to go on
    #[command(after_help = "Example:\n  postigo holders remove 700257037 --environment sandbox")]
    Remove {
        account_number: String,
        /// sandbox or production
        #[arg(long)]
        environment: Environment,
        #[command(flatten)]
        plain: Plain,
    },
}

const IMPORT: &str = "Columns, in any order, named in the first line: account_number, customer_name, street (lines separated by |), city, postal_code, \
country; and, where there are any, state, email, phone, language, pin (sandbox only), invoice_number, invoice_currency, invoice_date, invoice_amount.\n\
A row replaces the holder with its number and adds its invoice; a holder with many invoices has a row for each.\n\n\
Examples:\n  postigo holders import holders.csv --environment production --dry-run\n  postigo holders import holders.csv --environment production";

#[derive(Debug, Args)]
pub struct Import {
    /// A CSV file in UTF-8
    file: PathBuf,
    /// sandbox or production
    #[arg(long)]
    environment: Environment,
    /// Only say what is wrong with it
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    plain: Plain,
}

impl Command {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        match self {
            Self::Import(import) => import.run(app, actor).await,
            Self::List { environment, after, limit, plain } => {
                let found = holders::list(app, actor, environment, &after, limit).await?;
                plain.output().many(&found, &["account_number", "customer_name", "email", "phone"], "No account holder here.")
            }
            Self::Show { account_number, environment, plain } => {
                plain.output().one(&holders::find(app, actor, environment, &account_number).await?)
            }
            Self::Remove { account_number, environment, plain } => {
                holders::remove(app, actor, environment, &account_number).await?;
                plain.output().done(&format!("Account holder {account_number} is no longer in the register."))
            }
        }
    }
}

/// What became of a file.
#[derive(Default)]
struct Report {
    good: u64,
    bad: u64,
    shown: Vec<BadRow>,
}

impl Import {
    async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        let file = File::open(&self.file).with_context(|| format!("cannot read {}", self.file.display()))?;
        let rows = Rows::new(BufReader::new(file)).map_err(|error| anyhow::anyhow!("{}: {error}", self.file.display()))?;
        let mut report = Report::default();
        let mut slice: Vec<Holder> = Vec::with_capacity(holders::SLICE);
        for row in rows {
            match row {
                Ok(holder) => {
                    report.good += 1;
                    slice.push(holder);
                }
                Err(bad) => {
                    report.bad += 1;
                    if report.shown.len() < SHOWN {
                        report.shown.push(bad);
                    }
                }
            }
            if slice.len() == holders::SLICE {
                self.put(app, actor, &mut slice).await?;
            }
            if (report.good + report.bad).is_multiple_of(PROGRESS) {
                // A closed standard error is nobody's loss.
                let _ = writeln!(std::io::stderr(), "{} rows", report.good + report.bad);
            }
        }
        self.put(app, actor, &mut slice).await?;
        report.print(&self.file, self.dry_run, self.plain)
    }

    async fn put(&self, app: &App, actor: &Actor, slice: &mut Vec<Holder>) -> Result<()> {
        if !self.dry_run {
            holders::put(app, actor, self.environment, slice).await?;
        }
        slice.clear();
        Ok(())
    }
}

impl Report {
    fn print(&self, file: &Path, dry_run: bool, plain: Plain) -> Result<()> {
        let output = plain.output();
        if output.json {
            output.one(&json!({"good": self.good, "bad": self.bad, "bad_rows": self.shown, "dry_run": dry_run}))?;
        } else {
            for bad in &self.shown {
                let column = if bad.column.is_empty() { String::new() } else { format!("{} ", bad.column) };
                output.say(&format!("{}:{}: {column}{}", file.display(), bad.line, bad.what))?;
            }
            let more = self.bad - u64::try_from(self.shown.len()).unwrap_or(self.bad);
            if more > 0 {
                output.say(&format!("and {more} more"))?;
            }
            let verb = if dry_run { "would be imported" } else { "were imported" };
            output.say(&format!("{} rows {verb}, {} are wrong.", self.good, self.bad))?;
        }
        if self.bad > 0 {
            bail!("{} rows of {} are wrong: mend them and import the file again", self.bad, file.display());
        }
        Ok(())
    }
}
