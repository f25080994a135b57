//! Acting as somebody: write, tap, edit, follow, send, come and go. What a real client would not offer is refused with a reason.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::rehearsal::page::words;
use crate::rehearsal::people::Post;
use crate::rehearsal::room::{FIRST_STRANGER, SUPERGROUP};
use crate::rehearsal::state::{BOT_ID, ChatKind, Contact, Standing, State};
use crate::rehearsal::view::{Button, rows};
use crate::rehearsal::world::World;

/// Characters of a message somebody writes.
const MAX_WORDS: usize = 4096;
/// Characters of a stranger's name.
const MAX_NAME: usize = 40;

/// What a request comes to: facts for the page, or why not.
pub(super) type Outcome = Result<Value, &'static str>;

/// `POST /api/act`.
#[derive(Debug, Deserialize)]
pub(super) struct ActRequest {
    user: i64,
    chat: i64,
    act: Act,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Act {
    Word(String),
    Deed(Box<Deed>),
}

/// One of them is there.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Deed {
    say: Option<String>,
    reply_to: Option<i64>,
    topic: Option<i64>,
    tap: Option<Tap>,
    edit: Option<Edit>,
    follow: Option<String>,
    send: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Tap {
    message: i64,
    row: usize,
    column: usize,
}

#[derive(Debug, Deserialize)]
struct Edit {
    message: i64,
    text: String,
}

/// `POST /api/member`.
#[derive(Debug, Deserialize)]
pub(super) struct MemberRequest {
    user: i64,
    #[serde(rename = "do")]
    what: String,
}

/// `POST /api/stranger`.
#[derive(Debug, Deserialize)]
pub(super) struct StrangerRequest {
    name: String,
}

/// `POST /api/group`.
#[derive(Debug, Deserialize)]
pub(super) struct GroupRequest {
    by: i64,
    #[serde(rename = "do")]
    what: String,
}

/// A file somebody sends.
#[derive(Debug)]
pub(super) struct Upload {
    pub user: i64,
    pub chat: i64,
    pub is_photo: bool,
    pub name: String,
    pub caption: String,
    pub bytes: Vec<u8>,
}

pub(super) fn act(world: &World, request: ActRequest) -> Outcome {
    let ActRequest { user, chat, act } = request;
    may_see(&world.locked(), user, chat)?;
    let deed = match act {
        Act::Word(word) if word == "start" => return start(world, user, ""),
        Act::Word(_) => return Err(words::UNKNOWN_ACT),
        Act::Deed(deed) => *deed,
    };
    if let Some(url) = deed.follow {
        let payload = crate::rehearsal::methods::start_payload(&url);
        return start(world, user, payload.ok_or(words::NO_START_LINK)?);
    }
    if let Some(tapped) = deed.tap {
        may_tap(&world.locked(), user, chat)?;
        return tap(world, user, chat, tapped);
    }
    if let Some(edit) = deed.edit {
        check_words(&edit.text)?;
        let edited = world.edit(user, chat, edit.message, &edit.text);
        return if edited {
            Ok(json!({}))
        } else {
            Err(words::NOT_YOURS)
        };
    }
    let post = match (deed.say, deed.send.as_deref()) {
        (Some(text), _) => {
            check_words(&text)?;
            Post::text(&text)
        }
        (None, Some("sticker")) => Post::sticker(),
        (None, Some("voice")) => Post::voice(),
        (None, Some("location")) => Post::location(),
        (None, _) => return Err(words::UNKNOWN_ACT),
    };
    may_write(&world.locked(), user, chat)?;
    let post = match deed.reply_to {
        Some(message) if world.message(chat, message).is_none() => {
            return Err(words::NO_SUCH_MESSAGE);
        }
        Some(message) => post.reply_to(message),
        None => post,
    };
    let post = match deed.topic {
        Some(topic) => post.in_topic(topic),
        None => post,
    };
    Ok(json!({"message": world.post(user, chat, post)}))
}

/// Presses Start, after a link or on the empty chat.
fn start(world: &World, user: i64, payload: &str) -> Outcome {
    if contact(&world.locked(), user) == Some(Contact::Blocked) {
        return Err(words::BLOCKED);
    }
    Ok(json!({"message": world.start(user, payload)}))
}

fn tap(world: &World, user: i64, chat: i64, tap: Tap) -> Outcome {
    let button = {
        let state = world.locked();
        let message = state.message(chat, tap.message);
        let keyboard = rows(message.ok_or(words::NO_SUCH_MESSAGE)?.keyboard.as_ref());
        let row = keyboard.get(tap.row).ok_or(words::NO_SUCH_BUTTON)?;
        row.get(tap.column).cloned().ok_or(words::NO_SUCH_BUTTON)?
    };
    match button {
        Button {
            data: Some(data), ..
        } => Ok(json!({"query": world.press_data(user, chat, tap.message, &data)})),
        Button { url: Some(url), .. } => Ok(json!({"link": url})),
        Button { .. } => Err(words::NO_SUCH_BUTTON),
    }
}

fn check_words(text: &str) -> Result<(), &'static str> {
    match text.trim().chars().count() {
        0 => Err(words::EMPTY),
        length if length > MAX_WORDS => Err(words::TOO_LONG),
        _ => Ok(()),
    }
}

fn contact(state: &State, user: i64) -> Option<Contact> {
    state.people.get(&user).map(|person| person.contact)
}

