//! Where account holders are looked up: in our own table, or at the carrier's service.

use std::{pin::Pin, sync::Arc};

use domain::{Environment, holder::Holder};

use crate::{App, Result};

/// The carrier's service does not answer, or not as it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreachable;

/// What a holder's look-up answers, later.
pub type Found<'a> = Pin<Box<dyn Future<Output = Result<Option<Holder>, Unreachable>> + Send + 'a>>;

/// A service of the carrier's that knows its account holders.
pub trait HolderService: Send + Sync {
    /// The holder of an account number with its last invoices; `None`: there is none.
    fn find<'a>(&'a self, environment: Environment, account_number: &'a str) -> Found<'a>;
}

/// Where account holders are looked up.
#[derive(Clone)]
pub enum Holders {
    /// In the database.
    Table,
    /// At the carrier's service.
    Service(Arc<dyn HolderService>),
}

impl Holders {
    /// The holder of an account number. What the table knows of its invoices is not there yet: whoever is asked about a stranger would be quicker
    /// than about a customer with many of them.
    pub(super) async fn find(
        &self,
        app: &App,
        environment: Environment,
        account_number: &str,
    ) -> Result<Result<Option<Holder>, Unreachable>> {
        match self {
            Self::Table => Ok(Ok(store::account_holders::find_without_invoices(app.db(), environment, account_number).await?)),
            Self::Service(service) => Ok(service.find(environment, account_number).await),
        }
    }

    /// Adds the last invoices where they are not there yet.
    pub(super) async fn add_invoices(&self, app: &App, environment: Environment, holder: &mut Holder) -> Result<()> {
        match self {
            Self::Table => holder.invoices = store::account_holders::invoices(app.db(), environment, &holder.account_number).await?,
            Self::Service(_) => {}
        }
        Ok(())
    }
}
