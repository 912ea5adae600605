//! How UserInput runs (OzML reference: UserInput, the flow).

use std::time::Duration;

use ozml_engine::{
    Block, Fields, Flag, Flow, Heard, KeyCount, Listening, Outcome, RunCx, ScriptAddress, ScriptRequest,
    Seconds, Stop, Value, Verb, VerbFuture,
};
use ozml_session::{Digits, Key};

use super::choices::Choices;
use super::{BACK_KEY, DIGITS, FORWARD, KEY, MAX_DIGITS, MIN_DIGITS, REPEAT, SENSITIVE, TIMEOUT};

/// Between two keys, where Timeout is 0.
const BETWEEN: Duration = Duration::from_secs(3);
/// Least time from one repeat of the prompts to the next.
const LEAST_ROUND: Duration = Duration::from_millis(100);

pub(super) struct UserInput {
    repeat: Value<Flag>,
    timeout: Value<Seconds>,
    digits: Option<Value<KeyCount>>,
    min_digits: Option<Value<KeyCount>>,
    max_digits: Option<Value<KeyCount>>,
    forward: Option<Value<ScriptAddress>>,
    sensitive: Value<Flag>,
    back_key: Option<Value<Key>>,
    prompts: Block,
    inputs: Vec<(Value<Digits>, Block)>,
}

/// What a menu does next.
enum Next {
    /// The prompts once more, for nothing was chosen.
    Repeat,
    /// The prompts once more, for the caller came back to them.
    Again,
    Leave(Flow),
}

impl UserInput {
    pub(super) fn new(p: &Fields<'_>) -> Option<Self> {
        let input = |input: &Fields<'_>| Some((input.get(&KEY)?, input.body()));
        Some(Self {
            repeat: p.get(&REPEAT)?,
            timeout: p.get(&TIMEOUT)?,
            digits: p.opt(&DIGITS),
            min_digits: p.opt(&MIN_DIGITS),
            max_digits: p.opt(&MAX_DIGITS),
            forward: p.opt(&FORWARD),
            sensitive: p.get(&SENSITIVE)?,
            back_key: p.opt(&BACK_KEY),
            prompts: p
                .parts("InitialCommands")
                .next()
                .map(Fields::body)
                .unwrap_or_default(),
            inputs: p
                .parts("Inputs")
                .flat_map(|inputs| inputs.parts("Input"))
                .filter_map(input)
                .collect(),
        })
    }

    /// The Inputs with everything that has variables known now.
    fn choices(&self, cx: &mut RunCx<'_>) -> Result<Choices<'_>, Stop> {
        let mut inputs = Vec::with_capacity(self.inputs.len());
        for (key, block) in &self.inputs {
            inputs.push((key.eval(cx)?, block));
        }
        Ok(Choices {
            inputs,
            digits: Value::eval_opt(self.digits.as_ref(), cx)?.map(KeyCount::get),
            min_digits: Value::eval_opt(self.min_digits.as_ref(), cx)?.map(KeyCount::get),
            max_digits: Value::eval_opt(self.max_digits.as_ref(), cx)?.map(KeyCount::get),
            forwards: self.forward.is_some(),
            back: Value::eval_opt(self.back_key.as_ref(), cx)?,
        })
    }

    fn listening<'c>(&self, choices: &'c Choices<'_>, cx: &mut RunCx<'_>) -> Result<Listening<'c>, Stop> {
        let timeout = self.timeout.eval(cx)?.duration();
        let mut what = Listening::default();
        what.offered = choices.inputs.iter().map(|(key, _)| &**key).collect();
        what.back = choices.back;
        what.awaited = choices.awaited();
        what.first = timeout;
        what.between = if timeout.is_zero() { BETWEEN } else { timeout };
        what.sensitive = self.sensitive.eval(cx)?.get();
        Ok(what)
    }

    async fn round(
        &self,
        choices: &Choices<'_>,
        what: &Listening<'_>,
        cx: &mut RunCx<'_>,
    ) -> Result<Next, Stop> {
        let heard = cx
            .listen(what, &self.prompts, |keys| choices.are_enough(keys))
            .await?;
        let keys = match heard {
            Heard::Left(flow) => return Ok(Next::Leave(flow)),
            Heard::TimeOut(keys) if !choices.are_an_input(&keys) => {
                cx.timed_out();
                return Ok(Next::Repeat);
            }
            Heard::Enough(keys) | Heard::TimeOut(keys) => keys,
            _ => return Ok(Next::Repeat),
        };
        let back = choices.leads_back(&keys);
        // The key that leads back is no part of a password.
        cx.collected(&keys, what.sensitive && !back)?;
        if back {
            let back = if cx.is_in_branch() { Flow::Back } else { Flow::Next };
            return Ok(Next::Leave(back));
        }
        let flow = match (choices.chosen(&keys), &self.forward) {
            (Some(block), _) => cx.run_branch(block).await?,
            // Boxed: a call that waits for keys does not carry its size.
            (None, Some(forward)) => Box::pin(forwarded(forward, &keys, cx)).await?,
            (None, None) => return Ok(Next::Repeat),
        };
        Ok(match flow {
            Flow::Back => Next::Again,
            flow => Next::Leave(flow),
        })
    }
}

/// Asks the web application what the keys mean, and does what it answers; an empty answer is nothing to do.
async fn forwarded(forward: &Value<ScriptAddress>, keys: &[Key], cx: &mut RunCx<'_>) -> Result<Flow, Stop> {
    let address = forward.eval(cx)?;
    let url = cx.script_url(&address, FORWARD.name())?;
    let digits = keys.iter().map(|key| key.as_char()).collect();
    let request = ScriptRequest::new("DtmfEntered", FORWARD.name(), url)
        .reporting(vec![("DtmfDigits".to_owned(), digits)]);
    match cx.fetch_script(request).await? {
        Some(answer) => cx.run_answer(answer).await,
        None => Ok(Flow::Next),
    }
}

impl Verb for UserInput {
    fn run<'a>(&'a self, cx: &'a mut RunCx<'_>) -> VerbFuture<'a> {
        Box::pin(async move {
            let choices = self.choices(cx)?;
            let what = self.listening(&choices, cx)?;
            let repeat = self.repeat.eval(cx)?.get();
            let mut repeats = 0;
            loop {
                let begin = cx.now();
                match self.round(&choices, &what, cx).await? {
                    Next::Leave(flow) => return Ok(Outcome::flow(flow)),
                    Next::Repeat if !repeat => return Ok(Outcome::next()),
                    Next::Repeat => {
                        cx.count_repeat(&mut repeats)?;
                        cx.rest(begin, LEAST_ROUND).await?;
                    }
                    Next::Again => {}
                }
            }
        })
    }
}
