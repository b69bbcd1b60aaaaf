//! One line of the log: JSON, the time in UTC, and before everything else which service speaks and which trace it speaks in. The trace is that of the
//! nearest span that knows one, so that a line from deep inside a request is found with the others.

use std::fmt;

use opentelemetry::trace::{TraceContextExt as _, TraceId};
use tracing::{Event, Subscriber, dispatcher};
use tracing_opentelemetry::get_otel_context;
use tracing_subscriber::fmt::format::{Format, Json, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// Writes events as such lines. Its fields must be JSON ([`crate::log_fields::Fields`]).
pub(crate) struct Lines {
    service: &'static str,
    format: Format<Json>,
}

impl Lines {
    pub(crate) fn of(service: &'static str) -> Self {
        let format = tracing_subscriber::fmt::format()
            .json()
            .flatten_event(true)
            .with_span_list(false);
        Self { service, format }
    }
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::new();
        self.format.format_event(context, Writer::new(&mut line), event)?;
        let Some(rest) = line.strip_prefix('{') else {
            return writer.write_str(&line);
        };
        write!(writer, "{{\"service.name\":\"{}\",", self.service)?;
        if let Some(trace_id) = trace_id(context) {
            write!(writer, "\"trace_id\":\"{trace_id}\",")?;
        }
        writer.write_str(rest)
    }
}

/// Asked of the trace itself when a line is written: most requests write none.
fn trace_id<S, N>(context: &FmtContext<'_, S, N>) -> Option<TraceId>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    context.event_scope()?.find_map(|span| {
        let traced = dispatcher::get_default(|dispatch| get_otel_context(&span.id(), dispatch))?;
        let traced = traced.span().span_context().clone();
        traced.is_valid().then(|| traced.trace_id())
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use opentelemetry::trace::TracerProvider as _;
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use serde_json::Value;
    use tracing_subscriber::Layer as _;
    use tracing_subscriber::filter::{LevelFilter, Targets};
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::util::SubscriberInitExt as _;

    use super::*;
    use crate::log_fields::Fields;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_is_json_in_utc_and_names_service_and_trace_however_deep_it_is_written() {
        let log = Log::default();
        let written = log.clone();
        let layer = tracing_subscriber::fmt::layer()
            .fmt_fields(Fields)
            .event_format(Lines::of("benefits"))
            .with_writer(move || written.clone());
        let traces = tracing_opentelemetry::layer()
            .with_tracer(SdkTracerProvider::default().tracer("test"))
            .with_filter(
                Targets::new()
                    .with_target("h2", LevelFilter::OFF)
                    .with_default(LevelFilter::INFO),
            );
        // The trace is asked of the process's subscriber, as in a service; each test has a process of its own.
        tracing_subscriber::registry().with(layer).with(traces).init();
        let request = tracing::info_span!("grpc");
        crate::telemetry::continue_trace(
            &request,
            Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        );
        let entered = request.enter();
        let untold = tracing::info_span!(target: "h2", "frame").entered();
        tracing::info!(service = "x", text = "a \"quoted\"\nvalue", "inside");
        drop(untold);
        drop(entered);
        tracing::warn!("outside");
        let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect();
        let [inside, outside] = lines.as_slice() else {
            panic!("two lines: {text}");
        };
        assert_eq!(inside["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736", "{text}");
        assert_eq!(inside["text"], "a \"quoted\"\nvalue");
        assert_eq!(outside.get("trace_id"), None);
        for line in &lines {
            assert_eq!(line["service.name"], "benefits");
            let time = line["timestamp"].as_str().unwrap();
            let utc = chrono::DateTime::parse_from_rfc3339(time).unwrap();
            assert!(
                time.ends_with('Z') && utc.offset().local_minus_utc() == 0,
                "{time}"
            );
        }
    }
}
