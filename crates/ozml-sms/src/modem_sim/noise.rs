//! Lines that modems write whenever they like.

use crate::chance::Chance;

/// None of them can be taken for the answer to a command that we know.
const LINES: [&str; 8] = [
    "^RSSI:17",
    "^HCSQ:\"LTE\",46,41,131,20",
    "RING",
    "^MODE:5,4",
    "*PSUTTZ: 26,1,21,9,0,0,\"+04\",0",
    "^BOOT:27710117,0,0,0,77",
    "+CIEV: 2,3",
    "^SRVST:2",
];

/// One of them.
pub(super) fn line(chance: &mut Chance) -> &'static str {
    let most = u64::try_from(LINES.len()).unwrap_or_default();
    let which = usize::try_from(chance.below(most)).unwrap_or_default();
    LINES.get(which).copied().unwrap_or("RING")
}
