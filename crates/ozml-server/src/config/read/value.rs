//! A value of the document as serde reads it. It knows its place, and entries can be left out, so that one
//! that is wrong does not hide the next.

use std::collections::BTreeSet;

use ozml_parser::Span;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::fault::Fault;

/// Entries that are not read, by where they begin.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    /// Known to be wrong.
    pub(super) wrong: BTreeSet<usize>,
    /// Read before, by somebody else.
    pub(super) read: Option<usize>,
}

impl LeftOut {
    fn has(&self, start: usize) -> bool {
        self.read == Some(start) || self.wrong.contains(&start)
    }
}

/// A value and what is left out of it.
#[derive(Clone, Copy)]
pub(super) struct Value<'t> {
    pub(super) value: &'t Spanned<DeValue<'t>>,
    pub(super) left_out: &'t LeftOut,
}

impl<'t> Value<'t> {
    fn span(self) -> Span {
        self.value.span().into()
    }

    fn of(self, value: &'t Spanned<DeValue<'t>>) -> Self {
        Self { value, ..self }
    }

    fn list<'de, V: Visitor<'de>>(
        self,
        items: &'t [Spanned<DeValue<'t>>],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let wrong = |item: &Spanned<_>| self.left_out.wrong.contains(&item.span().start);
        let incomplete = items.iter().any(wrong);
        let items = items.iter().filter(|item| !self.left_out.has(item.span().start));
        let items = Items { items, list: self };
        visitor
            .visit_seq(items)
            .map_err(|fault| fault.of_list(incomplete))
    }

    fn table<'de, V: Visitor<'de>>(self, table: &'t DeTable<'t>, visitor: V) -> Result<V::Value, Fault> {
        let wrong = table
            .keys()
            .filter(|key| self.left_out.wrong.contains(&key.span().start));
        let wrong: Vec<&str> = wrong.map(|key| key.get_ref().as_ref()).collect();
        visitor
            .visit_map(self.entries(table))
            .map_err(|fault| fault.of_table(&wrong))
    }

    fn entries(
        self,
        table: &'t DeTable<'t>,
    ) -> Entries<'t, impl Iterator<Item = (&'t Key<'t>, &'t Spanned<DeValue<'t>>)>> {
        let entries = table
            .iter()
            .filter(move |(key, _)| !self.left_out.has(key.span().start));
        Entries {
            entries,
            table: self,
            next: None,
        }
    }
}

impl<'de> Deserializer<'de> for Value<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let read = match self.value.get_ref() {
            DeValue::String(text) => visitor.visit_str(text),
            DeValue::Integer(number) => integer(number, visitor),
            DeValue::Float(number) => match number.as_str().parse() {
                Ok(number) => visitor.visit_f64(number),
                Err(_) => Err(serde::de::Error::invalid_type(Unexpected::Float(0.0), &visitor)),
            },
            DeValue::Boolean(flag) => visitor.visit_bool(*flag),
            DeValue::Datetime(_) => Err(serde::de::Error::invalid_type(
                Unexpected::Other("date"),
                &visitor,
            )),
            DeValue::Array(items) => self.list(items, visitor),
            DeValue::Table(table) => self.table(table, visitor),
        };
        read.map_err(|fault| fault.at(self.span()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let read = match self.value.get_ref() {
            DeValue::String(word) => visitor.visit_enum(word.as_ref().into_deserializer()),
            DeValue::Table(table) => visitor.visit_enum(MapAccessDeserializer::new(self.entries(table))),
            _ => return self.deserialize_any(visitor),
        };
        read.map_err(|fault| fault.at(self.span()))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

fn integer<'de, V: Visitor<'de>>(number: &DeInteger<'_>, visitor: V) -> Result<V::Value, Fault> {
    let (digits, radix) = (number.as_str(), number.radix());
    match (
        i64::from_str_radix(digits, radix),
        u64::from_str_radix(digits, radix),
    ) {
        (Ok(number), _) => visitor.visit_i64(number),
        (_, Ok(number)) => visitor.visit_u64(number),
        _ => Err(serde::de::Error::custom("the number is too large")),
    }
}

/// The key of an entry.
pub(super) type Key<'t> = Spanned<std::borrow::Cow<'t, str>>;

struct Items<'t, I> {
    items: I,
    list: Value<'t>,
}

impl<'de, 't, I: Iterator<Item = &'t Spanned<DeValue<'t>>>> SeqAccess<'de> for Items<'t, I> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some(item) = self.items.next() else {
            return Ok(None);
        };
        let read = seed.deserialize(self.list.of(item)).map(Some);
        read.map_err(|fault| fault.at(item.span().into()).because_of(item.span().start))
    }
}

struct Entries<'t, I> {
    entries: I,
    table: Value<'t>,
    next: Option<(&'t Key<'t>, &'t Spanned<DeValue<'t>>)>,
}

impl<'de, 't, I: Iterator<Item = (&'t Key<'t>, &'t Spanned<DeValue<'t>>)>> MapAccess<'de> for Entries<'t, I> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        self.next = self.entries.next();
        let Some((key, _)) = self.next else {
            return Ok(None);
        };
        let name: &str = key.get_ref();
        let read = seed.deserialize(name.into_deserializer()).map(Some);
        read.map_err(|fault: Fault| fault.at(key.span().into()).because_of(key.span().start))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some((key, value)) = self.next.take() else {
            return Err(serde::de::Error::custom("a value was expected"));
        };
        seed.deserialize(self.table.of(value)).map_err(|fault| {
            let fault = fault.at(value.span().into()).under(key.get_ref());
            fault.because_of(key.span().start)
        })
    }
}
