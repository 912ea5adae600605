//! Rows in columns, and times of one width.

use ozml::session::WallTime;

use crate::output::shown;

/// Lines with aligned columns, two blanks between them. What strangers wrote is made visible.
pub(super) fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let head = head.map(str::to_owned);
    let rows = rows.into_iter().map(|row| row.map(|cell| shown(&cell)));
    let rows: Vec<_> = std::iter::once(head).chain(rows).collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    rows.iter().map(|row| line(row, &widths)).collect()
}

/// A time to the second.
pub(super) fn to_the_second(at: WallTime) -> String {
    let ms = at.as_unix_millis();
    WallTime::from_unix_millis(ms.saturating_sub(ms.rem_euclid(1_000))).to_string()
}

/// A time to the millisecond, always with three decimals.
pub(super) fn to_the_millisecond(at: WallTime) -> String {
    let milliseconds = at.as_unix_millis().rem_euclid(1_000);
    let second = to_the_second(at);
    format!("{}.{milliseconds:03}Z", second.trim_end_matches('Z'))
}

fn line(row: &[String], widths: &[usize]) -> String {
    let cells = row.iter().zip(widths);
    let cells: Vec<_> = cells.map(|(cell, width)| format!("{cell:<width$}")).collect();
    format!("{}\n", cells.join("  ").trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_one_width() {
        let at = WallTime::from_unix_millis(1_767_225_600_070);
        assert_eq!(to_the_second(at), "2026-01-01T00:00:00Z");
        assert_eq!(to_the_millisecond(at), "2026-01-01T00:00:00.070Z");
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [
            ["a".to_owned(), "bűvös".to_owned()],
            ["\n".to_owned(), String::new()],
        ];
        assert_eq!(table(["ID", "X"], rows), "ID  X\na   bűvös\n\\n\n");
    }
}
