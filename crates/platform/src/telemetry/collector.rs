//! Where spans are sent: a collector that speaks OTLP over gRPC, in clear text or over TLS. Its certificate is believed when one of the machine's
//! authorities signed it (those of `SSL_CERT_FILE`, where that is set), as that of every other server. Nothing is connected here: a collector that
//! is away keeps no process from starting.

use anyhow::{Context, ensure};
use opentelemetry_otlp::{SpanExporter, WithTonicConfig};
use rustls::RootCertStore;
use tonic::transport::{ClientTlsConfig, Endpoint};

/// The authorities that this machine believes.
pub(super) fn authorities() -> anyhow::Result<RootCertStore> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (read, _unreadable) = roots.add_parsable_certificates(found.certs);
    ensure!(
        read > 0,
        "common.telemetry.otlp_endpoint is https, but no authority is known here: set SSL_CERT_FILE"
    );
    Ok(roots)
}

/// Sends to the endpoint. The authorities are asked for when the endpoint is https, and else not.
pub(super) fn exporter(
    endpoint: &str,
    authorities: impl FnOnce() -> anyhow::Result<RootCertStore>,
) -> anyhow::Result<SpanExporter> {
    let mut channel = Endpoint::from_shared(endpoint.to_owned())
        .context("common.telemetry.otlp_endpoint")?
        .timeout(opentelemetry_otlp::OTEL_EXPORTER_OTLP_TIMEOUT_DEFAULT);
    if channel.uri().scheme_str() == Some("https") {
        let tls = ClientTlsConfig::new().trust_anchors(authorities()?.roots);
        channel = channel
            .tls_config(tls)
            .context("common.telemetry.otlp_endpoint")?;
    }
    let exporter = SpanExporter::builder()
        .with_tonic()
        .with_channel(channel.connect_lazy())
        .build()?;
    Ok(exporter)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
        TraceService, TraceServiceServer,
    };
    use opentelemetry_proto::tonic::collector::trace::v1::{
        ExportTraceServiceRequest, ExportTraceServiceResponse,
    };
    use opentelemetry_sdk::trace::SpanExporter as _;
    use rcgen::{CertificateParams, KeyPair};
    use rustls::pki_types::CertificateDer;
    use tokio::net::TcpListener;
    use tonic::transport::server::TcpIncoming;
    use tonic::transport::{Identity, Server, ServerTlsConfig};
    use tonic::{Request, Response, Status};

    use super::*;

    /// Counts what it is told.
    #[derive(Clone, Default)]
    struct Collector(Arc<AtomicUsize>);

    #[tonic::async_trait]
    impl TraceService for Collector {
        async fn export(
            &self,
            _request: Request<ExportTraceServiceRequest>,
        ) -> Result<Response<ExportTraceServiceResponse>, Status> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Ok(Response::new(ExportTraceServiceResponse::default()))
        }
    }

    impl Collector {
        /// Listens, with a certificate where one is given, and says at which port.
        async fn listen(&self, identity: Option<Identity>) -> u16 {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let port = listener.local_addr().unwrap().port();
            let mut server = Server::builder();
            if let Some(identity) = identity {
                server = server
                    .tls_config(ServerTlsConfig::new().identity(identity))
                    .unwrap();
            }
            let server = server.add_service(TraceServiceServer::new(self.clone()));
            tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
            port
        }
    }

    /// A certificate for localhost that signed itself, and who believes it.
    fn certificate() -> (Identity, RootCertStore) {
        let _already_chosen = rustls::crypto::ring::default_provider().install_default();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["localhost".to_owned()])
            .unwrap()
            .self_signed(&key)
            .unwrap();
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from(certificate.der().to_vec()))
            .unwrap();
        (Identity::from_pem(certificate.pem(), key.serialize_pem()), roots)
    }

    async fn sends(exporter: &SpanExporter) -> bool {
        exporter.export(Vec::new()).await.is_ok()
    }

    #[tokio::test]
    async fn spans_reach_a_collector_over_https_whose_authority_is_believed() {
        let (identity, roots) = certificate();
        let collector = Collector::default();
        let port = collector.listen(Some(identity)).await;
        let exporter = exporter(&format!("https://localhost:{port}"), || Ok(roots)).unwrap();
        assert!(sends(&exporter).await);
        assert_eq!(collector.0.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_collector_that_no_authority_vouches_for_is_told_nothing_and_stops_nobody() {
        let (identity, _roots) = certificate();
        let (_other, stranger) = certificate();
        let collector = Collector::default();
        let port = collector.listen(Some(identity)).await;
        let exporter = exporter(&format!("https://localhost:{port}"), || Ok(stranger)).unwrap();
        assert!(!sends(&exporter).await);
        assert_eq!(collector.0.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn in_clear_text_nobody_asks_for_authorities() {
        let collector = Collector::default();
        let port = collector.listen(None).await;
        let none = || panic!("authorities are asked for");
        let exporter = exporter(&format!("http://localhost:{port}"), none).unwrap();
        assert!(sends(&exporter).await);
        assert_eq!(collector.0.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn without_any_authority_a_process_says_so_when_it_starts() {
        let none = || anyhow::bail!("no authority");
        let refused = exporter("https://localhost:4317", none).unwrap_err();
        assert_eq!(refused.to_string(), "no authority");
    }

    #[tokio::test]
    async fn this_machine_knows_authorities() {
        assert!(!authorities().unwrap().is_empty());
    }
}
