//! Cutting a message into parts: the same for all transports.

use ozml_session::{Invalid, OutgoingSms, SmsRefusal};

use crate::text::{self, Encoding, Reference, Segments};

/// The parts of a message, as many as it may have. Only the cut tells how many there are: their reference is written
/// in afterwards, see [`write_reference`].
pub(crate) fn cut(sms: &OutgoingSms, encoding: Encoding) -> Result<Segments, SmsRefusal> {
    let segments = text::segment_as(sms.text.as_str(), encoding, Reference::Bits8(0))
        .map_err(|fault| invalid("Message", fault.to_string()))?;
    if segments.parts.len() > usize::from(sms.max_segments) {
        return Err(SmsRefusal::TooLong {
            segments: u64::try_from(segments.parts.len()).unwrap_or(u64::MAX),
            limit: sms.max_segments,
        });
    }
    Ok(segments)
}

/// Ties the parts together. `reference` is asked only when there are several.
pub(crate) fn write_reference(segments: &mut Segments, reference: impl FnOnce() -> u8) {
    if segments.parts.len() > 1 {
        let reference = Reference::Bits8(reference());
        let parts = segments.parts.iter_mut();
        let concatenations = parts.filter_map(|part| part.concatenation.as_mut());
        concatenations.for_each(|concatenation| concatenation.reference = reference);
    }
}

/// The refusal of a message that can never be sent.
pub(crate) fn invalid(parameter: &'static str, fault: String) -> SmsRefusal {
    SmsRefusal::Invalid {
        parameter,
        reason: Invalid::new(fault),
    }
}
