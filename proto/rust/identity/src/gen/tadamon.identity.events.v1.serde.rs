impl serde::Serialize for AccountActivated {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.account_id.is_empty() {
            len += 1;
        }
        if !self.member_id.is_empty() {
            len += 1;
        }
        let mut struct_ser =
            serializer.serialize_struct("tadamon.identity.events.v1.AccountActivated", len)?;
        if !self.account_id.is_empty() {
            struct_ser.serialize_field("accountId", &self.account_id)?;
        }
        if !self.member_id.is_empty() {
            struct_ser.serialize_field("memberId", &self.member_id)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for AccountActivated {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &["account_id", "accountId", "member_id", "memberId"];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            AccountId,
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
                            "accountId" | "account_id" => Ok(GeneratedField::AccountId),
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
            type Value = AccountActivated;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct tadamon.identity.events.v1.AccountActivated")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<AccountActivated, V::Error>
            where
                V: serde::de::MapAccess<'de>,
            {
                let mut account_id__ = None;
                let mut member_id__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::AccountId => {
                            if account_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("accountId"));
                            }
                            account_id__ = Some(map_.next_value()?);
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
                Ok(AccountActivated {
                    account_id: account_id__.unwrap_or_default(),
                    member_id: member_id__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct(
            "tadamon.identity.events.v1.AccountActivated",
            FIELDS,
            GeneratedVisitor,
        )
    }
}
impl serde::Serialize for AccountLinkRequested {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.delivery_id.is_empty() {
            len += 1;
        }
        let mut struct_ser =
            serializer.serialize_struct("tadamon.identity.events.v1.AccountLinkRequested", len)?;
        if !self.delivery_id.is_empty() {
            struct_ser.serialize_field("deliveryId", &self.delivery_id)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for AccountLinkRequested {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &["delivery_id", "deliveryId"];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            DeliveryId,
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
                            "deliveryId" | "delivery_id" => Ok(GeneratedField::DeliveryId),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = AccountLinkRequested;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct tadamon.identity.events.v1.AccountLinkRequested")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<AccountLinkRequested, V::Error>
            where
                V: serde::de::MapAccess<'de>,
            {
                let mut delivery_id__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::DeliveryId => {
                            if delivery_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("deliveryId"));
                            }
                            delivery_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(AccountLinkRequested {
                    delivery_id: delivery_id__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct(
            "tadamon.identity.events.v1.AccountLinkRequested",
            FIELDS,
            GeneratedVisitor,
        )
    }
}
