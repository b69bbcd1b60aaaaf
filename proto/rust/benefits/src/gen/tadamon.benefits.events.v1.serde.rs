impl serde::Serialize for ApplicationDecided {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.application_id.is_empty() {
            len += 1;
        }
        if !self.member_id.is_empty() {
            len += 1;
        }
        if !self.benefit_code.is_empty() {
            len += 1;
        }
        if self.version != 0 {
            len += 1;
        }
        let mut struct_ser =
            serializer.serialize_struct("tadamon.benefits.events.v1.ApplicationDecided", len)?;
        if !self.application_id.is_empty() {
            struct_ser.serialize_field("applicationId", &self.application_id)?;
        }
        if !self.member_id.is_empty() {
            struct_ser.serialize_field("memberId", &self.member_id)?;
        }
        if !self.benefit_code.is_empty() {
            struct_ser.serialize_field("benefitCode", &self.benefit_code)?;
        }
        if self.version != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("version", ToString::to_string(&self.version).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ApplicationDecided {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "application_id",
            "applicationId",
            "member_id",
            "memberId",
            "benefit_code",
            "benefitCode",
            "version",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            ApplicationId,
            MemberId,
            BenefitCode,
            Version,
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
                            "applicationId" | "application_id" => Ok(GeneratedField::ApplicationId),
                            "memberId" | "member_id" => Ok(GeneratedField::MemberId),
                            "benefitCode" | "benefit_code" => Ok(GeneratedField::BenefitCode),
                            "version" => Ok(GeneratedField::Version),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ApplicationDecided;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct tadamon.benefits.events.v1.ApplicationDecided")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ApplicationDecided, V::Error>
            where
                V: serde::de::MapAccess<'de>,
            {
                let mut application_id__ = None;
                let mut member_id__ = None;
                let mut benefit_code__ = None;
                let mut version__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::ApplicationId => {
                            if application_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("applicationId"));
                            }
                            application_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::MemberId => {
                            if member_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("memberId"));
                            }
                            member_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::BenefitCode => {
                            if benefit_code__.is_some() {
                                return Err(serde::de::Error::duplicate_field("benefitCode"));
                            }
                            benefit_code__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Version => {
                            if version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("version"));
                            }
                            version__ = Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ApplicationDecided {
                    application_id: application_id__.unwrap_or_default(),
                    member_id: member_id__.unwrap_or_default(),
                    benefit_code: benefit_code__.unwrap_or_default(),
                    version: version__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct(
            "tadamon.benefits.events.v1.ApplicationDecided",
            FIELDS,
            GeneratedVisitor,
        )
    }
}
impl serde::Serialize for ApplicationInformationRequested {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.application_id.is_empty() {
            len += 1;
        }
        if !self.member_id.is_empty() {
            len += 1;
        }
        if !self.benefit_code.is_empty() {
            len += 1;
        }
        if self.version != 0 {
            len += 1;
        }
        let mut struct_ser =
            serializer.serialize_struct("tadamon.benefits.events.v1.ApplicationInformationRequested", len)?;
        if !self.application_id.is_empty() {
            struct_ser.serialize_field("applicationId", &self.application_id)?;
        }
        if !self.member_id.is_empty() {
            struct_ser.serialize_field("memberId", &self.member_id)?;
        }
        if !self.benefit_code.is_empty() {
            struct_ser.serialize_field("benefitCode", &self.benefit_code)?;
        }
        if self.version != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("version", ToString::to_string(&self.version).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ApplicationInformationRequested {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "application_id",
            "applicationId",
            "member_id",
            "memberId",
            "benefit_code",
            "benefitCode",
            "version",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            ApplicationId,
            MemberId,
            BenefitCode,
            Version,
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
                            "applicationId" | "application_id" => Ok(GeneratedField::ApplicationId),
                            "memberId" | "member_id" => Ok(GeneratedField::MemberId),
                            "benefitCode" | "benefit_code" => Ok(GeneratedField::BenefitCode),
                            "version" => Ok(GeneratedField::Version),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ApplicationInformationRequested;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct tadamon.benefits.events.v1.ApplicationInformationRequested")
            }

            fn visit_map<V>(
                self,
                mut map_: V,
            ) -> std::result::Result<ApplicationInformationRequested, V::Error>
            where
                V: serde::de::MapAccess<'de>,
            {
                let mut application_id__ = None;
                let mut member_id__ = None;
                let mut benefit_code__ = None;
                let mut version__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::ApplicationId => {
                            if application_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("applicationId"));
                            }
                            application_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::MemberId => {
                            if member_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("memberId"));
                            }
                            member_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::BenefitCode => {
                            if benefit_code__.is_some() {
                                return Err(serde::de::Error::duplicate_field("benefitCode"));
                            }
                            benefit_code__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Version => {
                            if version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("version"));
                            }
                            version__ = Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ApplicationInformationRequested {
                    application_id: application_id__.unwrap_or_default(),
                    member_id: member_id__.unwrap_or_default(),
                    benefit_code: benefit_code__.unwrap_or_default(),
                    version: version__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct(
            "tadamon.benefits.events.v1.ApplicationInformationRequested",
            FIELDS,
            GeneratedVisitor,
        )
    }
}
impl serde::Serialize for ApplicationPaperInfected {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.application_id.is_empty() {
            len += 1;
        }
        if !self.member_id.is_empty() {
            len += 1;
        }
        if !self.benefit_code.is_empty() {
            len += 1;
        }
        if self.version != 0 {
            len += 1;
        }
        let mut struct_ser =
            serializer.serialize_struct("tadamon.benefits.events.v1.ApplicationPaperInfected", len)?;
        if !self.application_id.is_empty() {
            struct_ser.serialize_field("applicationId", &self.application_id)?;
        }
        if !self.member_id.is_empty() {
            struct_ser.serialize_field("memberId", &self.member_id)?;
        }
        if !self.benefit_code.is_empty() {
            struct_ser.serialize_field("benefitCode", &self.benefit_code)?;
        }
        if self.version != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("version", ToString::to_string(&self.version).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ApplicationPaperInfected {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "application_id",
            "applicationId",
            "member_id",
            "memberId",
            "benefit_code",
            "benefitCode",
            "version",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            ApplicationId,
            MemberId,
            BenefitCode,
            Version,
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
                            "applicationId" | "application_id" => Ok(GeneratedField::ApplicationId),
                            "memberId" | "member_id" => Ok(GeneratedField::MemberId),
                            "benefitCode" | "benefit_code" => Ok(GeneratedField::BenefitCode),
                            "version" => Ok(GeneratedField::Version),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ApplicationPaperInfected;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct tadamon.benefits.events.v1.ApplicationPaperInfected")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ApplicationPaperInfected, V::Error>
            where
                V: serde::de::MapAccess<'de>,
            {
                let mut application_id__ = None;
                let mut member_id__ = None;
                let mut benefit_code__ = None;
                let mut version__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::ApplicationId => {
                            if application_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("applicationId"));
                            }
                            application_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::MemberId => {
                            if member_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("memberId"));
                            }
                            member_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::BenefitCode => {
                            if benefit_code__.is_some() {
                                return Err(serde::de::Error::duplicate_field("benefitCode"));
                            }
                            benefit_code__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Version => {
                            if version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("version"));
                            }
                            version__ = Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ApplicationPaperInfected {
                    application_id: application_id__.unwrap_or_default(),
                    member_id: member_id__.unwrap_or_default(),
                    benefit_code: benefit_code__.unwrap_or_default(),
                    version: version__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct(
            "tadamon.benefits.events.v1.ApplicationPaperInfected",
            FIELDS,
            GeneratedVisitor,
        )
    }
}
impl serde::Serialize for ApplicationResent {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.application_id.is_empty() {
            len += 1;
        }
        if !self.member_id.is_empty() {
            len += 1;
        }
        if !self.benefit_code.is_empty() {
            len += 1;
        }
        if self.version != 0 {
            len += 1;
        }
        if !self.document_ids.is_empty() {
            len += 1;
        }
        let mut struct_ser =
            serializer.serialize_struct("tadamon.benefits.events.v1.ApplicationResent", len)?;
        if !self.application_id.is_empty() {
            struct_ser.serialize_field("applicationId", &self.application_id)?;
        }
        if !self.member_id.is_empty() {
            struct_ser.serialize_field("memberId", &self.member_id)?;
        }
        if !self.benefit_code.is_empty() {
            struct_ser.serialize_field("benefitCode", &self.benefit_code)?;
        }
        if self.version != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("version", ToString::to_string(&self.version).as_str())?;
        }
        if !self.document_ids.is_empty() {
            struct_ser.serialize_field("documentIds", &self.document_ids)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ApplicationResent {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "application_id",
            "applicationId",
            "member_id",
            "memberId",
            "benefit_code",
            "benefitCode",
            "version",
            "document_ids",
            "documentIds",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            ApplicationId,
            MemberId,
            BenefitCode,
            Version,
            DocumentIds,
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
                            "applicationId" | "application_id" => Ok(GeneratedField::ApplicationId),
                            "memberId" | "member_id" => Ok(GeneratedField::MemberId),
                            "benefitCode" | "benefit_code" => Ok(GeneratedField::BenefitCode),
                            "version" => Ok(GeneratedField::Version),
                            "documentIds" | "document_ids" => Ok(GeneratedField::DocumentIds),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ApplicationResent;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct tadamon.benefits.events.v1.ApplicationResent")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ApplicationResent, V::Error>
            where
                V: serde::de::MapAccess<'de>,
            {
                let mut application_id__ = None;
                let mut member_id__ = None;
                let mut benefit_code__ = None;
                let mut version__ = None;
                let mut document_ids__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::ApplicationId => {
                            if application_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("applicationId"));
                            }
                            application_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::MemberId => {
                            if member_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("memberId"));
                            }
                            member_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::BenefitCode => {
                            if benefit_code__.is_some() {
                                return Err(serde::de::Error::duplicate_field("benefitCode"));
                            }
                            benefit_code__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Version => {
                            if version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("version"));
                            }
                            version__ = Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0);
                        }
                        GeneratedField::DocumentIds => {
                            if document_ids__.is_some() {
                                return Err(serde::de::Error::duplicate_field("documentIds"));
                            }
                            document_ids__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ApplicationResent {
                    application_id: application_id__.unwrap_or_default(),
                    member_id: member_id__.unwrap_or_default(),
                    benefit_code: benefit_code__.unwrap_or_default(),
                    version: version__.unwrap_or_default(),
                    document_ids: document_ids__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct(
            "tadamon.benefits.events.v1.ApplicationResent",
            FIELDS,
            GeneratedVisitor,
        )
    }
}
impl serde::Serialize for ApplicationSubmitted {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.application_id.is_empty() {
            len += 1;
        }
        if !self.member_id.is_empty() {
            len += 1;
        }
        if !self.benefit_code.is_empty() {
            len += 1;
        }
        if self.version != 0 {
            len += 1;
        }
        if !self.document_ids.is_empty() {
            len += 1;
        }
        let mut struct_ser =
            serializer.serialize_struct("tadamon.benefits.events.v1.ApplicationSubmitted", len)?;
        if !self.application_id.is_empty() {
            struct_ser.serialize_field("applicationId", &self.application_id)?;
        }
        if !self.member_id.is_empty() {
            struct_ser.serialize_field("memberId", &self.member_id)?;
        }
        if !self.benefit_code.is_empty() {
            struct_ser.serialize_field("benefitCode", &self.benefit_code)?;
        }
        if self.version != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("version", ToString::to_string(&self.version).as_str())?;
        }
        if !self.document_ids.is_empty() {
            struct_ser.serialize_field("documentIds", &self.document_ids)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ApplicationSubmitted {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "application_id",
            "applicationId",
            "member_id",
            "memberId",
            "benefit_code",
            "benefitCode",
            "version",
            "document_ids",
            "documentIds",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            ApplicationId,
            MemberId,
            BenefitCode,
            Version,
            DocumentIds,
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
                            "applicationId" | "application_id" => Ok(GeneratedField::ApplicationId),
                            "memberId" | "member_id" => Ok(GeneratedField::MemberId),
                            "benefitCode" | "benefit_code" => Ok(GeneratedField::BenefitCode),
                            "version" => Ok(GeneratedField::Version),
                            "documentIds" | "document_ids" => Ok(GeneratedField::DocumentIds),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ApplicationSubmitted;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct tadamon.benefits.events.v1.ApplicationSubmitted")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ApplicationSubmitted, V::Error>
            where
                V: serde::de::MapAccess<'de>,
            {
                let mut application_id__ = None;
                let mut member_id__ = None;
                let mut benefit_code__ = None;
                let mut version__ = None;
                let mut document_ids__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::ApplicationId => {
                            if application_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("applicationId"));
                            }
                            application_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::MemberId => {
                            if member_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("memberId"));
                            }
                            member_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::BenefitCode => {
                            if benefit_code__.is_some() {
                                return Err(serde::de::Error::duplicate_field("benefitCode"));
                            }
                            benefit_code__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Version => {
                            if version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("version"));
                            }
                            version__ = Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0);
                        }
                        GeneratedField::DocumentIds => {
                            if document_ids__.is_some() {
                                return Err(serde::de::Error::duplicate_field("documentIds"));
                            }
                            document_ids__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ApplicationSubmitted {
                    application_id: application_id__.unwrap_or_default(),
                    member_id: member_id__.unwrap_or_default(),
                    benefit_code: benefit_code__.unwrap_or_default(),
                    version: version__.unwrap_or_default(),
                    document_ids: document_ids__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct(
            "tadamon.benefits.events.v1.ApplicationSubmitted",
            FIELDS,
            GeneratedVisitor,
        )
    }
}
impl serde::Serialize for ApplicationWaitingEnded {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.application_id.is_empty() {
            len += 1;
        }
        if !self.member_id.is_empty() {
            len += 1;
        }
        if !self.benefit_code.is_empty() {
            len += 1;
        }
        if self.version != 0 {
            len += 1;
        }
        let mut struct_ser =
            serializer.serialize_struct("tadamon.benefits.events.v1.ApplicationWaitingEnded", len)?;
        if !self.application_id.is_empty() {
            struct_ser.serialize_field("applicationId", &self.application_id)?;
        }
        if !self.member_id.is_empty() {
            struct_ser.serialize_field("memberId", &self.member_id)?;
        }
        if !self.benefit_code.is_empty() {
            struct_ser.serialize_field("benefitCode", &self.benefit_code)?;
        }
        if self.version != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("version", ToString::to_string(&self.version).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ApplicationWaitingEnded {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "application_id",
            "applicationId",
            "member_id",
            "memberId",
            "benefit_code",
            "benefitCode",
            "version",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            ApplicationId,
            MemberId,
            BenefitCode,
            Version,
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
                            "applicationId" | "application_id" => Ok(GeneratedField::ApplicationId),
                            "memberId" | "member_id" => Ok(GeneratedField::MemberId),
                            "benefitCode" | "benefit_code" => Ok(GeneratedField::BenefitCode),
                            "version" => Ok(GeneratedField::Version),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ApplicationWaitingEnded;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct tadamon.benefits.events.v1.ApplicationWaitingEnded")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ApplicationWaitingEnded, V::Error>
            where
                V: serde::de::MapAccess<'de>,
            {
                let mut application_id__ = None;
                let mut member_id__ = None;
                let mut benefit_code__ = None;
                let mut version__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::ApplicationId => {
                            if application_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("applicationId"));
                            }
                            application_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::MemberId => {
                            if member_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("memberId"));
                            }
                            member_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::BenefitCode => {
                            if benefit_code__.is_some() {
                                return Err(serde::de::Error::duplicate_field("benefitCode"));
                            }
                            benefit_code__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Version => {
                            if version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("version"));
                            }
                            version__ = Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ApplicationWaitingEnded {
                    application_id: application_id__.unwrap_or_default(),
                    member_id: member_id__.unwrap_or_default(),
                    benefit_code: benefit_code__.unwrap_or_default(),
                    version: version__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct(
            "tadamon.benefits.events.v1.ApplicationWaitingEnded",
            FIELDS,
            GeneratedVisitor,
        )
    }
}
impl serde::Serialize for ApplicationWithdrawn {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.application_id.is_empty() {
            len += 1;
        }
        if !self.member_id.is_empty() {
            len += 1;
        }
        if !self.benefit_code.is_empty() {
            len += 1;
        }
        if self.version != 0 {
            len += 1;
        }
        let mut struct_ser =
            serializer.serialize_struct("tadamon.benefits.events.v1.ApplicationWithdrawn", len)?;
        if !self.application_id.is_empty() {
            struct_ser.serialize_field("applicationId", &self.application_id)?;
        }
        if !self.member_id.is_empty() {
            struct_ser.serialize_field("memberId", &self.member_id)?;
        }
        if !self.benefit_code.is_empty() {
            struct_ser.serialize_field("benefitCode", &self.benefit_code)?;
        }
        if self.version != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("version", ToString::to_string(&self.version).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ApplicationWithdrawn {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "application_id",
            "applicationId",
            "member_id",
            "memberId",
            "benefit_code",
            "benefitCode",
            "version",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            ApplicationId,
            MemberId,
            BenefitCode,
            Version,
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
                            "applicationId" | "application_id" => Ok(GeneratedField::ApplicationId),
                            "memberId" | "member_id" => Ok(GeneratedField::MemberId),
                            "benefitCode" | "benefit_code" => Ok(GeneratedField::BenefitCode),
                            "version" => Ok(GeneratedField::Version),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ApplicationWithdrawn;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct tadamon.benefits.events.v1.ApplicationWithdrawn")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ApplicationWithdrawn, V::Error>
            where
                V: serde::de::MapAccess<'de>,
            {
                let mut application_id__ = None;
                let mut member_id__ = None;
                let mut benefit_code__ = None;
                let mut version__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::ApplicationId => {
                            if application_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("applicationId"));
                            }
                            application_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::MemberId => {
                            if member_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("memberId"));
                            }
                            member_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::BenefitCode => {
                            if benefit_code__.is_some() {
                                return Err(serde::de::Error::duplicate_field("benefitCode"));
                            }
                            benefit_code__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Version => {
                            if version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("version"));
                            }
                            version__ = Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ApplicationWithdrawn {
                    application_id: application_id__.unwrap_or_default(),
                    member_id: member_id__.unwrap_or_default(),
                    benefit_code: benefit_code__.unwrap_or_default(),
                    version: version__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct(
            "tadamon.benefits.events.v1.ApplicationWithdrawn",
            FIELDS,
            GeneratedVisitor,
        )
    }
}
