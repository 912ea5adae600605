//! How the modems are.

use std::fmt;

use ozml_sms::gateway::{ConnectionStatus, ModemStatus};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;

use super::page::Page;

/// The modems of all connections, at one moment.
#[derive(Debug)]
pub(super) struct Modems(Vec<Modem>);

/// One modem: its labels and how it is.
#[derive(Debug)]
struct Modem {
    connection: String,
    session: String,
    status: ModemStatus,
}

impl Modems {
    pub(super) fn of<'s>(connections: impl Iterator<Item = &'s ConnectionStatus>) -> Self {
        let modems = connections.flat_map(|connection| {
            let modems = (0..).zip(&connection.modems);
            modems.map(|(session, status): (usize, _)| Modem {
                connection: connection.name.to_string(),
                session: session.to_string(),
                status: status.clone(),
            })
        });
        Self(modems.collect())
    }
}

impl Collector for Modems {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        type Value = fn(&ModemStatus) -> Option<f64>;
        let gauges: [(&str, &str, Value); 4] = [
            ("signal_dbm", "Strength of a modem's signal", |modem| {
                modem.signal_dbm().map(f64::from)
            }),
            (
                "registered",
                "Whether a modem has a network to send by",
                |modem| Some(f64::from(modem.health?.registered)),
            ),
            (
                "memory_used",
                "Places of a modem's memory for messages that are in use",
                |modem| modem.health?.memory_used.map(f64::from),
            ),
            (
                "memory_total",
                "Places of a modem's memory for messages",
                |modem| modem.health?.memory_total.map(f64::from),
            ),
        ];
        let mut page = Page(encoder);
        for (name, help, value) in gauges {
            let values = self.0.iter().filter_map(|modem| {
                let labels = [modem.connection.as_str(), modem.session.as_str()];
                Some((labels, value(&modem.status)?))
            });
            page.gauges(name, help, ["connection", "session"], values)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ozml_sms::gsm::{ModemHealth, SerialPort};
    use prometheus_client::encoding::text::encode;
    use prometheus_client::registry::Registry;

    use super::*;

    #[test]
    fn a_modem_that_told_nothing_is_not_measured() {
        let mut status = ModemStatus::new(SerialPort::new("/dev/ttyUSB0").unwrap());
        let silent = modem("0", status.clone());
        let mut health = ModemHealth::default();
        (health.signal, health.registered) = (Some(21), true);
        status.health = Some(health);
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Modems(vec![silent, modem("1", status)])));
        let mut page = String::new();
        encode(&mut page, &registry).unwrap();
        let values: Vec<_> = page.lines().filter(|line| !line.starts_with('#')).collect();
        let expected = [
            "signal_dbm{connection=\"pool\",session=\"1\"} -71.0",
            "registered{connection=\"pool\",session=\"1\"} 1.0",
        ];
        assert_eq!(values, expected);
    }

    fn modem(session: &str, status: ModemStatus) -> Modem {
        Modem {
            connection: "pool".to_owned(),
            session: session.to_owned(),
            status,
        }
    }
}
