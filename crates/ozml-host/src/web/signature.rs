//! Signatures of requests: HMAC-SHA-256 over the time and the body.
//!
//! The header is `X-OzML-Signature: t=1767225600,v1=2f4a…`: seconds since 1970 and, in hexadecimal digits, the
//! HMAC of `1767225600.` and the body.

use hmac::{Hmac, KeyInit, Mac};
use ozml_session::WallTime;
use sha2::Sha256;

use super::secret::{Secret, Secrets};

/// The header that carries a signature.
pub const SIGNATURE_HEADER: &str = "X-OzML-Signature";

/// Seconds a signature may be older or newer than the clock of the one who checks it.
pub const SIGNATURE_TOLERANCE: u64 = 300;

/// Longest header that is read.
const MOST: usize = 1024;

/// Why a request is not believed. The sender learns no more than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The header is not `t=…,v1=…`.
    #[error("the signature cannot be read")]
    Malformed,
    /// Its time is more than [`SIGNATURE_TOLERANCE`] away.
    #[error("the signature is not of these minutes")]
    Late,
    /// No secret makes this signature of this time and body.
    #[error("the signature does not belong to this body")]
    Wrong,
}

/// The value of [`SIGNATURE_HEADER`] for a body that is sent now.
pub fn sign(secret: &Secret, now: WallTime, body: &[u8]) -> String {
    let seconds = seconds(now);
    let digest = mac(secret, &seconds.to_string(), body).finalize().into_bytes();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={seconds},v1={hex}")
}

/// Checks the value of [`SIGNATURE_HEADER`] of a request that came now. Secrets are compared in constant
/// time. A header may have several `v1`: one that is right is enough.
pub fn verify(secrets: &Secrets, now: WallTime, header: &str, body: &[u8]) -> Result<(), SignatureError> {
    let (time, signatures) = read(header).ok_or(SignatureError::Malformed)?;
    let at: i64 = time.parse().map_err(|_| SignatureError::Malformed)?;
    if at.abs_diff(seconds(now)) > SIGNATURE_TOLERANCE {
        return Err(SignatureError::Late);
    }
    let is_right = |secret: &Secret| {
        let mac = mac(secret, time, body);
        signatures
            .iter()
            .any(|signature| mac.clone().verify_slice(signature).is_ok())
    };
    if secrets.accepted().any(is_right) {
        Ok(())
    } else {
        Err(SignatureError::Wrong)
    }
}

/// Whole seconds since 1970.
fn seconds(time: WallTime) -> i64 {
    time.as_unix_millis().div_euclid(1000)
}

#[allow(clippy::expect_used, reason = "HMAC takes a key of any length")]
fn mac(secret: &Secret, time: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac
}

/// The time as it is written, and all signatures of version 1; other versions are skipped.
fn read(header: &str) -> Option<(&str, Vec<Vec<u8>>)> {
    if header.len() > MOST {
        return None;
    }
    let (mut time, mut signatures) = (None, Vec::new());
    for part in header.split(',') {
        match part.trim().split_once('=')? {
            ("t", _) if time.is_some() => return None,
            ("t", written) => time = Some(written),
            ("v1", written) => signatures.push(from_hex(written)?),
            _ => {}
        }
    }
    Some((time?, signatures)).filter(|(_, signatures)| !signatures.is_empty())
}

fn from_hex(written: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    written.as_bytes().chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"NotificationName=SMSDeliveryReport&Status=Delivered";
    const NOW: WallTime = WallTime::from_unix_millis(1_767_225_600_999);

    fn secret(letter: &str) -> Secret {
        Secret::new(&letter.repeat(16)).unwrap()
    }

    fn check(secrets: &Secrets, header: &str, body: &[u8]) -> Result<(), SignatureError> {
        verify(secrets, NOW, header, body)
    }

    /// Made with another implementation: `printf 1767225600.BODY | openssl dgst -sha256 -hmac aaaaaaaaaaaaaaaa`.
    #[test]
    fn others_make_the_same_signature() {
        let expected = "t=1767225600,v1=43dd8791d7a29296d6d24745d23510623606dcee1dfdfdfd104ebb903f3baf92";
        assert_eq!(sign(&secret("a"), NOW, BODY), expected);
        assert_eq!(check(&Secrets::new(secret("a")), expected, BODY), Ok(()));
    }

    #[test]
    fn forged_and_altered_requests_are_refused() {
        let secrets = Secrets::new(secret("a"));
        let forged = sign(&secret("b"), NOW, BODY);
        assert_eq!(check(&secrets, &forged, BODY), Err(SignatureError::Wrong));
        let right = sign(&secret("a"), NOW, BODY);
        assert_eq!(check(&secrets, &right, b"other"), Err(SignatureError::Wrong));
        let other_time = right.replace("t=1767225600", "t=1767225601");
        assert_eq!(check(&secrets, &other_time, BODY), Err(SignatureError::Wrong));
        let shortened = right.get(..right.len() - 2).unwrap();
        assert_eq!(check(&secrets, shortened, BODY), Err(SignatureError::Wrong));
    }

    #[test]
    fn a_signature_lives_for_five_minutes() {
        let secrets = Secrets::new(secret("a"));
        let aged = |seconds: i64| {
            let at = WallTime::from_unix_millis(NOW.as_unix_millis() + seconds * 1000);
            check(&secrets, &sign(&secret("a"), at, BODY), BODY)
        };
        assert_eq!((aged(-300), aged(300)), (Ok(()), Ok(())));
        assert_eq!(aged(-301), Err(SignatureError::Late));
        assert_eq!(aged(301), Err(SignatureError::Late));
        let far = "t=-9223372036854775808,v1=00";
        assert_eq!(check(&secrets, far, BODY), Err(SignatureError::Late));
    }

    #[test]
    fn two_secrets_are_accepted_while_they_change() {
        let changing = Secrets::new(secret("b")).previous(secret("a"));
        for letter in ["a", "b"] {
            assert_eq!(
                check(&changing, &sign(&secret(letter), NOW, BODY), BODY),
                Ok(()),
                "{letter}"
            );
        }
        let both = format!("{},v1=00,v2=zz", sign(&secret("a"), NOW, BODY));
        assert_eq!(check(&changing, &both, BODY), Ok(()));
    }

    #[test]
    fn what_is_no_signature_is_refused() {
        let secrets = Secrets::new(secret("a"));
        let long = format!("t=1,v1={}", "0".repeat(1024));
        for wrong in [
            "",
            "t=1",
            "v1=00",
            "t=1,v1",
            "t=x,v1=00",
            "t=1,v1=0",
            "t=1,v1=0g",
            "t=1,v1=é0",
            "t=1,t=1,v1=00",
            &long,
        ] {
            assert_eq!(
                check(&secrets, wrong, BODY),
                Err(SignatureError::Malformed),
                "{wrong}"
            );
        }
    }
}
