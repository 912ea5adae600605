//! The modems in `ozml sms status`.

use ozml::server::control::{Connection, Modem};

use crate::sms::table::table;

/// A table of all modems; nothing where there are none.
pub(super) fn modems(connections: &[Connection]) -> String {
    let rows = connections.iter().flat_map(|connection| {
        let modems = connection.modems.iter();
        modems.map(|modem| row(connection, modem))
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return String::new();
    }
    let head = ["CONNECTION", "PORT", "MODEM", "NETWORK", "SIGNAL", "MEMORY"];
    format!("\n{}", table(head, rows.into_iter()))
}

fn row(connection: &Connection, modem: &Modem) -> [String; 6] {
    let signal = modem.signal_dbm.map(|signal| format!("{signal} dBm"));
    let memory = modem.memory_used.zip(modem.memory_total);
    let memory = memory.map(|(used, total)| format!("{used} of {total}"));
    [
        connection.name.to_string(),
        modem.port.clone(),
        modem.model.clone().unwrap_or_default(),
        network(modem),
        signal.unwrap_or_default(),
        memory.unwrap_or_default(),
    ]
}

fn network(modem: &Modem) -> String {
    match (modem.up, modem.registered) {
        (_, Some(false)) => "none".to_owned(),
        (false, _) => "down".to_owned(),
        (true, _) => modem.operator.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modems_have_a_table_of_their_own() {
        let connection = |modems: serde_json::Value| -> Connection {
            let connection = serde_json::json!({
                "name": "pool", "state": "up", "bound": 1, "sessions": 2, "waiting": 0, "window_in_use": 0,
                "modems": modems,
            });
            serde_json::from_value(connection).unwrap()
        };
        let pool = connection(serde_json::json!([
            {"port": "/dev/ttyUSB0", "up": true, "model": "Huawei E3372", "operator": "Telenor HU",
             "registered": true, "signal_dbm": -71, "memory_used": 3, "memory_total": 50},
            {"port": "/dev/ttyUSB1", "up": false},
            {"port": "/dev/ttyUSB2", "up": false, "registered": false},
        ]));
        let expected = "
CONNECTION  PORT          MODEM         NETWORK     SIGNAL   MEMORY
pool        /dev/ttyUSB0  Huawei E3372  Telenor HU  -71 dBm  3 of 50
pool        /dev/ttyUSB1                down
pool        /dev/ttyUSB2                none
";
        assert_eq!(modems(&[pool]), expected);
        assert_eq!(modems(&[connection(serde_json::json!([]))]), "");
    }
}
