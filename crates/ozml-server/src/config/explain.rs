//! The codes of configuration files.

use ozml_engine::Explanation;

/// What the codes mean that `ozml.toml` can get, sorted.
pub static EXPLANATIONS: &[Explanation] = &[
    Explanation::new(
        "conflicting-keys",
        "Two settings that exclude each other",
        "Each of the two is right, and together they say two different things, such as two passwords for one connection. Keep the one that is meant.",
        "[store]\nqueue_bytes = 1000000\n[limits]\nqueue_bytes = 2000000",
        "[limits]\nqueue_bytes = 2000000",
    ),
    Explanation::new(
        "doubled-name",
        "A name that is taken",
        "Routes, logs and metrics call a connection by its name, so each has one of its own.",
        "[[sms.connection]]\nname = \"a\"\ntype = \"console\"\n[[sms.connection]]\nname = \"a\"\ntype = \"console\"",
        "[[sms.connection]]\nname = \"a\"\ntype = \"console\"\n[[sms.connection]]\nname = \"b\"\ntype = \"console\"",
    ),
    Explanation::new(
        "doubled-port",
        "A serial port with two modems",
        "A program that talks to a modem has its port for itself, so two connections cannot share one. Several modems of one connection stand in `ports`. Names below `/dev/serial/by-id` stay the same when modems are plugged in another order.",
        "[[sms.connection]]\nname = \"a\"\ntype = \"modem\"\nports = [\"/dev/ttyUSB0\", \"/dev/ttyUSB0\"]\n[destinations]\nallow = [\"+36\"]",
        "[[sms.connection]]\nname = \"a\"\ntype = \"modem\"\nports = [\"/dev/ttyUSB0\", \"/dev/ttyUSB1\"]\n[destinations]\nallow = [\"+36\"]",
    ),
    Explanation::new(
        "missing-key",
        "A setting that is needed",
        "The section cannot be used without this key. Most keys have a default; those that have none name something only you know, such as an address.",
        "[[sms.connection]]\ntype = \"console\"",
        "[[sms.connection]]\nname = \"a\"\ntype = \"console\"",
    ),
    Explanation::new(
        "missing-secret",
        "A password, PIN or certificate that is not there",
        "`ozml serve` takes passwords and PINs from the environment (`password_env`, `pin_env`) or from files (`password_file`, `pin_file`), and certificates from files (`ca`). The variable is not set for the process, the file cannot be read, or what it holds is no password or PIN. `ozml check` does not look: it may run on another machine.",
        "",
        "",
    ),
    Explanation::new(
        "no-destinations",
        "A connection that no number is allowed for",
        "What a modem or a message centre on another machine is given reaches real telephones, so only numbers that `[destinations]` names may be sent to: their beginnings in `allow` (`\"any\"` for all), or a pattern of internal ones in `internal`. Without either every message is refused.",
        "[[sms.connection]]\nname = \"a\"\ntype = \"modem\"\nport = \"/dev/ttyUSB0\"",
        "[[sms.connection]]\nname = \"a\"\ntype = \"modem\"\nport = \"/dev/ttyUSB0\"\n[destinations]\nallow = [\"+36\"]",
    ),
    Explanation::new(
        "not-available",
        "Something that this version does not have yet",
        "The setting is right, and what it asks for is part of a later version.",
        "[store]\nurl = \"postgres://ozml@db.example/ozml\"",
        "[store]\npath = \"ozml.db\"",
    ),
    Explanation::new(
        "not-used-yet",
        "A setting that nothing uses yet",
        "The section or limit is known and may stay in the file, but this version has nothing that reads it.",
        "[phone]\ndriver = \"sim\"",
        "",
    ),
    Explanation::new(
        "open-listener",
        "A listener that other machines reach",
        "The admin listener has no log-in: who reaches it sees the state and the metrics of the server. It listens on a loopback address unless `allow_remote = true` says that a firewall or a private network keeps others away.",
        "[admin]\nlisten = \"0.0.0.0:9510\"",
        "[admin]\nlisten = \"127.0.0.1:9510\"",
    ),
    Explanation::new(
        "readable-secret",
        "A secret that others may read",
        "The file with the password or PIN may be read by every user of the machine. Take that right away with `chmod o-r`.",
        "",
        "",
    ),
    Explanation::new(
        "secret-in-file",
        "A password or PIN in the configuration",
        "Configuration files are copied, shown and kept in version control, and the secret with them. Name an environment variable with `password_env` or `pin_env`, or a file with `password_file` or `pin_file` instead. Nothing is said of connections to this machine itself.",
        "[[sms.connection]]\nname = \"a\"\ntype = \"smpp\"\nurl = \"smpps://shop@smsc.example:3550\"\npassword = \"secret\"\n[destinations]\nallow = [\"+36\"]",
        "[[sms.connection]]\nname = \"a\"\ntype = \"smpp\"\nurl = \"smpps://shop@smsc.example:3550\"\npassword_env = \"SMSC_PASSWORD\"\n[destinations]\nallow = [\"+36\"]",
    ),
    Explanation::new(
        "short-timer",
        "A time that is over too early",
        "Networks take some seconds for a message, and much longer when they are busy. What the modem says after `timers.send` comes too late: the outcome of the message is unknown then, and it may be sent again. The usual 2 minutes cost nothing, as a modem that is done answers at once.",
        "[[sms.connection]]\nname = \"a\"\ntype = \"modem\"\nport = \"/dev/ttyUSB0\"\ntimers.send = \"1s\"\n[destinations]\nallow = [\"+36\"]",
        "[[sms.connection]]\nname = \"a\"\ntype = \"modem\"\nport = \"/dev/ttyUSB0\"\n[destinations]\nallow = [\"+36\"]",
    ),
    Explanation::new(
        "toml-syntax",
        "A file that is not TOML",
        "The configuration is TOML: `[section]`, `[[list of sections]]`, `key = value`; texts stand in quotes, lists in square brackets. Each key stands once in its section. The rest of the file is checked when this is mended.",
        "[store]\npath = ozml.db",
        "[store]\npath = \"ozml.db\"",
    ),
    Explanation::new(
        "unknown-key",
        "A section or key that does not exist",
        "Nothing reads the name, so what stands there would be without effect: mostly a slip of the pen, or a key in the wrong section.",
        "[store]\npth = \"ozml.db\"",
        "[store]\npath = \"ozml.db\"",
    ),
    Explanation::new(
        "wrong-setting",
        "A value that the setting does not take",
        "The message says what was expected. Texts, words, addresses and times stand in quotes; a time is a number with its unit, such as \"30s\", \"24h\" or \"30d\"; whole numbers and `true` and `false` stand without quotes.",
        "[store]\nkeep = 30",
        "[store]\nkeep = \"30d\"",
    ),
];