/// A person sees their own private chat and groups.
fn may_see(state: &State, user: i64, chat: i64) -> Result<(), &'static str> {
    match state.people.get(&user) {
        None => return Err(words::NO_SUCH_PERSON),
        Some(person) if person.is_bot => return Err(words::NO_SUCH_PERSON),
        Some(_) => {}
    }
    match state.chats.get(&chat).map(|known| known.kind) {
        Some(ChatKind::Group | ChatKind::Supergroup) => Ok(()),
        Some(ChatKind::Channel) => Err(words::NO_SUCH_CHAT),
        Some(ChatKind::Private) | None if chat == user => Ok(()),
        Some(ChatKind::Private) => Err(words::ANOTHER_CHAT),
        None => Err(words::NO_SUCH_CHAT),
    }
}

/// Whoever is not in a group sees none of its buttons.
fn may_tap(state: &State, user: i64, chat: i64) -> Result<(), &'static str> {
    let is_in = state.standing(chat, user).is_some_and(Standing::is_present);
    if chat == user || is_in {
        Ok(())
    } else {
        Err(words::NOT_IN_GROUP)
    }
}

fn may_write(state: &State, user: i64, chat: i64) -> Result<(), &'static str> {
    if chat == user {
        return match contact(state, user) {
            Some(Contact::Open) => Ok(()),
            Some(Contact::Blocked) => Err(words::BLOCKED),
            Some(Contact::Never | Contact::Deactivated) | None => Err(words::NOT_STARTED),
        };
    }
    let is_live = state
        .chats
        .get(&chat)
        .is_some_and(|one| one.is_live_group());
    let standing = state.standing(chat, user);
    let speaks = standing.is_some_and(|one| one.is_present() && one != Standing::Muted);
    if is_live && speaks {
        Ok(())
    } else {
        Err(words::NOT_IN_GROUP)
    }
}

pub(super) fn upload(world: &World, upload: Upload) -> Outcome {
    may_see(&world.locked(), upload.user, upload.chat)?;
    may_write(&world.locked(), upload.user, upload.chat)?;
    if upload.bytes.is_empty() {
        return Err(words::EMPTY);
    }
    let post = if upload.is_photo {
        Post::photo(upload.bytes)
    } else {
        let name = upload.name.rsplit(['/', '\\']).next().unwrap_or_default();
        Post::document(if name.is_empty() { "file" } else { name }, upload.bytes)
    };
    let message = world.post(upload.user, upload.chat, post.caption(&upload.caption));
    Ok(json!({"message": message}))
}

pub(super) fn member(world: &World, request: &MemberRequest) -> Outcome {
    let user = request.user;
    let (group, contact, is_in) = {
        let state = world.locked();
        may_see(&state, user, user)?;
        let group = state.current_group().ok_or(words::NO_SUCH_CHAT)?;
        let standing = state.standing(group, user);
        (
            group,
            contact(&state, user),
            standing.is_some_and(Standing::is_present),
        )
    };
    match request.what.as_str() {
        "block" if contact == Some(Contact::Open) => world.block(user),
        "block" => return Err(words::NOT_STARTED),
        "unblock" if contact == Some(Contact::Blocked) => world.unblock(user),
        "unblock" => {}
        "join" if is_in => return Err(words::ALREADY_IN_GROUP),
        "join" => world.join(group, user),
        "leave" if is_in => world.leave(group, user),
        "leave" => return Err(words::NOT_IN_GROUP),
        _ => return Err(words::UNKNOWN_ACT),
    }
    Ok(json!({}))
}

pub(super) fn stranger(world: &World, request: &StrangerRequest) -> Outcome {
    let name = request.name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.contains(char::is_control) {
        return Err(words::BAD_NAME);
    }
    if world.person_called(name).is_some() {
        return Err(words::NAME_TAKEN);
    }
    let id = world.act(|state| {
        let newest = state
            .people
            .keys()
            .copied()
            .rfind(|id| *id >= FIRST_STRANGER);
        let id = newest.map_or(FIRST_STRANGER, |newest| newest + 1);
        state.add_person(id, false, name, "");
        id
    });
    Ok(json!({"id": id}))
}

pub(super) fn group(world: &World, request: &GroupRequest) -> Outcome {
    let by = request.by;
    let (group, kind, bot) = {
        let state = world.locked();
        may_see(&state, by, by)?;
        let group = state.current_group().ok_or(words::NO_SUCH_CHAT)?;
        let is_in = state.standing(group, by).is_some_and(Standing::is_present);
        if !is_in && !request.what.starts_with("privacy_") {
            return Err(words::NOT_IN_GROUP);
        }
        let kind = state.chats.get(&group).map(|chat| chat.kind);
        (group, kind, state.standing(group, BOT_ID))
    };
    let is_there = bot.is_some_and(Standing::is_present);
    match request.what.as_str() {
        "add_bot" if is_there => return Err(words::BOT_ALREADY_THERE),
        "add_bot" => world.add_bot(group, by),
        "privacy_on" => world.set_privacy(true),
        "privacy_off" => world.set_privacy(false),
        "migrate" if kind == Some(ChatKind::Supergroup) => return Err(words::ALREADY_SUPERGROUP),
        "migrate" => world.migrate(group, SUPERGROUP, by),
        "kick_bot" | "promote_bot" | "demote_bot" | "mute_bot" | "unmute_bot" if !is_there => {
            return Err(words::BOT_NOT_THERE);
        }
        "kick_bot" => world.kick_bot(group, by),
        "promote_bot" => world.promote_bot(group, by, true),
        "demote_bot" | "unmute_bot" => world.add_bot(group, by),
        "mute_bot" => world.set_standing(group, BOT_ID, Standing::Muted, by),
        _ => return Err(words::UNKNOWN_ACT),
    }
    Ok(json!({}))
}
