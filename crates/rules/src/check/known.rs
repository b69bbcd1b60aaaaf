//! Which optional facts are known to be given, depending on whether a condition held. It only adds what follows from
//! `has(..)` and the logical operators; it never looks at values.

use std::collections::BTreeSet;

type Names = BTreeSet<String>;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) if_true: Names,
    pub(super) if_false: Names,
}

impl Known {
    pub(super) fn if_true(name: &str) -> Self {
        Self {
            if_true: Names::from([name.to_owned()]),
            if_false: Names::new(),
        }
    }

    pub(super) fn negated(self) -> Self {
        Self {
            if_true: self.if_false,
            if_false: self.if_true,
        }
    }

    /// What is known of `self && next`, where `next` is evaluated only if `self` held.
    pub(super) fn and(self, next: Self) -> Self {
        let failed_later = union(&self.if_true, &next.if_false);
        Self {
            if_false: self.if_false.intersection(&failed_later).cloned().collect(),
            if_true: union(&self.if_true, &next.if_true),
        }
    }

    /// What is known of `self ? then : otherwise`.
    pub(super) fn choose(&self, then: &Self, otherwise: &Self) -> Self {
        let either = |then: &Names, otherwise: &Names| {
            let by_then = union(&self.if_true, then);
            let by_otherwise = union(&self.if_false, otherwise);
            by_then.intersection(&by_otherwise).cloned().collect()
        };
        Self {
            if_true: either(&then.if_true, &otherwise.if_true),
            if_false: either(&then.if_false, &otherwise.if_false),
        }
    }
}

pub(super) fn union(left: &Names, right: &Names) -> Names {
    left.union(right).cloned().collect()
}
