//! The values of `command_status` a centre answers with (SMPP 3.4 5.1.3).

pub(super) const ROK: u32 = 0x00;
pub(super) const RINVMSGLEN: u32 = 0x01;
pub(super) const RINVCMDLEN: u32 = 0x02;
pub(super) const RINVCMDID: u32 = 0x03;
pub(super) const RINVBNDSTS: u32 = 0x04;
pub(super) const RALYBND: u32 = 0x05;
pub(super) const RSYSERR: u32 = 0x08;
pub(super) const RINVSRCADR: u32 = 0x0A;
pub(super) const RINVDSTADR: u32 = 0x0B;
pub(super) const RINVPASWD: u32 = 0x0E;
pub(super) const RINVSYSID: u32 = 0x0F;
pub(super) const RBINDFAIL: u32 = 0x0D;
pub(super) const RMSGQFUL: u32 = 0x14;
pub(super) const RINVSERTYP: u32 = 0x15;
pub(super) const RTHROTTLED: u32 = 0x58;
pub(super) const RINVSCHED: u32 = 0x61;
pub(super) const RINVEXPIRY: u32 = 0x62;
pub(super) const RQUERYFAIL: u32 = 0x67;
pub(super) const RINVTLVSTREAM: u32 = 0xC0;
