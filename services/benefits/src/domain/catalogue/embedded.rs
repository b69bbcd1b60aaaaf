//! The catalogue files, embedded so that a release carries the definitions that its tests read. One line per file; a test compares the
//! list with the folder.

macro_rules! files {
    ($($code:literal),+ $(,)?) => {
        /// Code and text of each file.
        pub(super) const FILES: &[(&str, &str)] = &[
            $(($code, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/catalogue/", $code, ".toml")))),+
        ];
    };
}

files![
    "agadir_nursery",
    "air_transport_support",
    "al_arz_centre",
    "anapec_training",
    "arrears_view",
    "children_camp",
    "complementary_health",
    "condolence",
    "covid_test_refund",
    "ctm_discount",
    "data_update",
    "digital_card",
    "disability_complement",
    "eid_advance",
    "eid_support",
    "excellence_grant",
    "exceptional_aid",
    "exceptional_health_aid",
    "family_holiday_booking",
    "family_holiday_support",
    "hacienda_centre",
    "housing_projects",
    "interest_refund",
    "inwi_offer",
    "orphan_schooling_support",
    "refund_simulator",
    "remote_enrolment",
    "renault_offer",
    "school_advance",
    "schooling_support_hardship",
    "social_advance",
    "teen_camp",
    "transport_support",
    "university_discount",
    "university_grant",
];
