impl serde::Serialize for RedemptionCancelled {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.redemption_id.is_empty() {
            len += 1;
        }
        if !self.partner_id.is_empty() {
            len += 1;
        }
        if !self.offer_code.is_empty() {
            len += 1;
        }
        if self.version != 0 {
            len += 1;
        }
        let mut struct_ser =
            serializer.serialize_struct("tadamon.partnerships.events.v1.RedemptionCancelled", len)?;
        if !self.redemption_id.is_empty() {
            struct_ser.serialize_field("redemptionId", &self.redemption_id)?;
        }
        if !self.partner_id.is_empty() {
            struct_ser.serialize_field("partnerId", &self.partner_id)?;
        }
        if !self.offer_code.is_empty() {
            struct_ser.serialize_field("offerCode", &self.offer_code)?;
        }
        if self.version != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("version", ToString::to_string(&self.version).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for RedemptionCancelled {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "redemption_id",
            "redemptionId",
            "partner_id",
            "partnerId",
            "offer_code",
            "offerCode",
            "version",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            RedemptionId,
            PartnerId,
            OfferCode,
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
                            "redemptionId" | "redemption_id" => Ok(GeneratedField::RedemptionId),
                            "partnerId" | "partner_id" => Ok(GeneratedField::PartnerId),
                            "offerCode" | "offer_code" => Ok(GeneratedField::OfferCode),
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
            type Value = RedemptionCancelled;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct tadamon.partnerships.events.v1.RedemptionCancelled")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<RedemptionCancelled, V::Error>
            where
                V: serde::de::MapAccess<'de>,
            {
                let mut redemption_id__ = None;
                let mut partner_id__ = None;
                let mut offer_code__ = None;
                let mut version__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::RedemptionId => {
                            if redemption_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("redemptionId"));
                            }
                            redemption_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::PartnerId => {
                            if partner_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("partnerId"));
                            }
                            partner_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::OfferCode => {
                            if offer_code__.is_some() {
                                return Err(serde::de::Error::duplicate_field("offerCode"));
                            }
                            offer_code__ = Some(map_.next_value()?);
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
                Ok(RedemptionCancelled {
                    redemption_id: redemption_id__.unwrap_or_default(),
                    partner_id: partner_id__.unwrap_or_default(),
                    offer_code: offer_code__.unwrap_or_default(),
                    version: version__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct(
            "tadamon.partnerships.events.v1.RedemptionCancelled",
            FIELDS,
            GeneratedVisitor,
        )
    }
}
impl serde::Serialize for RedemptionRecorded {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.redemption_id.is_empty() {
            len += 1;
        }
        if !self.partner_id.is_empty() {
            len += 1;
        }
        if !self.offer_code.is_empty() {
            len += 1;
        }
        if self.version != 0 {
            len += 1;
        }
        let mut struct_ser =
            serializer.serialize_struct("tadamon.partnerships.events.v1.RedemptionRecorded", len)?;
        if !self.redemption_id.is_empty() {
            struct_ser.serialize_field("redemptionId", &self.redemption_id)?;
        }
        if !self.partner_id.is_empty() {
            struct_ser.serialize_field("partnerId", &self.partner_id)?;
        }
        if !self.offer_code.is_empty() {
            struct_ser.serialize_field("offerCode", &self.offer_code)?;
        }
        if self.version != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("version", ToString::to_string(&self.version).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for RedemptionRecorded {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "redemption_id",
            "redemptionId",
            "partner_id",
            "partnerId",
            "offer_code",
            "offerCode",
            "version",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            RedemptionId,
            PartnerId,
            OfferCode,
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
                            "redemptionId" | "redemption_id" => Ok(GeneratedField::RedemptionId),
                            "partnerId" | "partner_id" => Ok(GeneratedField::PartnerId),
                            "offerCode" | "offer_code" => Ok(GeneratedField::OfferCode),
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
            type Value = RedemptionRecorded;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct tadamon.partnerships.events.v1.RedemptionRecorded")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<RedemptionRecorded, V::Error>
            where
                V: serde::de::MapAccess<'de>,
            {
                let mut redemption_id__ = None;
                let mut partner_id__ = None;
                let mut offer_code__ = None;
                let mut version__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::RedemptionId => {
                            if redemption_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("redemptionId"));
                            }
                            redemption_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::PartnerId => {
                            if partner_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("partnerId"));
                            }
                            partner_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::OfferCode => {
                            if offer_code__.is_some() {
                                return Err(serde::de::Error::duplicate_field("offerCode"));
                            }
                            offer_code__ = Some(map_.next_value()?);
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
                Ok(RedemptionRecorded {
                    redemption_id: redemption_id__.unwrap_or_default(),
                    partner_id: partner_id__.unwrap_or_default(),
                    offer_code: offer_code__.unwrap_or_default(),
                    version: version__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct(
            "tadamon.partnerships.events.v1.RedemptionRecorded",
            FIELDS,
            GeneratedVisitor,
        )
    }
}
