//! What an operator watches of identity beyond calls and queues.

use std::sync::LazyLock;

use platform::metrics::registered;
use platform::status::reason;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use tonic::Status;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refusal {
    reason: String,
}

static SIGN_IN_REFUSALS: LazyLock<Family<Refusal, Counter>> = LazyLock::new(|| {
    registered(
        "sign_in_refusals",
        "Sign-ins that were refused, by the reason that the caller got",
        None,
        Family::default(),
    )
});

/// A sign-in was answered with this status. Who tried stays unknown here.
pub(crate) fn sign_in_refused(status: &Status) {
    let reason = reason(status).unwrap_or_else(|| "OTHER".to_owned());
    SIGN_IN_REFUSALS.get_or_create(&Refusal { reason }).inc();
}
