//! Where members work: 12 % in the provinces of the air transport support, many in Rabat and Casablanca, some everywhere else.

use kernel::Province;

use super::random::Random;

/// Shares outside the air support provinces, in thousandths of all members; what is left is spread over the other provinces.
const HEAVY: [(&str, u64); 7] = [
    ("MA-RAB", 260),
    ("MA-CAS", 170),
    ("MA-SAL", 60),
    ("MA-SKH", 50),
    ("MA-FES", 50),
    ("MA-MAR", 45),
    ("MA-TNG", 40),
];
const AIR_SUPPORT: u64 = 120;
/// In Rabat sits the central administration; elsewhere nearly everybody is in the external services.
const EXTERNAL_IN_RABAT: u64 = 150;
const EXTERNAL_ELSEWHERE: u64 = 900;

/// The provinces, sorted into air support and the rest.
pub(super) struct Places {
    air: Vec<Province>,
    light: Vec<Province>,
}

impl Places {
    pub(super) fn new() -> Self {
        let is_heavy = |province: &Province| HEAVY.iter().any(|(iso, _)| *iso == province.iso());
        Self {
            air: Province::air_support().collect(),
            light: Province::all()
                .filter(|province| !province.is_air_support() && !is_heavy(province))
                .collect(),
        }
    }

    /// A province, and whether the member is in the external services.
    pub(super) fn draw(&self, random: &mut Random) -> (&'static str, bool) {
        let mut at = random.below(1000);
        if at < AIR_SUPPORT {
            return (random.one_of(&self.air).iso(), true);
        }
        at -= AIR_SUPPORT;
        for (iso, share) in HEAVY {
            if at < share {
                let external = if iso == "MA-RAB" {
                    EXTERNAL_IN_RABAT
                } else {
                    EXTERNAL_ELSEWHERE
                };
                return (iso, random.permille(external));
            }
            at -= share;
        }
        (
            random.one_of(&self.light).iso(),
            random.permille(EXTERNAL_ELSEWHERE),
        )
    }
}
