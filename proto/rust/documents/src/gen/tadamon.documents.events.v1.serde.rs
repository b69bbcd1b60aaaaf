impl serde::Serialize for DocumentAccepted {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.document_id.is_empty() {
            len += 1;
        }
        if !self.scan_state.is_empty() {
            len += 1;
        }
        let mut struct_ser =
            serializer.serialize_struct("tadamon.documents.events.v1.DocumentAccepted", len)?;
        if !self.document_id.is_empty() {
            struct_ser.serialize_field("documentId", &self.document_id)?;
        }
        if !self.scan_state.is_empty() {
            struct_ser.serialize_field("scanState", &self.scan_state)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for DocumentAccepted {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &["document_id", "documentId", "scan_state", "scanState"];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            DocumentId,
            ScanState,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "documentId" | "document_id" => Ok(GeneratedField::DocumentId),
                            "scanState" | "scan_state" => Ok(GeneratedField::ScanState),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = DocumentAccepted;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct tadamon.documents.events.v1.DocumentAccepted")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<DocumentAccepted, V::Error>
            where
                V: serde::de::MapAccess<'de>,
            {
                let mut document_id__ = None;
                let mut scan_state__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::DocumentId => {
                            if document_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("documentId"));
                            }
                            document_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::ScanState => {
                            if scan_state__.is_some() {
                                return Err(serde::de::Error::duplicate_field("scanState"));
                            }
                            scan_state__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(DocumentAccepted {
                    document_id: document_id__.unwrap_or_default(),
                    scan_state: scan_state__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct(
            "tadamon.documents.events.v1.DocumentAccepted",
            FIELDS,
            GeneratedVisitor,
        )
    }
}
impl serde::Serialize for DocumentFoundInfected {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.document_id.is_empty() {
            len += 1;
        }
        if !self.member_id.is_empty() {
            len += 1;
        }
        let mut struct_ser =
            serializer.serialize_struct("tadamon.documents.events.v1.DocumentFoundInfected", len)?;
        if !self.document_id.is_empty() {
            struct_ser.serialize_field("documentId", &self.document_id)?;
        }
        if !self.member_id.is_empty() {
            struct_ser.serialize_field("memberId", &self.member_id)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for DocumentFoundInfected {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &["document_id", "documentId", "member_id", "memberId"];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            DocumentId,
            MemberId,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "documentId" | "document_id" => Ok(GeneratedField::DocumentId),
                            "memberId" | "member_id" => Ok(GeneratedField::MemberId),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = DocumentFoundInfected;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct tadamon.documents.events.v1.DocumentFoundInfected")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<DocumentFoundInfected, V::Error>
            where
                V: serde::de::MapAccess<'de>,
            {
                let mut document_id__ = None;
                let mut member_id__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::DocumentId => {
                            if document_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("documentId"));
                            }
                            document_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::MemberId => {
                            if member_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("memberId"));
                            }
                            member_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(DocumentFoundInfected {
                    document_id: document_id__.unwrap_or_default(),
                    member_id: member_id__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct(
            "tadamon.documents.events.v1.DocumentFoundInfected",
            FIELDS,
            GeneratedVisitor,
        )
    }
}
impl serde::Serialize for DocumentRefused {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.document_id.is_empty() {
            len += 1;
        }
        if !self.reason.is_empty() {
            len += 1;
        }
        let mut struct_ser =
            serializer.serialize_struct("tadamon.documents.events.v1.DocumentRefused", len)?;
        if !self.document_id.is_empty() {
            struct_ser.serialize_field("documentId", &self.document_id)?;
        }
        if !self.reason.is_empty() {
            struct_ser.serialize_field("reason", &self.reason)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for DocumentRefused {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &["document_id", "documentId", "reason"];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            DocumentId,
            Reason,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "documentId" | "document_id" => Ok(GeneratedField::DocumentId),
                            "reason" => Ok(GeneratedField::Reason),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = DocumentRefused;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct tadamon.documents.events.v1.DocumentRefused")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<DocumentRefused, V::Error>
            where
                V: serde::de::MapAccess<'de>,
            {
                let mut document_id__ = None;
                let mut reason__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::DocumentId => {
                            if document_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("documentId"));
                            }
                            document_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Reason => {
                            if reason__.is_some() {
                                return Err(serde::de::Error::duplicate_field("reason"));
                            }
                            reason__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(DocumentRefused {
                    document_id: document_id__.unwrap_or_default(),
                    reason: reason__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct(
            "tadamon.documents.events.v1.DocumentRefused",
            FIELDS,
            GeneratedVisitor,
        )
    }
}
