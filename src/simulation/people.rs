//! People: what somebody does who looks at a chat, drawn from the seed.

use fastrand::Rng;

use super::setting::{Setting, below, one_of, percent};
use super::vocabulary;
use crate::conversation::command;
use crate::rehearsal::{Button, MessageView, Post, Pressed, World};

/// One act.
pub enum Act {
    /// Types.
    Say(String),
    /// Taps a button of a message.
    Press(i64, Button),
}

/// What the newest message of the bot moves somebody to do; nothing when it asks for nothing.
pub fn next_act(rng: &mut Rng, messages: &[MessageView], said: u64) -> Option<Act> {
    let newest = messages.iter().rev().find(|message| message.is_ours)?;
    let asks = |any: &[&str]| any.iter().any(|words| newest.text.contains(words));
    if asks(&vocabulary::ASKS_NUMBER) && percent(rng, 60) {
        return Some(Act::Say(one_of(rng, &vocabulary::NUMBERS).to_owned()));
    }
    let has_buttons = newest.buttons().next().is_some();
    if asks(&vocabulary::ASKS_WORDS) && (percent(rng, 40) || !has_buttons) {
        return Some(Act::Say(match percent(rng, 80) {
            true => words(rng, said),
            false => one_of(rng, &vocabulary::DATES).to_owned(),
        }));
    }
    if percent(rng, 75) {
        for label in vocabulary::WILLING {
            if let Some(button) = newest
                .buttons()
                .find(|button| button.text.starts_with(label))
            {
                return Some(Act::Press(newest.id, button.clone()));
            }
        }
    }
    let buttons: Vec<&Button> = newest.buttons().collect();
    (!buttons.is_empty() && percent(rng, 60)).then(|| {
        let button = buttons[below(rng, buttons.len())];
        Act::Press(newest.id, button.clone())
    })
}

/// A sentence like no other.
pub fn words(rng: &mut Rng, said: u64) -> String {
    match percent(rng, 3) {
        true => one_of(rng, &vocabulary::SENTENCES).repeat(60),
        false => format!("{} {said}", one_of(rng, &vocabulary::SENTENCES)),
    }
}

/// Any button of the last messages, old ones too.
pub fn any_button(rng: &mut Rng, messages: &[MessageView]) -> Option<(i64, Button)> {
    let newest = messages
        .iter()
        .rev()
        .filter(|message| message.is_ours)
        .take(8);
    let all: Vec<(i64, &Button)> = newest
        .flat_map(|message| message.buttons().map(move |button| (message.id, button)))
        .collect();
    let (message, button) = *all.get(below(rng, all.len()))?;
    Some((message, button.clone()))
}

/// A start link in a message, on a button or in its words.
pub fn link_in(message: &MessageView) -> Option<String> {
    const MARK: &str = "?start=";
    let on_button = message.buttons().filter_map(|button| button.url.clone());
    let in_words = message.text.split_whitespace().map(str::to_owned);
    on_button.chain(in_words).find(|url| url.contains(MARK))
}

/// Presses a button that stands, and follows it where it is a link to the bot.
pub fn press(world: &World, user: i64, chat: i64, message: i64, button: &Button) {
    let name = button.data.as_deref().unwrap_or(&button.text);
    if let Some(Pressed::Link(url)) = world.press(user, chat, message, name) {
        world.follow(user, &url);
    }
}

/// A photo, a file, an album or something the bot has no use for.
pub fn send_file(rng: &mut Rng, world: &World, user: i64, chat: i64) {
    match below(rng, 5) {
        0 => drop(world.post(user, chat, Post::photo(b"photo".to_vec()).caption("1"))),
        1 => drop(world.post(user, chat, Post::document("a<b>&.pdf", b"file".to_vec()))),
        2 => drop(world.post(user, chat, Post::sticker())),
        3 => drop(world.post(user, chat, Post::voice())),
        _ => {
            for n in 0..3 {
                world.post(user, chat, Post::photo(vec![n]).in_album("album"));
            }
        }
    }
}

/// Commands that end the whole work or take an account away come rarely.
const GRAVE: [&str; 2] = ["finish", "pause"];

/// A command with some argument, sensible or not.
pub fn command(rng: &mut Rng, setting: &Setting) -> String {
    let mut name = command::ALL[below(rng, command::ALL.len())].name();
    if GRAVE.contains(&name) && percent(rng, 80) {
        name = "status";
    }
    let item = &setting.items[below(rng, setting.items.len())];
    let person = &setting.roster[below(rng, setting.roster.len())].name;
    match below(rng, 6) {
        0 => format!("/{name}"),
        1 | 2 => format!("/{name} {item}"),
        3 => format!("/{name} {person}"),
        4 => format!("/{name} {}", one_of(rng, &vocabulary::DATES)),
        _ => format!("/{name} {}", one_of(rng, &vocabulary::SENTENCES)),
    }
}
