//! What the language promises from outside: worked rule sets read from files, and agreement with CEL on the shared subset.
//! Rules about the inside (parser limits, narrowing, properties of the printer) are tested beside the code.

mod air_transport;
mod exceptional_health_aid;
mod oracle;
mod refused_definitions;
mod support;
