//! `GET /requests/{codRequest}`.

use http::StatusCode;

use crate::{
    Answer, Call,
    requests::{find, shown},
    respond::answer as json_answer,
};

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let collection = find(call).await?;
    Ok(json_answer(StatusCode::OK, &shown(call, &collection)))
}
