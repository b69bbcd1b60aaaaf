//! Logs as JSON lines with the trace id, and traces over OTLP when an endpoint is set. Spans exist even without an exporter, so that one trace
//! id follows a request through every hop. Personal data never becomes a field or an attribute.

mod collector;

use std::collections::HashMap;

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::db;
use crate::log_fields::Fields;
use crate::log_lines::Lines;
use crate::settings::TelemetrySettings;

/// They make spans of their own that say nothing about a request.
const UNTOLD: [&str; 6] = ["lapin", "h2", "hyper", "tower", "sqlx", "async_nats"];

/// Flushes spans when dropped at the end of the process.
#[derive(Debug)]
pub struct Telemetry(SdkTracerProvider);

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown() {
            tracing::warn!(%error, "the last spans were not sent");
        }
    }
}

/// Starts logs and traces for the process.
///
/// # Errors
/// When the OTLP endpoint cannot be used or a subscriber is already installed.
pub fn start(service: &'static str, settings: &TelemetrySettings) -> anyhow::Result<Telemetry> {
    let mut builder =
        SdkTracerProvider::builder().with_resource(Resource::builder().with_service_name(service).build());
    if !settings.otlp_endpoint.is_empty() {
        let exporter = collector::exporter(&settings.otlp_endpoint, collector::authorities)?;
        builder = builder.with_batch_exporter(exporter);
    }
    let provider = builder.build();
    let traces = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("tadamon"))
        // Each is written at every turn of every request, and tells nothing of it: which thread, which line of code, how long a span stood still.
        // What continues a trace reads it from the span, never from the thread.
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_context_activation(false)
        .with_filter(
            Targets::new()
                .with_default(LevelFilter::INFO)
                .with_targets(UNTOLD.map(|target| (target, LevelFilter::OFF))),
        );
    let logs = tracing_subscriber::fmt::layer()
        .fmt_fields(Fields)
        .event_format(Lines::of(service))
        .with_writer(std::io::stderr)
        .with_filter(settings.filter()?);
    tracing_subscriber::registry()
        .with(logs)
        .with(traces)
        .with(db::measured::layer())
        .try_init()?;
    Ok(Telemetry(provider))
}

/// The present span as a W3C `traceparent`; `None` outside a trace.
#[must_use]
pub fn traceparent() -> Option<String> {
    let mut carrier = HashMap::new();
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut carrier);
    carrier.remove("traceparent")
}

/// Makes `span` a child of the given `traceparent`; an unreadable one is ignored. Before anything is said in the span: the first line of the log asks for its trace,
/// and from then on it has one.
pub fn continue_trace(span: &Span, traceparent: Option<&str>) {
    let Some(traceparent) = traceparent else { return };
    let carrier = HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
    let context = TraceContextPropagator::new().extract(&carrier);
    if context.span().span_context().is_valid() {
        // Fails when the span is disabled, and then there is nothing to continue.
        let _disabled = span.set_parent(context);
    }
}

/// A hop to Postgres: the commit that makes something durable, or a statement that stands alone. The operation is a word, never a statement:
/// values of people do not reach a trace.
#[must_use]
pub fn database_span(operation: &'static str) -> Span {
    tracing::info_span!(
        "postgres",
        otel.name = operation,
        otel.kind = "client",
        db.system.name = "postgresql",
        db.operation.name = operation,
    )
}
