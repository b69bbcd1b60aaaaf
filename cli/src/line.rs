//! The operator's connections to services: in clear text on one machine, or with the operator's own certificate where services ask for one.

use std::path::PathBuf;

use platform::grpc::channel_over;
use platform::tls::{Tls, TlsSettings};
use tonic::transport::Channel;

use crate::exit::Failure;

/// The certificate that the operator shows to a service whose address is https.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct LineArgs {
    /// The operator's certificate, PEM, for services whose address is https.
    #[arg(long, env = "TADAMON_TLS_CERTIFICATE")]
    tls_certificate: Option<PathBuf>,
    /// Its key, PEM.
    #[arg(long, env = "TADAMON_TLS_KEY")]
    tls_key: Option<PathBuf>,
    /// The authorities that are believed, PEM.
    #[arg(long, env = "TADAMON_TLS_AUTHORITIES")]
    tls_authorities: Option<PathBuf>,
    /// The name in a service's certificate, as common.tls.names of the services.
    #[arg(long, env = "TADAMON_TLS_NAMES", default_value_t = TlsSettings::default().names)]
    tls_names: String,
}

impl LineArgs {
    fn settings(&self) -> TlsSettings {
        let file = |path: &Option<PathBuf>| path.clone().unwrap_or_default();
        TlsSettings {
            certificate: file(&self.tls_certificate),
            key: file(&self.tls_key),
            authorities: file(&self.tls_authorities),
            names: self.tls_names.clone(),
            ..TlsSettings::default()
        }
    }

    /// To the service of that name; `option` is how the command line names the address, for whoever wrote it wrongly.
    pub(crate) fn channel(&self, service: &str, url: &str, option: &str) -> Result<Channel, Failure> {
        let tls = Tls::open(&self.settings()).map_err(|error| {
            let said = error.to_string().replace("setting ", "");
            Failure::usage(said.replace("common.tls.", "--tls-"))
        })?;
        if url.starts_with("https://") && !tls.is_on() {
            return Err(Failure::usage(format!(
                "{url} asks for a certificate: name the operator's in --tls-certificate, --tls-key and --tls-authorities"
            )));
        }
        let is_url = url.parse::<http::Uri>().is_ok_and(|uri| {
            uri.host().is_some_and(|host| !host.is_empty())
                && matches!(uri.scheme_str(), Some("http" | "https"))
        });
        let channel = is_url.then(|| channel_over(service, url, &tls));
        channel
            .and_then(Result::ok)
            .ok_or_else(|| Failure::usage(format!("{option} takes a URL such as http://127.0.0.1:24820")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        line: LineArgs,
    }

    async fn refused(words: &[&str], url: &str) -> Failure {
        let line = <Line as clap::Parser>::parse_from(["x"].iter().chain(words));
        line.line.channel("benefits", url, "--at").unwrap_err()
    }

    #[tokio::test]
    async fn a_service_that_asks_for_a_certificate_is_told_from_an_address_that_is_none() {
        let failure = refused(&[], "https://benefits.example:9000").await;
        assert_eq!(failure.code(), 64);
        assert!(failure.message().contains("--tls-certificate"), "{failure:?}");
        for wrong in ["benefits", "http://", "ftp://benefits.example", ""] {
            let failure = refused(&[], wrong).await;
            assert_eq!(failure.code(), 64);
            assert!(failure.message().starts_with("--at takes a URL"), "{failure:?}");
        }
        let half = refused(&["--tls-certificate", "c.pem"], "http://127.0.0.1:1").await;
        assert!(
            half.message()
                .starts_with("--tls-key: is empty although --tls-certificate is set"),
            "{half:?}"
        );
    }
}
