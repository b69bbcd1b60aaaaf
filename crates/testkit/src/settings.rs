//! Settings of a service under test: free ports, a database of its own, and a prefix that keeps its streams and queues apart.

use std::net::{Ipv4Addr, SocketAddr};

use platform::settings::{
    AmqpSettings, Common, DemonstrationSettings, KeysSettings, ListenSettings, NatsSettings,
    PostgresSettings, Role, Secret, TelemetrySettings,
};
use platform::tls::TlsSettings;

use crate::stack::test_addresses;
use crate::{TestDb, TestKeys};

/// A name that no other test uses.
#[must_use]
pub fn prefix() -> String {
    format!("t{}", &hex(platform::ids::random::<8>()))
}

fn hex(bytes: [u8; 8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The common sections for a service under test.
///
/// # Panics
/// When the test stack is not running.
#[must_use]
pub fn common(db: &TestDb, keys: &TestKeys) -> Common {
    let addresses = test_addresses().expect("the test stack runs");
    let prefix = prefix();
    let listen = || ListenSettings {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
    };
    Common {
        postgres: PostgresSettings {
            url: Secret::new(db.url.clone()),
            max_connections: 16,
        },
        grpc: listen(),
        admin: listen(),
        telemetry: TelemetrySettings {
            log_filter: "info".to_owned(),
            otlp_endpoint: String::new(),
        },
        nats: NatsSettings {
            url: addresses.nats_url.clone(),
            user: addresses.nats_admin.user.clone(),
            password: Secret::new(addresses.nats_admin.password.clone()),
            prefix: prefix.clone(),
            replicas: 1,
        },
        amqp: AmqpSettings {
            url: Secret::new(addresses.amqp_url.clone()),
            prefix,
        },
        keys: KeysSettings {
            directory: keys.path().to_owned(),
        },
        roles: vec![Role::Grpc, Role::Relay, Role::Subscribers, Role::Jobs],
        tls: TlsSettings::default(),
        demonstration: DemonstrationSettings::default(),
    }
}

/// The Redis of the test stack, and a prefix for keys.
///
/// # Panics
/// When the test stack is not running.
#[must_use]
pub fn redis_url() -> (String, String) {
    (test_addresses().expect("the test stack runs").redis_url, prefix())
}
