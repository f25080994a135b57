//! Buttons under answers: another question, another page, an old digest, one's own items, 催办.

use super::Question;
use crate::conversation::payload::{id_of, split_two};
use crate::ledger::Light;
use crate::plan::TaskId;

/// Buttons of this slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// The answer to a question, in place.
    Show {
        /// Which.
        question: Question,
        /// Page from 0.
        page: usize,
    },
    /// A stored digest, in place; number 0 is the one made for the asker.
    Digest {
        /// Which.
        number: u32,
        /// Page from 0.
        page: usize,
    },
    /// 只看我的.
    Mine,
    /// 催办 of one item.
    Urge(TaskId),
    /// 参与的举措 under the own card, which stays as it is.
    TakesPart,
    /// 补充 of one item.
    Supplement(TaskId),
    /// 退出 of that step.
    LeaveSupplement(TaskId),
}

impl Press {
    /// As button data, without the slice's letter.
    pub fn encode(&self) -> String {
        match self {
            Self::Show { question, page } => format!("{page}:{}", encode_question(question)),
            Self::Digest { number, page } => format!("g:{number}:{page}"),
            Self::Mine => "y".to_owned(),
            Self::TakesPart => "p".to_owned(),
            Self::Urge(task) => format!("x:{task}"),
            Self::Supplement(task) => format!("s:{task}"),
            Self::LeaveSupplement(task) => format!("q:{task}"),
        }
    }

    /// From button data.
    pub fn decode(data: &str) -> Option<Self> {
        match data {
            "y" => return Some(Self::Mine),
            "p" => return Some(Self::TakesPart),
            _ => {}
        }
        let (head, rest) = split_two(data)?;
        match head {
            "g" => {
                let (number, page) = split_two(rest)?;
                Some(Self::Digest {
                    number: plain(number)?,
                    page: plain(page)?,
                })
            }
            "x" => Some(Self::Urge(id_of(rest)?.into())),
            "s" => Some(Self::Supplement(id_of(rest)?.into())),
            "q" => Some(Self::LeaveSupplement(id_of(rest)?.into())),
            page => Some(Self::Show {
                page: plain(page)?,
                question: decode_question(rest)?,
            }),
        }
    }
}

fn encode_question(question: &Question) -> String {
    match question {
        Question::Overview => "o".to_owned(),
        Question::WithLight(light) => format!("l:{}", letter(*light)),
        Question::Measures => "a".to_owned(),
        Question::Units => "b".to_owned(),
        Question::Measure(id) => format!("i:{id}"),
        Question::Task(id) => format!("t:{id}"),
        Question::Unit(id) => format!("u:{id}"),
        Question::Person(id) => format!("p:{id}"),
        Question::Overdue => "d".to_owned(),
        Question::Missing => "n".to_owned(),
        Question::History(id) => format!("h:{id}"),
        Question::TakesPart(id) => format!("c:{id}"),
    }
}

fn decode_question(data: &str) -> Option<Question> {
    let (head, rest) = data.split_once(':').unwrap_or((data, ""));
    let id = || id_of(rest);
    Some(match (head, rest) {
        ("o", "") => Question::Overview,
        ("a", "") => Question::Measures,
        ("b", "") => Question::Units,
        ("d", "") => Question::Overdue,
        ("n", "") => Question::Missing,
        ("l", light) => Question::WithLight(light_of(light)?),
        ("i", _) => Question::Measure(id()?.into()),
        ("t", _) => Question::Task(id()?.into()),
        ("u", _) => Question::Unit(id()?.into()),
        ("p", _) => Question::Person(id()?.into()),
        ("h", _) => Question::History(id()?.into()),
        ("c", _) => Question::TakesPart(id()?.into()),
        _ => return None,
    })
}

fn letter(light: Light) -> char {
    match light {
        Light::Red => 'r',
        Light::Yellow => 'y',
        Light::Green => 'g',
        Light::Grey => 'w',
        Light::Done => 'd',
        Light::Frozen => 'f',
    }
}

fn light_of(letter: &str) -> Option<Light> {
    Some(match letter {
        "r" => Light::Red,
        "y" => Light::Yellow,
        "g" => Light::Green,
        "w" => Light::Grey,
        "d" => Light::Done,
        "f" => Light::Frozen,
        _ => return None,
    })
}

/// A number as it is written: no sign, no leading zero, so that one button has one form.
fn plain<T: std::str::FromStr + ToString>(text: &str) -> Option<T> {
    let number: T = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::payload::{DATA_LIMIT, Payload};

    fn all() -> Vec<Press> {
        let id = "a".repeat(24);
        let questions = [
            Question::Overview,
            Question::WithLight(Light::Red),
            Question::WithLight(Light::Yellow),
            Question::WithLight(Light::Green),
            Question::WithLight(Light::Grey),
            Question::WithLight(Light::Done),
            Question::WithLight(Light::Frozen),
            Question::Measures,
            Question::Units,
            Question::Measure(id.as_str().into()),
            Question::Task(format!("m{id}").as_str().into()),
            Question::Unit(id.as_str().into()),
            Question::Person(id.as_str().into()),
            Question::Overdue,
            Question::Missing,
            Question::History(id.as_str().into()),
            Question::TakesPart(id.as_str().into()),
        ];
        let shown = questions.map(|question| Press::Show {
            question,
            page: 12_345,
        });
        let others = [
            Press::Digest {
                number: u32::MAX,
                page: 99,
            },
            Press::Mine,
            Press::TakesPart,
            Press::Urge(id.as_str().into()),
            Press::Supplement(id.as_str().into()),
            Press::LeaveSupplement(id.as_str().into()),
        ];
        shown.into_iter().chain(others).collect()
    }

    #[test]
    fn every_button_reads_back_and_fits() {
        for press in all() {
            let data = Payload::Query(press.clone()).encode();
            assert!(data.len() <= DATA_LIMIT, "{data}");
            assert_eq!(Payload::decode(&data), Some(Payload::Query(press)));
        }
    }

    #[test]
    fn foreign_cut_and_forged_data_is_no_button() {
        for data in [
            "",
            "o",
            "0:",
            "0:z",
            "-1:o",
            "01:o",
            "0:l:x",
            "0:t:",
            "0:t:A",
            "0:t:6-1 ",
            "x:",
            "x:../..",
            "g:1",
            "g:1:-1",
            "g:99999999999:0",
            "y:1",
            "0:o:1",
        ] {
            assert_eq!(Press::decode(data), None, "{data}");
        }
    }
}
