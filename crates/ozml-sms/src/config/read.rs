//! How single values are read.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use ozml_session::{ConnectionName, Invalid, parse_duration};
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The name of a variable of the process's environment: not empty, without `=`, blanks and controls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentVariable(String);

impl EnvironmentVariable {
    /// Checks the form; whether the variable is set is found when it is asked for.
    pub fn new(name: &str) -> Result<Self, Invalid> {
        let wrong = |c: char| c == '=' || c.is_control() || c.is_whitespace();
        if name.is_empty() || name.contains(wrong) {
            return Err(Invalid::new(
                "the name of an environment variable such as SMSC1_PASSWORD was expected",
            ));
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that `check` takes.
pub(super) fn checked<'de, D, T, E>(
    deserializer: D,
    check: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    E: Display,
{
    checked_as(deserializer, "a text in quotes", check)
}

/// A text that `check` takes; `expected` is said of what is no text.
fn checked_as<'de, D, T, E>(
    deserializer: D,
    expected: &'static str,
    check: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    E: Display,
{
    let written = deserializer.deserialize_str(Text(expected))?;
    check(&written).map_err(D::Error::custom)
}

/// Takes a text.
struct Text(&'static str);

impl Visitor<'_> for Text {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: Error>(self, written: &str) -> Result<String, E> {
        Ok(written.to_owned())
    }
}

/// A text that its type checks.
pub(super) struct Checked<T>(pub(super) T);

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Checked<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer, str::parse).map(Self)
    }
}

/// A table whose keys and values are texts that their types check. Two keys that mean the same are a fault.
pub(super) fn table<'de, D, K, V>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: FromStr<Err: Display> + Ord,
    V: FromStr<Err: Display>,
{
    let written = deserializer.deserialize_map(Table(PhantomData))?;
    Ok(written
        .into_iter()
        .map(|(key, (_, value))| (key, value))
        .collect())
}

/// Values by what their keys mean, with the keys as they are written.
type Written<K, V> = BTreeMap<K, (String, V)>;

/// Takes a table.
struct Table<K, V>(PhantomData<(K, V)>);

impl<'de, K, V> Visitor<'de> for Table<K, V>
where
    K: FromStr<Err: Display> + Ord,
    V: FromStr<Err: Display>,
{
    type Value = Written<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut table = Written::new();
        while let Some((written, key)) = entries.next_key_seed(NewKey(&table))? {
            let Checked(value) = entries.next_value()?;
            table.insert(key, (written, value));
        }
        Ok(table)
    }
}

/// Takes a key that means something else than those before.
struct NewKey<'t, K, V>(&'t Written<K, V>);

impl<'de, K: FromStr<Err: Display> + Ord, V> DeserializeSeed<'de> for NewKey<'_, K, V> {
    type Value = (String, K);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        checked(deserializer, |written| {
            let key = written.parse::<K>().map_err(|fault| fault.to_string())?;
            match self.0.get(&key) {
                Some((same, _)) => Err(format!(
                    "`{same}` and `{written}` mean the same: keep one of them"
                )),
                None => Ok((written.to_owned(), key)),
            }
        })
    }
}

pub(super) fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ConnectionName, D::Error> {
    checked(deserializer, |written| {
        ConnectionName::new(written).map_err(|_| {
            Invalid::new("a name of 1 to 128 characters without blanks was expected, such as `smsc1`")
        })
    })
}

pub(super) fn variable<'de, D>(deserializer: D) -> Result<Option<EnvironmentVariable>, D::Error>
where
    D: Deserializer<'de>,
{
    checked(deserializer, EnvironmentVariable::new).map(Some)
}

/// A whole number of a range.
pub(super) fn whole_number<'de, D, T>(deserializer: D, range: RangeInclusive<T>) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i64> + PartialOrd + Display,
{
    let written = i64::deserialize(deserializer)?;
    let number = T::try_from(written).ok().filter(|number| range.contains(number));
    number.ok_or_else(|| {
        let (least, most) = range.into_inner();
        D::Error::custom(format!(
            "a whole number from {least} to {most} was expected, not {written}"
        ))
    })
}

/// Reads a time such as `30s` or `24h` from `least` to `most`, which are whole seconds.
pub fn duration_between<'de, D>(
    deserializer: D,
    least: Duration,
    most: Duration,
) -> Result<Duration, D::Error>
where
    D: Deserializer<'de>,
{
    checked_as(deserializer, "a time in quotes such as `30s`", |written| {
        let time = parse_duration(written)?;
        if (least..=most).contains(&time) {
            Ok(time)
        } else {
            Err(Invalid::new(format!(
                "a time from {} to {} was expected, not `{written}`",
                in_words(least),
                in_words(most)
            )))
        }
    })
}

/// A time as it is written, in the largest unit that divides it.
fn in_words(time: Duration) -> String {
    let seconds = time.as_secs();
    let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
    match units.iter().find(|(size, _)| seconds.is_multiple_of(*size)) {
        Some((size, unit)) if time.subsec_nanos() == 0 => format!("{}{unit}", seconds / size),
        None if time.subsec_nanos() == 0 => format!("{seconds}s"),
        _ => format!("{}ms", time.as_millis()),
    }
}
