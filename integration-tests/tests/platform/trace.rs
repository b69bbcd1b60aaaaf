//! One click, one trace: a receiver of spans stands where an operator's collector would, and names each hop from the page to the mail server.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use integration_tests::member::Member;
use integration_tests::world::World;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use testkit::eventually;
use testkit::stack::test_addresses;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

use crate::under_faults::clients::Presser;

/// A span as far as this test asks.
#[derive(Clone, Debug)]
struct Seen {
    service: String,
    name: String,
    trace: Vec<u8>,
    id: Vec<u8>,
    parent: Vec<u8>,
    attributes: BTreeMap<String, String>,
}

impl Seen {
    fn has(&self, attribute: &str, value: &str) -> bool {
        self.attributes.get(attribute).is_some_and(|found| found == value)
    }
}

#[derive(Clone, Default)]
struct Receiver(Arc<Mutex<Vec<Seen>>>);

fn text(value: Option<AnyValue>) -> String {
    match value.and_then(|value| value.value) {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn attributes(pairs: Vec<KeyValue>) -> BTreeMap<String, String> {
    pairs
        .into_iter()
        .map(|pair| (pair.key, text(pair.value)))
        .collect()
}

#[tonic::async_trait]
impl TraceService for Receiver {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let mut seen = self.0.lock().expect("nobody panics while writing down");
        for resource in request.into_inner().resource_spans {
            let of = attributes(resource.resource.map(|of| of.attributes).unwrap_or_default());
            let service = of.get("service.name").cloned().unwrap_or_default();
            for span in resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
                seen.push(Seen {
                    service: service.clone(),
                    name: span.name,
                    trace: span.trace_id,
                    id: span.span_id,
                    parent: span.parent_span_id,
                    attributes: attributes(span.attributes),
                });
            }
        }
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

impl Receiver {
    /// Listens, and gives the endpoint.
    async fn listen(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let server = tonic::transport::Server::builder().add_service(TraceServiceServer::new(self.clone()));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        format!("http://{address}")
    }

    /// The spans of the trace in which the page was pressed.
    fn of_the_press(&self, page: &str) -> Vec<Seen> {
        let seen = self.0.lock().expect("nobody panics while writing down");
        let pressed = seen.iter().find(|span| {
            span.service == "portal" && span.name == page && span.has("http.request.method", "POST")
        });
        let Some(trace) = pressed.map(|span| span.trace.clone()) else {
            return Vec::new();
        };
        seen.iter().filter(|span| span.trace == trace).cloned().collect()
    }
}

/// A hop: its name here, the service that made the span, and what the span says of itself.
type Hop = (&'static str, &'static str, fn(&Seen) -> bool);

const HOPS: [Hop; 9] = [
    ("portal", "portal", |span| span.has("http.request.method", "POST")),
    ("benefits", "benefits", |span| {
        span.name.ends_with("ApplicationService/SubmitApplication")
    }),
    ("Postgres", "benefits", |span| {
        span.has("db.system.name", "postgresql") && span.name == "COMMIT"
    }),
    ("relay", "benefits", |span| {
        span.has("messaging.system", "nats") && span.has("messaging.operation.type", "send")
    }),
    ("NATS", "notifications", |span| {
        span.has("messaging.system", "nats") && span.has("messaging.operation.type", "process")
    }),
    ("notifications", "notifications", |span| {
        span.has("db.system.name", "postgresql")
    }),
    ("RabbitMQ, sent", "notifications", |span| {
        span.has("messaging.system", "rabbitmq") && span.has("messaging.operation.type", "send")
    }),
    ("RabbitMQ, taken", "notifications", |span| {
        span.has("messaging.system", "rabbitmq") && span.has("messaging.operation.type", "process")
    }),
    ("SMTP", "notifications", |span| {
        span.has("network.protocol.name", "smtp")
    }),
];

#[tokio::test]
async fn one_click_is_one_trace_through_every_hop_to_the_mail_server() {
    let receiver = Receiver::default();
    let endpoint = receiver.listen().await;
    let world = World::start_traced(test_addresses().expect("the test stack runs"), &endpoint).await;
    let (portal, address) = world.portal();
    portal.start();
    portal.ready().await;
    let member = Member::active();
    world.import(member.lines()).await;
    let signed_in = member.opens_an_account(&world).await;
    let draft = signed_in.fills_in_everything("oncology").await;
    let presser = Presser::new(&address, signed_in.session(), &draft.application_id);
    presser.presses_until_answered().await;
    member.mails_come(3).await;

    let page = "/{locale}/applications/{id}/summary";
    let missing = || {
        let spans = receiver.of_the_press(page);
        HOPS.iter()
            .filter(|(_, service, is)| !spans.iter().any(|span| span.service == *service && is(span)))
            .map(|(name, ..)| *name)
            .collect::<Vec<_>>()
    };
    // Spans are sent in batches, a few seconds after they end; every process has its own pace.
    let complete = tokio::time::timeout(
        std::time::Duration::from_secs(60),
        eventually(async || missing().is_empty().then_some(())),
    )
    .await;
    assert!(complete.is_ok(), "hops without a span: {:?}", missing());
    // A parent is sent after its children, because it ends after them.
    let orphans = || {
        let spans = receiver.of_the_press(page);
        let ids: BTreeSet<&[u8]> = spans.iter().map(|span| span.id.as_slice()).collect();
        spans
            .iter()
            .filter(|span| !span.parent.is_empty() && !ids.contains(span.parent.as_slice()))
            .map(|span| format!("{}: {}", span.service, span.name))
            .collect::<Vec<_>>()
    };
    let joined = tokio::time::timeout(
        std::time::Duration::from_secs(60),
        eventually(async || orphans().is_empty().then_some(())),
    )
    .await;
    assert!(joined.is_ok(), "spans without their parent: {:?}", orphans());
    let spans = receiver.of_the_press(page);
    let roots = spans.iter().filter(|span| span.parent.is_empty()).count();
    assert_eq!(roots, 1, "one click, one root");
    // A trace is read by many: it says what was done, and to nobody.
    let said = format!("{spans:?}");
    for value in member.personal_values() {
        assert!(!said.contains(&value), "a span shows somebody");
    }
    for word in ["oncology", "exceptional_health_aid", "Aid_X"] {
        assert!(!said.contains(word), "a span shows {word}");
    }
}
