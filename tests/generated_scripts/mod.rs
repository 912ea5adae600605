//! Scripts of all verbs, mostly right, and laid out as nobody would.

use ozml_engine::{Children, Contexts, Limits, ParamSpec, Registry, VerbSpec};

/// What stands between two tags.
const BLANKS: [&str; 9] = [
    "",
    "",
    " ",
    "\n",
    "\r\n",
    "\n\n\n  ",
    "\t",
    "\n  <!-- a note -->",
    "<?p i?> ",
];

/// What stands between two attributes.
const GAPS: [&str; 4] = [" ", "  ", "\n      ", "\t\r\n"];

/// Values as they are written, for parameters of any type.
const VALUES: [&str; 30] = [
    "1",
    "0",
    "5",
    "100",
    "#",
    "12*",
    "2s",
    "true",
    "False",
    "E",
    "en-GB",
    "+36 20 123-4567",
    "9994",
    "a@b.example",
    "http://app.example/a?b=1&amp;c=$name",
    "https://x.example/",
    "a.wav",
    "menu",
    "items",
    "$item.name",
    "18 40",
    "Hello, $name.",
    "  two   words\n here ",
    "\n    Dear $$,\n      indented\n    bye\n  ",
    "&#x20;",
    "&lt;b&gt; &#65;",
    "2026-01-21 10:00:00",
    "SELECT 1",
    "J&#xF3; nap\u{f6}t\u{a0}",
    "   ",
];

/// Makes one script and another, all of them from its seed.
pub(crate) struct Generator<'r> {
    registry: &'r Registry,
    state: u64,
    context: Contexts,
    limits: Limits,
    text: String,
    /// How many elements may still come.
    left: usize,
}

impl<'r> Generator<'r> {
    pub(crate) fn new(registry: &'r Registry, seed: u64) -> Self {
        let mut generator = Self {
            registry,
            state: seed,
            context: Contexts::NONE,
            limits: Limits::default(),
            text: String::new(),
            left: 12,
        };
        generator.context =
            generator.one_of(&[Contexts::E, Contexts::E, Contexts::T, Contexts::R, Contexts::M]);
        generator
    }

    /// Where the script is to run.
    pub(crate) fn context(&self) -> Contexts {
        self.context
    }

    pub(crate) fn script(&mut self) -> String {
        let root = self.one_of(&["Response", "OzML", "response"]);
        self.text = self
            .one_of(&["", "\u{feff}", "<?xml version='1.0' ?>", "\r\n"])
            .to_owned();
        self.blank();
        self.text += &format!("<{root}>");
        let verbs = 1 + self.below(5);
        self.verbs(verbs);
        self.text += &format!("</{root}>");
        self.blank();
        std::mem::take(&mut self.text)
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap_or_default()
    }

    /// True once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        let at = self.below(list.len());
        *list.get(at).expect("lists are not empty")
    }

    fn blank(&mut self) {
        let blank = self.one_of(&BLANKS);
        self.text += blank;
    }

    fn verbs(&mut self, count: usize) {
        for _ in 0..count.min(self.left) {
            self.blank();
            let wrong_place = self.once_in(40);
            let context = self.context;
            let fits = |verb: &&VerbSpec| verb.contexts.meets(context) || wrong_place;
            let verbs: Vec<&'static VerbSpec> = self.registry.verbs().filter(fits).collect();
            let verb = self.one_of(&verbs);
            let name = if self.once_in(10) {
                verb.name.to_lowercase()
            } else {
                verb.name.to_owned()
            };
            self.element(&name, verb.params, verb.children);
        }
        self.blank();
    }

    fn element(&mut self, name: &str, params: &[ParamSpec], children: Children) {
        self.left = self.left.saturating_sub(1);
        self.text += &format!("<{name}");
        let content = params.iter().find(|param| param.content);
        let content = content.filter(|_| matches!(children, Children::None) && !self.once_in(4));
        for param in params {
            let wanted = param.mandatory.meets(self.context) && !self.once_in(50) || self.once_in(6);
            if wanted && !param.http_only && content.is_none_or(|content| content.name != param.name) {
                self.attribute(param);
            }
        }
        if self.once_in(60) {
            self.text += " Colour = 'red'";
        }
        let gap = self.one_of(&["", "", " ", "\n"]);
        self.text += &format!("{gap}>");
        match content {
            Some(param) => self.content(param),
            None => self.inside(children),
        }
        self.text += &format!("</{name}{gap}>");
    }

    fn attribute(&mut self, param: &ParamSpec) {
        let gap = self.one_of(&GAPS);
        let equals = self.one_of(&["=", "=", " = ", "\n="]);
        let quote = self.one_of(&["\"", "'"]);
        let value = self.value(param);
        self.text += &format!("{gap}{}{equals}{quote}{value}{quote}", param.name);
    }

    fn content(&mut self, param: &ParamSpec) {
        let value = self.value(param);
        match self.below(6) {
            0 => self.text += &format!("<![CDATA[{}]]>", value.replace('&', "+")),
            1 => self.text += &format!("\n    {value}<!-- and -->\n  "),
            2 => self.text += &format!("<?p?>{value}"),
            _ => self.text += value,
        }
    }

    /// A value that fits, as a rule; its references do not change that.
    fn value(&mut self, param: &ParamSpec) -> &'static str {
        if self.once_in(50) {
            return self.one_of(&VALUES);
        }
        let fits = |value: &str| (param.check)(&param.white_space.apply(value), &self.limits) == Ok(None);
        let words = param.words.iter().chain(&VALUES).copied();
        let fitting: Vec<&'static str> = words.filter(|value| fits(value)).collect();
        if fitting.is_empty() {
            "$name"
        } else {
            self.one_of(&fitting)
        }
    }

    fn inside(&mut self, children: Children) {
        match children {
            Children::Verbs => {
                let verbs = self.below(3);
                self.verbs(verbs);
            }
            Children::Parts(parts) | Children::States(parts) => {
                for part in parts {
                    self.blank();
                    if self.left > 0 && !self.once_in(3) {
                        self.element(part.name, part.params, part.children);
                    }
                }
                self.blank();
            }
            _ => {
                let blank = self.one_of(&["", " ", "\n   "]);
                self.text += blank;
            }
        }
    }
}
