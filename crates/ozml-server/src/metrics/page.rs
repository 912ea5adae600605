//! The kinds of lines of a page.

use std::fmt::{self, Write as _};

use prometheus_client::encoding::{
    DescriptorEncoder, EncodeLabelValue, EncodeMetric, LabelValueEncoder, NoLabelSet,
};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

/// The page while it is written.
pub(super) struct Page<'e>(pub(super) DescriptorEncoder<'e>);

impl Page<'_> {
    pub(super) fn counter(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
        let line = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        ConstCounter::new(value).encode(line)
    }

    /// A counter for each value of a label.
    pub(super) fn counters<V: AsRef<str>>(
        &mut self,
        name: &str,
        help: &str,
        label: &'static str,
        values: impl Iterator<Item = (V, u64)>,
    ) -> fmt::Result {
        let mut lines = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        for (word, value) in values {
            let labels = [(label, Word(word.as_ref()))];
            ConstCounter::new(value).encode(lines.encode_family(&labels)?)?;
        }
        Ok(())
    }

    pub(super) fn gauge(&mut self, name: &str, help: &str, value: f64) -> fmt::Result {
        let line = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        ConstGauge::new(value).encode(line)
    }

    /// A gauge for each combination of values of labels.
    pub(super) fn gauges<'v, const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        labels: [&'static str; N],
        values: impl Iterator<Item = ([&'v str; N], f64)>,
    ) -> fmt::Result {
        let mut lines = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (words, value) in values {
            let labels: Vec<_> = labels.into_iter().zip(words.map(Word)).collect();
            ConstGauge::new(value).encode(lines.encode_family(&labels)?)?;
        }
        Ok(())
    }

    /// Values by class: `counts` has one class more than there are bounds.
    pub(super) fn histogram<const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        sum: f64,
        bounds: [f64; N],
        counts: &[u64],
    ) -> fmt::Result {
        let bounds = bounds.into_iter().chain([f64::MAX]);
        let classes: Vec<_> = bounds.zip(counts.iter().copied()).collect();
        let mut lines = self
            .0
            .encode_descriptor(name, help, None, MetricType::Histogram)?;
        lines.encode_histogram::<NoLabelSet>(sum, counts.iter().sum(), &classes, None)
    }
}

/// The value of a label, escaped as the format asks: the library does not.
#[derive(Debug)]
struct Word<'w>(&'w str);

impl EncodeLabelValue for Word<'_> {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '\\' => encoder.write_str("\\\\")?,
                '"' => encoder.write_str("\\\"")?,
                '\n' => encoder.write_str("\\n")?,
                other => encoder.write_char(other)?,
            }
        }
        Ok(())
    }
}
