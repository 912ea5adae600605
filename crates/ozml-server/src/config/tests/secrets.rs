use super::*;

#[test]
fn limits_are_what_connections_take_by_default() {
    let limits = "[limits]\nsmpp_window = 50\nsubmit_response = \"60s\"\nsmpp_pdu_bytes = 8192";
    let resolved = clean(&format!("{SMPP}{limits}")).resolve(&Nothing).unwrap();
    let ResolvedTransport::Smpp { config, .. } = &resolved.connections[0].transport else {
        panic!("{resolved:?}");
    };
    assert_eq!((config.window.size(), config.max_length), (50, 8_192));
    assert_eq!(config.timers.response, Duration::from_secs(60));
}

#[test]
fn secrets_of_the_web_come_from_where_the_file_says() {
    let given = Given {
        variables: BTreeMap::from([("NEW", "marker of 16 bytes"), ("SHORT", "marker")]),
        ..Given::default()
    };
    let by = |key: &str| clean(&format!("[fetch]\n{key}\n[limits]\nredirects = 1")).resolve(&given);
    let resolved = by("secret_env = \"NEW\"").unwrap();
    assert!(resolved.web.secrets.is_some());
    assert_eq!(resolved.web.limits.redirects, 1);
    assert!(!format!("{resolved:?}").contains("marker"));
    assert!(by("").unwrap().web.secrets.is_none());
    let faults = by("secret_env = \"SHORT\"").unwrap_err();
    assert!(faults[0].code == "missing-secret" && !faults[0].message.contains("marker"));
    assert!(by("secret_env = \"NONE\"").is_err());
    for (text, code) in [
        ("secret_env = \"A\"\nsecret_file = \"b\"", "conflicting-keys"),
        ("previous_secret_env = \"A\"", "missing-key"),
        ("secret_env = \"\"", "wrong-setting"),
    ] {
        let told = faults_of_fetch(text);
        assert!(told.len() == 1 && told[0].contains(code), "{told:?}");
    }
}

fn faults_of_fetch(text: &str) -> Vec<String> {
    faults(&format!("[fetch]\n{text}"))
}

/// No variables, no files.
pub(super) struct Nothing;

impl SecretSource for Nothing {
    fn variable(&self, _: &EnvironmentVariable) -> Option<String> {
        None
    }

    fn file(&self, _: &Path) -> io::Result<SecretFile> {
        Err(io::ErrorKind::NotFound.into())
    }
}

#[derive(Default)]
pub(super) struct Given {
    pub(super) variables: BTreeMap<&'static str, &'static str>,
    pub(super) files: BTreeMap<PathBuf, &'static str>,
    pub(super) open: bool,
}

impl SecretSource for Given {
    fn variable(&self, name: &EnvironmentVariable) -> Option<String> {
        self.variables.get(name.as_str()).map(|value| (*value).to_owned())
    }

    fn file(&self, path: &Path) -> io::Result<SecretFile> {
        let text = self.files.get(path).ok_or(io::ErrorKind::NotFound)?;
        let file = SecretFile::new(*text);
        Ok(if self.open {
            file.readable_by_others()
        } else {
            file
        })
    }
}

/// The password that a connection binds with.
fn password(resolved: &Resolved) -> Password {
    match &resolved.connections[0].transport {
        ResolvedTransport::Smpp { config, .. } => config.bind.password().clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn secrets_come_from_where_the_file_says() {
    let given = Given {
        variables: BTreeMap::from([("P", "marker1")]),
        files: BTreeMap::from([(PathBuf::from("/run/p"), "marker2\r\n")]),
        open: false,
    };
    let by = |key: &str| clean(&format!("{SMPP}{key}")).resolve(&given).unwrap();
    for (key, expected) in [
        ("password = \"marker0\"", "marker0"),
        ("password_env = \"P\"", "marker1"),
        ("password_file = \"/run/p\"", "marker2"),
        ("", ""),
    ] {
        let resolved = by(key);
        assert_eq!(password(&resolved), Password::new(expected).unwrap(), "{key}");
        assert!(resolved.warnings.is_empty());
        assert!(!format!("{resolved:?}").contains("marker"));
    }
    assert_ne!(by("password_env = \"P\"").connections, by("").connections);
}

#[test]
fn secrets_that_are_not_there_are_told_with_their_place() {
    let config = clean(&format!(
        "{SMPP}password_env = \"P\"\n[[sms.connection]]\nname = \"b\"\ntype = \"smpp\"\n\
         url = \"smpps://shop@h:1\"\npassword_file = \"/run/p\"\nca = \"/run/ca\"\n\
         [destinations]\nallow = [\"+36\"]\n"
    ));
    let faults = config.resolve(&Nothing).unwrap_err();
    assert_eq!(
        told(&faults),
        [
            "`a`: the environment variable `P` is not set",
            "`b`: cannot read `/run/p`: entity not found",
            "`b`: cannot read `/run/ca`: entity not found",
        ]
    );
    assert_eq!(
        faults[0].span(),
        Some(config.connections[0].places.of("password_env"))
    );
}

#[test]
fn secrets_of_a_wrong_form_are_not_repeated() {
    let given = Given {
        files: BTreeMap::from([(PathBuf::from("/run/p"), "marker-too-long")]),
        open: true,
        ..Given::default()
    };
    let config = clean(&format!("{SMPP}password_file = \"/run/p\""));
    let faults = config.resolve(&given).unwrap_err();
    let [open, long] = faults.as_slice() else {
        panic!("{faults:?}");
    };
    assert_eq!((open.code, open.is_error()), ("readable-secret".into(), false));
    assert!(long.message.contains("at most 8 characters"), "{}", long.message);
    assert!(!format!("{faults:?}").contains("marker"));
}

#[test]
fn disabled_connections_need_nothing() {
    let away = format!("{SMPP}password_env = \"P\"\nenabled = false");
    assert!(clean(&away).resolve(&Nothing).unwrap().connections.is_empty());
}

#[test]
fn no_message_shows_a_secret() {
    for text in [
        "password = \"marker-too-long\"",
        "password = 77777777",
        "password = [\"marker\"]",
        "pasword = \"marker\"",
        "password_hash = \"marker\"",
        "url = \"smpp://shop:marker@\"",
        "window = \"smpp://shop:marker@h:1\"",
        "password = marker",
        "[fetch]\nallow = [\"https://shop:marker@h/x\"]",
        "[fetch]\nproxy = \"https://shop:marker@h/x\"",
        "[store]\nmode = \"http://shop:marker@h\"",
        "[[sms.route]]\nto = \"smpp://shop:marker@h\"",
    ] {
        let source = source(&format!("{SMPP}{text}\n"));
        let (config, faults) = Config::read(&source);
        assert!(config.is_none());
        let shown = render(&faults, &hide_secrets(&source), Style::Plain) + &format!("{faults:?}");
        assert!(!shown.contains("marker") && !shown.contains("7777"), "{shown}");
    }
    let (config, faults) = Config::read(&source(&format!(
        "{}password = \"marker\"",
        SMPP.replace("127.0.0.1", "h")
    )));
    let shown = format!("{config:?} {faults:?}");
    assert!(config.is_some() && !shown.contains("marker"), "{shown}");
}
