use std::borrow::Cow;

use ozml_session::{
    ConnectionName, EffectKey, HttpUrl, MessageId, PhoneNumber, RunId, SenderId, SmsEncoding, SmsText,
    WallTime,
};
use serde::{Deserialize, Serialize};

use super::super::super::{MessageNumber, OnUnknown, Priority, SmsRecord, WhenDown};
use super::super::fault::Damage;
use super::words::Word;
use super::{is_default, read, write};

/// What stands in columns of its own.
pub(in super::super) struct RecordColumns<'r> {
    pub(in super::super) number: MessageNumber,
    pub(in super::super) accepted_at: i64,
    pub(in super::super) id: &'r str,
    pub(in super::super) key: &'r str,
}

#[derive(Serialize, Deserialize)]
struct Row<'r> {
    #[serde(rename = "to", borrow)]
    to: Cow<'r, str>,
    #[serde(rename = "from", default, skip_serializing_if = "Option::is_none")]
    from: Option<Cow<'r, str>>,
    #[serde(rename = "text", borrow)]
    text: Cow<'r, str>,
    #[serde(rename = "exp")]
    expires_at: i64,
    #[serde(rename = "n")]
    segments: u8,
    /// Left out where it is the one most messages have.
    #[serde(rename = "enc", default, skip_serializing_if = "Option::is_none")]
    encoding: Option<Cow<'r, str>>,
    #[serde(rename = "pri", default, skip_serializing_if = "is_default")]
    priority: u8,
    #[serde(rename = "unk", default, skip_serializing_if = "Option::is_none")]
    on_unknown: Option<Cow<'r, str>>,
    #[serde(rename = "down", default, skip_serializing_if = "Option::is_none")]
    when_down: Option<Cow<'r, str>>,
    #[serde(rename = "rule", borrow, default)]
    rule: Cow<'r, str>,
    #[serde(rename = "via", default)]
    targets: Vec<Cow<'r, str>>,
    /// Left out where it is the recipient asked for.
    #[serde(rename = "to2", default, skip_serializing_if = "Option::is_none")]
    sent_to: Option<Cow<'r, str>>,
    #[serde(rename = "from2", default, skip_serializing_if = "Option::is_none")]
    sent_from: Option<Cow<'r, str>>,
    #[serde(rename = "par", default, skip_serializing_if = "Option::is_none")]
    parent: Option<Cow<'r, str>>,
    #[serde(rename = "rep", default, skip_serializing_if = "Option::is_none")]
    report: Option<Cow<'r, str>>,
    #[serde(rename = "acc", default, skip_serializing_if = "Option::is_none")]
    account: Option<Cow<'r, str>>,
}

/// The record, without what has columns of its own.
pub(in super::super) fn encode_record(record: &SmsRecord) -> Result<Vec<u8>, serde_json::Error> {
    let sent_to = (record.sent_to != record.to).then(|| record.sent_to.as_str().into());
    write(&Row {
        to: record.to.as_str().into(),
        from: record.from.as_ref().map(|from| from.as_str().into()),
        text: record.text.as_str().into(),
        expires_at: record.expires_at.as_unix_millis(),
        segments: record.segments,
        encoding: word_unless(record.encoding, SmsEncoding::Gsm7),
        priority: record.priority.get(),
        on_unknown: word_unless(record.on_unknown, OnUnknown::Resend),
        when_down: word_unless(record.when_down, WhenDown::default()),
        rule: (&*record.rule).into(),
        targets: record
            .targets
            .iter()
            .map(|target| target.as_str().into())
            .collect(),
        sent_to,
        sent_from: record.sent_from.as_ref().map(|from| from.as_str().into()),
        parent: record.parent.as_ref().map(|parent| parent.as_str().into()),
        report: record.report.as_ref().map(|report| report.as_str().into()),
        account: record.account.as_deref().map(Into::into),
    })
}

/// The record again.
pub(in super::super) fn decode_record(columns: &RecordColumns<'_>, json: &[u8]) -> Result<SmsRecord, Damage> {
    let row: Row<'_> = read(json)?;
    let to = PhoneNumber::new(&row.to)?;
    let sent_to = row
        .sent_to
        .as_deref()
        .map_or_else(|| Ok(to.clone()), PhoneNumber::new)?;
    let targets = row.targets.iter().map(|target| ConnectionName::new(target));
    Ok(SmsRecord {
        number: columns.number,
        id: MessageId::new(columns.id)?,
        key: effect_key(columns.key)?,
        parent: row.parent.as_deref().map(MessageId::new).transpose()?,
        accepted_at: WallTime::from_unix_millis(columns.accepted_at),
        expires_at: WallTime::from_unix_millis(row.expires_at),
        priority: Priority::new(row.priority)?,
        on_unknown: value_or(row.on_unknown, OnUnknown::Resend)?,
        when_down: value_or(row.when_down, WhenDown::default())?,
        to,
        from: row.from.as_deref().map(SenderId::new).transpose()?,
        text: SmsText::new(&row.text)?,
        report: row.report.as_deref().map(HttpUrl::new).transpose()?,
        account: row.account.as_deref().map(Into::into),
        segments: row.segments,
        encoding: value_or(row.encoding, SmsEncoding::Gsm7)?,
        rule: (&*row.rule).into(),
        targets: targets.collect::<Result<_, _>>()?,
        sent_to,
        sent_from: row.sent_from.as_deref().map(SenderId::new).transpose()?,
    })
}

/// Reads what an effect's key shows: its run and its number behind the last `/`.
fn effect_key(shown: &str) -> Result<EffectKey, Damage> {
    let (run, number) = shown.rsplit_once('/').ok_or(Damage("its key has no number"))?;
    let number = number.parse().map_err(|_| Damage("its key has no number"))?;
    Ok(EffectKey::new(RunId::new(run)?, number))
}

fn word_unless<W: Word>(value: W, usual: W) -> Option<Cow<'static, str>> {
    (value != usual).then(|| value.word()).flatten().map(Into::into)
}

fn value_or<W: Word>(word: Option<Cow<'_, str>>, usual: W) -> Result<W, Damage> {
    match word {
        Some(word) => W::of(&word).ok_or(Damage("a word in it is not known")),
        None => Ok(usual),
    }
}
