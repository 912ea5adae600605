use ozml_session::{ConnectionName, PhoneNumber};
use serde::Deserialize;

use crate::connections::KnownConnections;
use crate::fault::Scope;
use crate::prefix::read_prefix;
use crate::prefix_map::PrefixMap;

/// A section `[[sms.table]]`: connections by the beginning of the called number.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TableSection {
    /// Its name; routes point to it with `to = "table:NAME"`.
    pub name: String,
    /// Its rows, in any order.
    pub rows: Vec<TableRowSection>,
}

/// One row of a [`TableSection`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TableRowSection {
    /// The beginning of the number, such as `+3620`; an empty one is the row for all others.
    pub prefix: String,
    /// The connection.
    pub to: String,
    /// What a message costs there, in any one unit. Of rows with the same prefix the cheapest comes first,
    /// the others are its failover; rows without a cost come last, in their order.
    pub cost: Option<f64>,
}

/// A checked table.
#[derive(Debug, Clone)]
pub(crate) struct PrefixTable {
    name: Box<str>,
    rows: PrefixMap<ConnectionName>,
}

impl PrefixTable {
    pub(crate) fn new(section: &TableSection, known: &KnownConnections, scope: &mut Scope<'_>) -> Self {
        let mut rows: Vec<_> = section
            .rows
            .iter()
            .enumerate()
            .filter_map(|(index, row)| read_row(row, known, &mut scope.entry("rows", index)))
            .collect();
        rows.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        Self {
            name: section.name.as_str().into(),
            rows: PrefixMap::new(rows.into_iter().map(|(_, row)| row)),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The connections for a number, cheapest first; none where no prefix fits.
    pub(crate) fn connections(&self, number: &PhoneNumber) -> impl Iterator<Item = &ConnectionName> {
        self.rows
            .longest(number.as_str())
            .iter()
            .map(|(_, connection)| connection)
    }
}

type Row = (f64, (Box<str>, ConnectionName));

fn read_row(row: &TableRowSection, known: &KnownConnections, scope: &mut Scope<'_>) -> Option<Row> {
    let cost = row.cost.unwrap_or(f64::INFINITY);
    if cost < 0.0 || cost.is_nan() {
        scope.fault("cost", "a cost is 0 or more");
    }
    let prefix = scope.value("prefix", read_prefix(&row.prefix));
    let connection = known.find("to", &row.to, scope);
    Some((cost, (prefix?, connection?)))
}
