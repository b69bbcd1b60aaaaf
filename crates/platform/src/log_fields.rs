//! The fields of spans as JSON objects. Every request makes a span and adds to it (its trace, its status), and hardly any line of the log is written
//! in most of them: a field is written where the others end, and nothing is read again to do so. How a line looks is [`crate::log_lines`]'s.

use std::fmt::{self, Debug, Write as _};

use serde::Serialize;
use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FormatFields, FormattedFields};

/// Writes them. A field that is set twice stands twice, and whoever reads it takes the last.
pub(crate) struct Fields;

impl<'writer> FormatFields<'writer> for Fields {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut object = Object("{".to_owned());
        fields.record(&mut object);
        writer.write_str(&object.ended())
    }

    fn add_fields(&self, current: &'writer mut FormattedFields<Self>, fields: &Record<'_>) -> fmt::Result {
        let mut text = std::mem::take(&mut current.fields);
        if text.pop() != Some('}') {
            text = "{".to_owned();
        }
        let mut object = Object(text);
        fields.record(&mut object);
        current.fields = object.ended();
        Ok(())
    }
}

/// An object whose end is missing.
struct Object(String);

impl Object {
    fn ended(mut self) -> String {
        self.0.push('}');
        self.0
    }

    fn field(&mut self, field: &Field, value: &(impl Serialize + ?Sized)) {
        // A number that JSON does not know leaves no half of a field behind.
        let Ok(value) = serde_json::to_string(value) else {
            return;
        };
        if self.0.len() > 1 {
            self.0.push(',');
        }
        // A name is an identifier with dots: nothing in it needs an escape.
        let name = field.name().trim_start_matches("r#");
        let _always_written = write!(self.0, "\"{name}\":{value}");
    }
}

impl Visit for Object {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.field(field, &value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.field(field, &value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.field(field, &value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.field(field, &value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.field(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.field(field, &format!("{value:?}"));
    }
}
