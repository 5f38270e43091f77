//! Paloma handed to the gateway as a service, so that neither knows the other.

use std::{path::Path, pin::Pin, sync::Arc, time::Duration};

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use carrier::{Paloma, Wire};
use domain::{
    event_matrix::{Fault, Matrix},
    request_id::RequestId,
};
use http::{Request, StatusCode};
use serde_json::json;
use web::{Body, Response, body::ReadError, respond};

/// The most a request to the carrier may hold, in bytes; the gateway's own limit is met first.
const LIMIT: usize = 8 * 1024 * 1024;

/// How long a client without a gateway in between may take to send it.
const PATIENCE: Duration = Duration::from_secs(30);

/// The Event Matrix of the configuration: the file it names, or the one that is built in.
///
/// # Errors
/// Everything that is wrong with the file, a line for each fault: file, line, column, mend.
pub fn event_matrix(file: Option<&Path>) -> Result<Arc<Matrix>> {
    let Some(file) = file else { return Ok(Matrix::built_in()) };
    let name = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read the event matrix {name} ([sandbox] event_matrix)"))?;
    match Matrix::read(&text) {
        Ok(matrix) => Ok(Arc::new(matrix)),
        Err(faults) => {
            let line = |fault: &Fault| match fault.column.as_str() {
                "" => format!("{name}:{}: {}", fault.line, fault.what),
                column => format!("{name}:{}: {column}: {}", fault.line, fault.what),
            };
            let mut lines: Vec<_> = faults.listed().iter().map(line).collect();
            if faults.more() > 0 {
                lines.push(format!("and {} more", faults.more()));
            }
            bail!("the event matrix has faults\n{}", lines.join("\n"))
        }
    }
}

/// The carrier behind the gateway's idea of a service.
#[derive(Clone)]
pub struct InProcess(pub Paloma);

impl gateway::Service for InProcess {
    fn call(&self, request: Request<Body>) -> Pin<Box<dyn Future<Output = Response> + Send + '_>> {
        Box::pin(async move {
            match whole(request).await {
                Ok(request) => obeyed(self.0.handle(request).await).await,
                Err(refused) => refused,
            }
        })
    }
}

/// A request with its whole body in memory, for a service of ours.
///
/// # Errors
/// The answer to one whose body cannot be had.
pub async fn whole(request: Request<Body>) -> Result<Request<Bytes>, Response> {
    let (head, body) = request.into_parts();
    let id = head.headers.get(&respond::X_REQUEST_ID).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    let status = match tokio::time::timeout(PATIENCE, body.read(LIMIT)).await {
        Ok(Ok(body)) => return Ok(Request::from_parts(head, body)),
        Ok(Err(ReadError::TooLong)) => StatusCode::PAYLOAD_TOO_LARGE,
        Ok(_) => StatusCode::BAD_REQUEST,
        Err(_) => StatusCode::REQUEST_TIMEOUT,
    };
    let refused = json!({"error": "the request body could not be read whole"});
    Err(respond::json(status, &refused, RequestId(id.unwrap_or_default())))
}

/// The answer as the carrier wants it on the wire: late, or broken off.
async fn obeyed(mut response: http::Response<Bytes>) -> Response {
    let Some(Wire { after, cut_at }) = response.extensions_mut().remove() else { return response.map(Body::Whole) };
    tokio::time::sleep(after).await;
    response.map(|body| match cut_at {
        Some(at) => Body::cut(&body, at),
        None => Body::Whole(body),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_of_ones_own_is_read_and_one_with_faults_is_refused_with_all_of_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("matrix.csv");
        let good = include_str!("../../domain/data/event-matrix.csv").replace("A090000V", "A990000V");
        std::fs::write(&file, &good).expect("written");
        let matrix = event_matrix(Some(&file)).expect("reads");
        assert!(matrix.find("A990000V").is_some() && event_matrix(None).expect("built in").find("A990000V").is_none());

        std::fs::write(&file, good.replace("V,Admitido,Admitted,", "R,Admitido,,")).expect("written");
        let refused = format!("{:#}", event_matrix(Some(&file)).expect_err("has faults"));
        let name = file.display();
        assert!(refused.starts_with(&format!("the event matrix has faults\n{name}:")), "{refused}");
        assert!(refused.contains(": color: R does not agree") && refused.contains(": summaryText_en: there is nothing in it"), "{refused}");
        let missing = format!("{:#}", event_matrix(Some(&folder.path().join("none.csv"))).expect_err("is not there"));
        assert!(missing.contains("none.csv") && missing.contains("[sandbox] event_matrix"), "{missing}");
    }
}
