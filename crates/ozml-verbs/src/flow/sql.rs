//! `<SQL>`: known by name only.

use ozml_engine::{Contexts, Kind, Param, SqlQuery, VerbSpec};

const QUERY: Param<SqlQuery> = Param::new("Query", "the query").content().ours();

/// The description of `SQL`.
pub(crate) static SQL: VerbSpec = VerbSpec::new(
    "SQL",
    "Run an SQL query",
    "<Response><SQL>SELECT 1</SQL></Response>",
)
.contexts(Contexts::E)
.kind(Kind::Effect)
.params(&[QUERY.spec()])
.readings(&["Its name stands in a list of the vendor's; no page describes it. It does not run here."]);
