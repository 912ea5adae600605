use std::net::UdpSocket;

use super::folder;
use crate::command::{Chore, program, root};

/// What the caller does after the call is answered.
#[derive(Clone, Copy)]
pub(super) enum Then {
    /// Presses keys half a second later, as RFC 4733 has it, and waits for the script to hang up.
    Presses(&'static str),
    /// Hangs up after a second and a half.
    HangsUp,
    /// Nothing: the call is refused.
    IsRefused,
}

/// Calls a script. SIPp fails when the call goes another way than its scenario.
pub(super) fn call(port: u16, script: &str, then: Then) -> Chore {
    let scenario = root().join("target/asterisk/scenario.xml");
    let write = |text: String| std::fs::write(&scenario, text).map_err(|fault| fault.to_string());
    write(written(then)?)?;
    let (own, media) = (free_port()?, free_port()?);
    program("sipp")
        .arguments(&format!(
            "127.0.0.1:{port} -s {script} -m 1 -i 127.0.0.1 -p {own}"
        ))
        .arguments(&format!(
            "-mi 127.0.0.1 -mp {media} -nostdin -timeout 40 -timeout_error -sf"
        ))
        .argument(&scenario.to_string_lossy())
        .within("target/asterisk")
        .quietly()
}

fn written(then: Then) -> Result<String, String> {
    let pause = |ms: u32| format!("<pause milliseconds=\"{ms}\"/>\n  ");
    let then = match then {
        Then::IsRefused => return read("refused.xml"),
        Then::HangsUp => pause(1500) + &read("then_hangs_up.xml")?,
        Then::Presses("") => read("then_waits.xml")?,
        Then::Presses(keys) => {
            let press = format!("<nop><action><exec play_dtmf=\"{keys}\"/></action></nop>\n  ");
            pause(500) + &press + &read("then_waits.xml")?
        }
    };
    Ok(read("call.xml")?.replace("@THEN@", then.trim_end()))
}

/// A file of the folder.
pub(super) fn read(name: &str) -> Result<String, String> {
    std::fs::read_to_string(folder().join(name)).map_err(|fault| format!("{name}: {fault}"))
}

/// A port of loopback that nobody has at this moment; an even one, as sound wants it.
pub(super) fn free_port() -> Result<u16, String> {
    for _ in 0..100 {
        let socket = UdpSocket::bind("127.0.0.1:0").map_err(|fault| fault.to_string())?;
        let port = socket.local_addr().map_err(|fault| fault.to_string())?.port();
        if port % 2 == 0 && port < 60_000 {
            return Ok(port);
        }
    }
    Err("there is no free even port below 60000".to_owned())
}
