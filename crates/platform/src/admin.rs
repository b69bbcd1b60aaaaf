//! `/livez`, `/readyz` and `/metrics`, for the platform and never for strangers. Ready means: the own database answers and settings are valid, nothing else; a broker that is away never takes a
//! service out of the rotation.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::routing::get;
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::metrics::{self, Observers};

/// What readiness asks.
#[derive(Clone, Debug)]
pub struct Readiness {
    database: Option<PgPool>,
    draining: CancellationToken,
}

impl Readiness {
    /// Ready while the database answers within a second.
    #[must_use]
    pub fn database(pool: PgPool, draining: CancellationToken) -> Self {
        Self {
            database: Some(pool),
            draining,
        }
    }

    /// For a process without a database: ready once its settings were accepted.
    #[must_use]
    pub fn settings_only(draining: CancellationToken) -> Self {
        Self {
            database: None,
            draining,
        }
    }

    async fn is_ready(&self) -> bool {
        if self.draining.is_cancelled() {
            return false;
        }
        let Some(pool) = &self.database else { return true };
        let ping = async { sqlx::query("SELECT 1").execute(pool).await };
        matches!(
            tokio::time::timeout(Duration::from_secs(1), ping).await,
            Ok(Ok(_))
        )
    }
}

/// Serves until `shutdown`.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    readiness: Readiness,
    observers: Observers,
    shutdown: CancellationToken,
) -> std::io::Result<()> {
    let router = Router::new()
        .route("/livez", get(async || "alive"))
        .route("/metrics", get(show).with_state((readiness.clone(), observers)))
        .route("/readyz", get(readyz).with_state(readiness));
    axum::serve(listener, router)
        .with_graceful_shutdown(shutdown.cancelled_owned())
        .await
}

async fn readyz(State(readiness): State<Readiness>) -> (StatusCode, &'static str) {
    if readiness.is_ready().await {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready")
    }
}

async fn show(
    State((readiness, observers)): State<(Readiness, Observers)>,
) -> ([(header::HeaderName, &'static str); 1], String) {
    let text = metrics::text(readiness.is_ready(), &observers).await;
    ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text)
}
