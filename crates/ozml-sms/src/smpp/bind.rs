//! The bind request (SMPP 3.4, 4.1).

use ozml_session::Invalid;
use rusmpp::pdus::{BindReceiver, BindTransceiver, BindTransmitter};
use rusmpp::types::COctetString;
use rusmpp::values::InterfaceVersion;
use rusmpp::{CommandId, Pdu};

use super::url::{Password, SystemId};

/// Which way messages go in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BindMode {
    /// From us only; receipts come on another session.
    Transmitter,
    /// To us only.
    Receiver,
    /// Both ways.
    #[default]
    Transceiver,
}

impl BindMode {
    /// Whether messages may be submitted.
    pub fn sends(self) -> bool {
        self != Self::Receiver
    }

    /// Whether messages and receipts come in.
    pub fn receives(self) -> bool {
        self != Self::Transmitter
    }

    pub(crate) fn answer(self) -> CommandId {
        match self {
            Self::Transmitter => CommandId::BindTransmitterResp,
            Self::Receiver => CommandId::BindReceiverResp,
            Self::Transceiver => CommandId::BindTransceiverResp,
        }
    }
}

/// A `system_type`: at most 12 ASCII characters.
pub(crate) type SystemType = COctetString<1, 13>;
/// An `address_range`: at most 40 ASCII characters.
pub(crate) type AddressRange = COctetString<1, 41>;

/// Who binds, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bind {
    mode: BindMode,
    system_id: SystemId,
    password: Password,
    system_type: SystemType,
    address_range: AddressRange,
}

impl Bind {
    /// A bind without system type and address range.
    pub fn new(mode: BindMode, system_id: SystemId, password: Password) -> Self {
        Self {
            mode,
            system_id,
            password,
            system_type: COctetString::empty(),
            address_range: COctetString::empty(),
        }
    }

    /// The same with a `system_type`, at most 12 ASCII characters.
    pub fn with_system_type(mut self, system_type: &str) -> Result<Self, Invalid> {
        self.system_type = self::system_type(system_type)?;
        Ok(self)
    }

    /// The same with an `address_range`, at most 40 ASCII characters.
    pub fn with_address_range(mut self, address_range: &str) -> Result<Self, Invalid> {
        self.address_range = self::address_range(address_range)?;
        Ok(self)
    }

    pub(crate) fn with_fields(self, system_type: SystemType, address_range: AddressRange) -> Self {
        Self {
            system_type,
            address_range,
            ..self
        }
    }

    /// What is proved with; its Debug and Display hide it.
    pub fn password(&self) -> &Password {
        &self.password
    }

    /// The mode asked for.
    pub fn mode(&self) -> BindMode {
        self.mode
    }

    pub(crate) fn pdu(&self) -> Pdu {
        // Both types checked their values already: nothing is left out here.
        let system_id = self.system_id.as_str().parse().unwrap_or_default();
        let password = self.password.reveal().parse().unwrap_or_default();
        macro_rules! request {
            ($request:ident) => {
                $request::builder()
                    .system_id(system_id)
                    .password(password)
                    .system_type(self.system_type.clone())
                    .interface_version(InterfaceVersion::Smpp3_4)
                    .address_range(self.address_range.clone())
                    .build()
                    .into()
            };
        }
        match self.mode {
            BindMode::Transmitter => request!(BindTransmitter),
            BindMode::Receiver => request!(BindReceiver),
            BindMode::Transceiver => request!(BindTransceiver),
        }
    }
}

pub(crate) fn system_type(value: &str) -> Result<SystemType, Invalid> {
    field("system_type", value)
}

pub(crate) fn address_range(value: &str) -> Result<AddressRange, Invalid> {
    field("address_range", value)
}

fn field<const MAX: usize>(name: &str, value: &str) -> Result<COctetString<1, MAX>, Invalid> {
    value.parse().map_err(|_| {
        let most = MAX.saturating_sub(1);
        Invalid::new(format!("a {name} has at most {most} ASCII characters"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bind_says_who_and_as_what() {
        let system_id = SystemId::new("shop").unwrap();
        let password = Password::new("secret08").unwrap();
        for (mode, id) in [
            (BindMode::Transmitter, 2),
            (BindMode::Receiver, 1),
            (BindMode::Transceiver, 9),
        ] {
            let bind = Bind::new(mode, system_id.clone(), password.clone());
            let bind = bind
                .with_system_type("VMA")
                .unwrap()
                .with_address_range("^36")
                .unwrap();
            let mut out = Vec::new();
            crate::smpp::frame::write(&mut out, 0, 1, &bind.pdu());
            assert_eq!(out[4..8], [0, 0, 0, id]);
            assert_eq!(&out[16..], b"shop\0secret08\0VMA\0\x34\0\0^36\0");
            assert!(!format!("{bind:?}").contains("secret08"));
        }
    }

    #[test]
    fn fields_that_are_too_long_are_refused() {
        let bind = Bind::new(
            BindMode::default(),
            SystemId::new("shop").unwrap(),
            Password::default(),
        );
        let fault = bind
            .clone()
            .with_system_type("thirteen char")
            .unwrap_err()
            .to_string();
        assert_eq!(fault, "a system_type has at most 12 ASCII characters");
        assert!(bind.with_address_range(&"1".repeat(41)).is_err());
    }
}
