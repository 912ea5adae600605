/// One entry of [`STARTER_DENY`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct StarterDeny {
    /// The country whose installations deny it; `None`: all do.
    pub home: Option<&'static str>,
    /// The beginning of the numbers.
    pub prefix: &'static str,
    /// What these numbers are.
    pub kind: &'static str,
}

const fn everywhere(prefix: &'static str) -> StarterDeny {
    let (home, kind) = (None, "satellite and global networks");
    StarterDeny { home, prefix, kind }
}

const fn premium(home: &'static str, prefix: &'static str) -> StarterDeny {
    let (home, kind) = (Some(home), "premium rate");
    StarterDeny { home, prefix, kind }
}

const fn shared(home: &'static str, prefix: &'static str) -> StarterDeny {
    let (home, kind) = (Some(home), "shared cost");
    StarterDeny { home, prefix, kind }
}

/// What is denied unless `starter_deny = false`: satellite and global networks (ITU-T E.164, assigned
/// country codes), and the premium and shared-cost ranges of the home country by its national numbering
/// plan. It is a beginning and not complete; other countries have no ranges here.
pub const STARTER_DENY: &[StarterDeny] = &[
    everywhere("+870"),
    everywhere("+881"),
    everywhere("+882"),
    everywhere("+883"),
    // North America
    premium("+1", "+1900"),
    // Netherlands
    premium("+31", "+31900"),
    premium("+31", "+31906"),
    premium("+31", "+31909"),
    // France
    premium("+33", "+3389"),
    shared("+33", "+3381"),
    shared("+33", "+3382"),
    // Spain
    premium("+34", "+34803"),
    premium("+34", "+34806"),
    premium("+34", "+34807"),
    premium("+34", "+34905"),
    shared("+34", "+34901"),
    shared("+34", "+34902"),
    // Hungary
    premium("+36", "+3690"),
    premium("+36", "+3691"),
    shared("+36", "+3640"),
    // Italy
    premium("+39", "+3989"),
    shared("+39", "+3984"),
    shared("+39", "+39199"),
    // Switzerland
    premium("+41", "+41900"),
    premium("+41", "+41901"),
    premium("+41", "+41906"),
    shared("+41", "+41840"),
    shared("+41", "+41842"),
    shared("+41", "+41844"),
    shared("+41", "+41848"),
    // Austria
    premium("+43", "+43900"),
    premium("+43", "+43901"),
    premium("+43", "+43930"),
    premium("+43", "+43931"),
    premium("+43", "+43939"),
    shared("+43", "+43810"),
    shared("+43", "+43820"),
    shared("+43", "+43821"),
    // United Kingdom; 70 are personal numbers at premium prices
    premium("+44", "+449"),
    premium("+44", "+4470"),
    shared("+44", "+4484"),
    shared("+44", "+4487"),
    // Germany; 137 is mass traffic, 118 directory enquiries
    premium("+49", "+49900"),
    premium("+49", "+49137"),
    premium("+49", "+49118"),
    shared("+49", "+49180"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_lies_in_its_country_and_stands_once() {
        for (place, entry) in STARTER_DENY.iter().enumerate() {
            assert!(
                entry
                    .prefix
                    .starts_with(entry.home.unwrap_or("+88").get(..2).unwrap())
            );
            assert!(
                entry
                    .home
                    .is_none_or(|home| entry.prefix.len() > home.len() && entry.prefix.starts_with(home))
            );
            let behind = &STARTER_DENY[place + 1..];
            assert_eq!(
                behind.iter().find(|other| other.prefix.starts_with(entry.prefix)),
                None
            );
        }
    }
}
