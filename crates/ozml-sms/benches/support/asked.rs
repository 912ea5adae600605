//! Which parts of a benchmark are asked for.

/// Those of the arguments, in the order of `names`; all where there is none. `None`, and it is told, where one is unknown.
pub(crate) fn asked(names: &[&'static str]) -> Option<Vec<&'static str>> {
    // Cargo adds an option of its own.
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|name| !name.starts_with('-'))
        .collect();
    if let Some(unknown) = asked.iter().find(|name| !names.contains(&name.as_str())) {
        println!("`{unknown}` is none of {}", names.join(", "));
        return None;
    }
    let is_asked = |name: &&&str| asked.is_empty() || asked.iter().any(|it| it == **name);
    Some(names.iter().filter(is_asked).copied().collect())
}
