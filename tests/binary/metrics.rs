//! A checker for Prometheus' text form, version 0.0.4, strict enough to notice what a scraper would refuse.

use std::collections::BTreeMap;

/// All samples by name and labels as written, after the text was found to be in order.
pub struct Metrics {
    samples: BTreeMap<String, f64>,
}

impl Metrics {
    pub fn read(text: &str) -> Self {
        let mut types: BTreeMap<&str, &str> = BTreeMap::new();
        let mut samples = BTreeMap::new();
        assert!(text.ends_with('\n'), "the last line ends");
        for line in text.lines() {
            if let Some(comment) = line.strip_prefix("# ") {
                let mut words = comment.splitn(3, ' ');
                let (what, name) = (words.next().unwrap(), words.next().unwrap());
                let rest = words.next().unwrap_or_default();
                match what {
                    "TYPE" => assert!(types.insert(name, rest).is_none(), "{name} twice"),
                    "HELP" => assert!(!rest.is_empty(), "{name} is explained"),
                    other => panic!("{other} in {line}"),
                }
                continue;
            }
            let (series, value) = line.rsplit_once(' ').unwrap();
            let value: f64 = value.parse().unwrap_or_else(|_| panic!("{line}"));
            let name = name_of(series);
            let family = ["_bucket", "_sum", "_count"]
                .iter()
                .filter_map(|end| name.strip_suffix(end))
                .find(|family| types.get(family) == Some(&"histogram"))
                .unwrap_or(name);
            let kind = types.get(family).unwrap_or_else(|| panic!("{line}"));
            assert!(name.starts_with("duban_"), "{line}");
            match *kind {
                "counter" => assert!(name.ends_with("_total") && value >= 0.0, "{line}"),
                "gauge" | "histogram" => assert!(value >= 0.0, "{line}"),
                other => panic!("{other} of {line}"),
            }
            let twice = samples.insert(series.to_owned(), value);
            assert!(twice.is_none(), "{series} twice");
        }
        let metrics = Self { samples };
        for (name, _) in types.iter().filter(|(_, kind)| **kind == "histogram") {
            metrics.check_histogram(text, name);
        }
        metrics
    }

    /// Buckets never fall, and the last holds all.
    fn check_histogram(&self, text: &str, name: &str) {
        let bucket = format!("{name}_bucket{{");
        let lines = text.lines().filter(|line| line.starts_with(&bucket));
        let values = lines.map(|line| line.rsplit_once(' ').unwrap().1.parse().unwrap());
        let values: Vec<f64> = values.collect();
        assert!(values.is_sorted(), "{name}: {values:?}");
        let count = self.value(&format!("{name}_count"));
        assert_eq!(values.last(), Some(&count), "{name}");
        assert_eq!(self.value(&format!("{name}_bucket{{le=\"+Inf\"}}")), count);
    }

    /// A sample by its series, as in `name{label="value"}`; nothing counts as 0.
    pub fn value(&self, series: &str) -> f64 {
        self.samples.get(series).copied().unwrap_or_default()
    }

    pub fn has(&self, series: &str) -> bool {
        self.samples.contains_key(series)
    }
}

/// The name, after the labels were found to be in order.
fn name_of(series: &str) -> &str {
    let Some((name, labels)) = series.split_once('{') else {
        return series;
    };
    let labels = labels.strip_suffix('}').unwrap();
    for label in labels.split(',') {
        let (key, value) = label.split_once('=').unwrap();
        assert!(
            key.bytes().all(|byte| byte.is_ascii_lowercase()),
            "{series}"
        );
        let value = value.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
        // What stands in labels comes from short lists of ours: no name, no id, no token.
        let short = value.is_some_and(|value| value.len() <= 16 && !value.contains('"'));
        assert!(short, "{series}");
    }
    name
}
