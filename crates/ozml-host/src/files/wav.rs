//! How long a WAV file plays: the head of the file is enough (RIFF, Microsoft and IBM 1991).

use std::io::{self, Read, Seek, SeekFrom};

/// Chunks before the sound that are looked at; what has more is not worth it.
const MOST_CHUNKS: usize = 32;

/// The playing time in milliseconds; `None` for what is no WAV file, or one that says nothing useful.
/// `bytes`: the size of the file.
pub(super) fn playing_time(file: &mut (impl Read + Seek), bytes: u64) -> io::Result<Option<u64>> {
    match walk(file, bytes) {
        Err(fault) if fault.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        result => result,
    }
}

fn walk(file: &mut (impl Read + Seek), bytes: u64) -> io::Result<Option<u64>> {
    let head: [u8; 12] = take(file)?;
    if !(head.starts_with(b"RIFF") && head.ends_with(b"WAVE")) {
        return Ok(None);
    }
    let mut rate = None;
    for _ in 0..MOST_CHUNKS {
        let name: [u8; 4] = take(file)?;
        let length = u32::from_le_bytes(take(file)?);
        let begin = file.stream_position()?;
        match &name {
            b"fmt " => {
                // Format, channels and samples a second stand before it.
                let _before: [u8; 8] = take(file)?;
                rate = Some(u32::from_le_bytes(take(file)?));
            }
            b"data" => {
                // A writer that could not go back leaves its length open.
                let sound = u64::from(length).min(bytes.saturating_sub(begin));
                return Ok(rate.and_then(|rate| ms(sound, rate)));
            }
            _ => {}
        }
        // A chunk fills an even number of bytes.
        let next = begin
            .saturating_add(u64::from(length))
            .saturating_add(u64::from(length & 1));
        file.seek(SeekFrom::Start(next))?;
    }
    Ok(None)
}

fn ms(sound: u64, bytes_a_second: u32) -> Option<u64> {
    sound.saturating_mul(1000).checked_div(u64::from(bytes_a_second))
}

fn take<const N: usize>(file: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A file with a `LIST` chunk of odd length before the sound.
    fn wav(rate: u32, declared: u32, sound: usize) -> Vec<u8> {
        let mut file = b"RIFF\0\0\0\0WAVE".to_vec();
        file.extend(b"LIST\x03\0\0\0abc\0");
        file.extend(b"fmt \x10\0\0\0\x07\0\x01\0\x40\x1f\0\0");
        file.extend(rate.to_le_bytes());
        file.extend(b"\x01\0\x08\0data");
        file.extend(declared.to_le_bytes());
        file.resize(file.len() + sound, 0);
        file
    }

    fn time(file: &[u8]) -> Option<u64> {
        playing_time(&mut Cursor::new(file), file.len() as u64).unwrap()
    }

    #[test]
    fn the_head_tells_the_time() {
        assert_eq!(time(&wav(8000, 12_000, 12_000)), Some(1500));
        assert_eq!(time(&wav(8000, u32::MAX, 8000)), Some(1000), "a length left open");
    }

    #[test]
    fn no_head_makes_it_fail() {
        let whole = wav(8000, 100, 100);
        for cut in 0..whole.len() - 100 {
            assert_eq!(time(&whole[..cut]), None, "cut at {cut}");
        }
        assert_eq!(time(&wav(0, 100, 100)), None, "no bytes a second");
        assert_eq!(time(b"ID3\x04 an mp3 file is none"), None);
        let chunks = [b"RIFF\0\0\0\0WAVE".to_vec(), b"junk\0\0\0\0".repeat(1000)].concat();
        assert_eq!(time(&chunks), None);
    }
}
