//! The pages.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;

use super::guard::{local_names_only, no_body};
use crate::assemble::Running;
use crate::control::Gateway;
use crate::health::Readiness;
use crate::metrics::Measured;

const INDEX: &str = "\
ozml serve
/health/live    whether the process answers
/health/ready   whether messages are accepted and a connection is up
/status         how the gateway is, as JSON
/metrics        for Prometheus
";
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The pages about what runs. `only_here`: requests must name this machine.
pub(super) fn pages(running: Arc<Running>, only_here: bool) -> Router {
    let pages = Router::new()
        .route("/", get(async || INDEX))
        .route("/health/live", get(async || "live\n"))
        .route("/health/ready", get(ready))
        .route("/status", get(status))
        .route("/metrics", get(metrics))
        .with_state(running)
        .layer(from_fn(no_body));
    if only_here {
        pages.layer(from_fn(local_names_only))
    } else {
        pages
    }
}

async fn ready(State(running): State<Arc<Running>>) -> Response {
    let readiness = Readiness::of(running.gateway().status().await.as_ref());
    let code = if readiness.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    json(code, &readiness)
}

async fn status(State(running): State<Arc<Running>>) -> Response {
    match running.gateway().status().await {
        Some(status) => json(StatusCode::OK, &Gateway::of(&status)),
        None => json(StatusCode::SERVICE_UNAVAILABLE, &Readiness::of(None)),
    }
}

async fn metrics(State(running): State<Arc<Running>>) -> Response {
    match Measured::now(&running).await.page() {
        Ok(page) => ([(header::CONTENT_TYPE, OPEN_METRICS)], page).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn json(code: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_string(value) {
        Ok(text) => (code, [(header::CONTENT_TYPE, "application/json")], text + "\n").into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
