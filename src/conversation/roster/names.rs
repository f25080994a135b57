//! Name and post of somebody new, as people type them: 王芳 规划科科长.

use serde::{Deserialize, Serialize};

use super::LiaisonSay;
use super::ReplaceSay;
use crate::conversation::vocabulary::BETWEEN_NAME_AND_POST;

/// Characters of a name and of a post together.
pub const MOST_TEXT: usize = 60;
/// Characters of a name.
const NAME: std::ops::RangeInclusive<usize> = 2..=10;

/// Somebody new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Name.
    pub name: String,
    /// Post.
    pub post: String,
}

/// Why words are no name and post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotNamed {
    /// Too long.
    TooLong(usize),
    /// Not a name, or no post behind it.
    Unclear(String),
}

impl From<NotNamed> for LiaisonSay {
    fn from(not: NotNamed) -> Self {
        match not {
            NotNamed::TooLong(length) => Self::TooLong(length),
            NotNamed::Unclear(typed) => Self::Refused(typed),
        }
    }
}

impl From<NotNamed> for ReplaceSay {
    fn from(not: NotNamed) -> Self {
        match not {
            NotNamed::TooLong(length) => Self::TooLong(length),
            NotNamed::Unclear(typed) => Self::Refused(typed),
        }
    }
}

/// Reads both.
pub fn read(text: &str) -> Result<Named, NotNamed> {
    let length = text.chars().count();
    if length > MOST_TEXT {
        return Err(NotNamed::TooLong(length));
    }
    let apart = |c: char| c.is_whitespace() || BETWEEN_NAME_AND_POST.contains(&c);
    let unclear = || NotNamed::Unclear(text.to_owned());
    let (name, post) = text.trim().split_once(apart).ok_or_else(unclear)?;
    let (name, post) = (name.trim(), post.trim_matches(apart));
    let is_name = NAME.contains(&name.chars().count()) && name.chars().all(char::is_alphabetic);
    if !is_name || post.is_empty() {
        return Err(unclear());
    }
    Ok(Named {
        name: name.to_owned(),
        post: post.split_whitespace().collect::<Vec<_>>().join(" "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_post_are_read_however_they_are_parted() {
        for text in [
            "王芳 规划科科长",
            "王芳，规划科科长",
            " 王芳　规划科科长 ",
            "王芳、规划科科长",
        ] {
            let named = read(text).unwrap();
            assert_eq!(
                (named.name.as_str(), named.post.as_str()),
                ("王芳", "规划科科长")
            );
        }
        for text in ["王芳", "王 科长", "123 科长", "王芳 ", ""] {
            assert_eq!(
                read(text),
                Err(NotNamed::Unclear(text.to_owned())),
                "{text}"
            );
        }
        assert_eq!(read(&"长".repeat(61)), Err(NotNamed::TooLong(61)));
    }
}
