//! What a case says about the world its script runs in: the block `inputs`.

use std::time::Duration;

use ozml_engine::{
    CheckOptions, Contexts, Limits, PlannedVerbs, Profile, Provenance, Record, Variable, Variables,
};
use ozml_session::{FetchError, HttpUrl, PhoneNumber, parse_duration};
use ozml_sim::{Input, Inputs, SimAnswer, SimFetcher, SmsAnswer, When};

use crate::world::Sounds;

/// The world of a simulated run.
#[derive(Debug, Clone)]
pub struct Setting {
    /// How and for what the script is checked; context M runs without a call.
    pub options: CheckOptions,
    /// The limits.
    pub limits: Limits,
    /// What the far end does.
    pub inputs: Inputs,
    /// Who calls.
    pub caller: Option<PhoneNumber>,
    /// What the SMS transport answers.
    pub sms: SmsAnswer,
    /// How long it takes for that.
    pub sms_takes: Duration,
    /// The web application behind the script.
    pub web: SimFetcher,
    /// How long each of its answers takes.
    pub web_takes: Duration,
    /// The sounds that are there; none where the telephone knows its sounds by itself.
    pub sounds: Option<Sounds>,
    /// What the host has set.
    pub variables: Variables,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            options: CheckOptions::default(),
            limits: Limits::default(),
            inputs: Inputs::new(),
            caller: PhoneNumber::new("+36209998877").ok(),
            sms: SmsAnswer::Accept,
            sms_takes: Duration::ZERO,
            web: SimFetcher::new(),
            web_takes: Duration::ZERO,
            sounds: None,
            variables: Variables::default(),
        }
    }
}

impl Setting {
    /// Reads an `inputs` block, one remark a line:
    ///
    /// ```text
    /// 1@2s,42#,hang-up@5s        keys as in `--keys`, and when the caller hangs up
    /// hold@2s,release@5s         when the far end puts us on hold and takes us back
    /// lenient                    the lenient profile
    /// fetched                    the script is the answer of a web application
    /// planned                    verbs that cannot run yet are no error
    /// hints                      warnings about other spellings
    /// context M                  another context
    /// caller hidden              no number is shown
    /// limit wait=5s              another limit
    /// sms refused no route       the transport refuses every message
    /// sms takes 2s               the transport answers late
    /// answer URL <Response/>     what the web application answers; the next time the next of its answers
    /// answer URL 500             a status without a body
    /// answer URL fails           no answer
    /// web takes 2s               the web application answers late
    /// file hold.wav=1500         the one sound of so many milliseconds that is there
    /// file odd.wav=              one whose length is not known
    /// var city=Rome              the host has set a variable
    /// record item from=Bob       the host has set a record
    /// records old a=1 b=2 | a=3  the host has set a list of records
    /// ```
    ///
    /// # Panics
    /// When a line cannot be read.
    #[must_use]
    pub fn read(block: &str) -> Self {
        let mut setting = Self::default();
        for line in block.lines().filter(|line| !line.trim().is_empty()) {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            setting.line(line, word, rest.trim());
        }
        setting
    }

    fn line(&mut self, line: &str, word: &str, rest: &str) {
        let pair = || {
            rest.split_once('=')
                .unwrap_or_else(|| panic!("`{line}` has no `=`"))
        };
        match word {
            "lenient" => self.options.profile = Profile::Lenient,
            "fetched" => self.options.provenance = Provenance::Fetched,
            "planned" => self.options.planned = PlannedVerbs::Known,
            "hints" => self.options.hints = true,
            "context" => self.options.context = context(rest),
            "caller" => self.caller = None,
            "limit" => self.limits.set(pair().0, pair().1).expect("a limit"),
            "sms" => self.transport(line, rest),
            "answer" => self.answer(rest),
            "web" => self.web_takes = takes(line, rest),
            "file" => {
                let sounds = self.sounds.get_or_insert_default();
                sounds.0.insert(pair().0.to_owned(), pair().1.parse().ok());
            }
            "var" => self.set(pair().0, Variable::text(pair().1)),
            "record" => {
                let (name, fields) = rest.split_once(' ').expect("a name and fields");
                self.set(name, record(fields));
            }
            "records" => {
                let (name, records) = rest.split_once(' ').unwrap_or((rest, ""));
                let records = records.split('|').filter(|fields| !fields.trim().is_empty());
                self.set(name, Variable::Array(records.map(record).collect()));
            }
            _ => line.split([',', ' ']).for_each(|group| self.input(group)),
        }
    }

    fn transport(&mut self, line: &str, rest: &str) {
        match rest.split_once(' ') {
            Some(("refused", reason)) => self.sms = SmsAnswer::Refuse(reason.to_owned()),
            _ => self.sms_takes = takes(line, rest),
        }
    }

    fn answer(&mut self, rest: &str) {
        let (url, body) = rest.split_once(' ').unwrap_or((rest, ""));
        let answer = match (body, body.parse()) {
            ("fails", _) => SimAnswer::Fails(FetchError::Timeout),
            ("forbidden", _) => SimAnswer::Fails(FetchError::Forbidden {
                rule: "loopback".to_owned(),
            }),
            (_, Ok(status)) => SimAnswer::Page(status, Vec::new()),
            _ => SimAnswer::page(body),
        };
        let web = std::mem::take(&mut self.web);
        self.web = web.answer(&HttpUrl::new(url).expect("a URL"), answer);
    }

    fn set(&mut self, name: &str, value: Variable) {
        self.variables
            .set(name, value, &Limits::default())
            .expect("a small variable");
    }

    fn input(&mut self, group: &str) {
        let inputs = std::mem::take(&mut self.inputs);
        let done = match group.split_once('@') {
            Some(("hang-up", time)) => Some((Input::HangUp, time)),
            Some(("hold", time)) => Some((Input::Hold, time)),
            Some(("release", time)) => Some((Input::Release, time)),
            _ => None,
        };
        self.inputs = match done {
            Some((input, time)) => inputs.step(When::At(parse_duration(time).expect("a time")), [input]),
            None => inputs.read(group).expect("keys"),
        };
    }
}

fn record(fields: &str) -> Variable {
    let fields = fields.split(' ').filter_map(|field| field.split_once('='));
    Variable::record(Record::new(fields))
}

fn takes(line: &str, rest: &str) -> Duration {
    let time = rest.strip_prefix("takes ").map(parse_duration);
    time.and_then(Result::ok)
        .unwrap_or_else(|| panic!("`{line}`: `takes TIME` was expected"))
}

fn context(letter: &str) -> Contexts {
    match letter {
        "E" => Contexts::E,
        "T" => Contexts::T,
        "R" => Contexts::R,
        "M" => Contexts::M,
        _ => panic!("`{letter}` is no context"),
    }
}
