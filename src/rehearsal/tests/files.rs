//! Pictures and documents: uploads as the client library makes them, their limits in Telegram's words, and the way back.

use teloxide::types::{ChatAction, InputMediaPhoto};

use super::*;

/// Telegram's limits: a photo, any other upload, a download (bytes), a caption (characters).
const PHOTO: usize = 10 * 1024 * 1024;
const UPLOAD: usize = 50 * 1024 * 1024;
const DOWNLOAD: usize = 20 * 1024 * 1024;
const CAPTION: usize = 1024;

/// The head of a PNG of this size, and nothing after it.
fn png(width: u32, height: u32) -> Vec<u8> {
    let head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    [head, &width.to_be_bytes()[..], &height.to_be_bytes()[..]].concat()
}

/// A JPEG as far as its frame header, with a segment before it.
fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let head = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xc2, 0, 11, 8];
    [
        &head[..],
        &height.to_be_bytes()[..],
        &width.to_be_bytes()[..],
    ]
    .concat()
}

/// A picture of exactly so many bytes.
fn heavy(bytes: usize) -> Vec<u8> {
    let mut picture = png(1200, 500);
    picture.resize(bytes, 0);
    picture
}

/// Telegram's own words, those that the client library knows by a name of its own too.
fn wording(error: RequestError) -> String {
    match error {
        RequestError::Api(ApiError::Unknown(text)) => text,
        RequestError::Api(known) => known.to_string(),
        other => format!("{other:?}"),
    }
}

fn file(name: &str, bytes: Vec<u8>) -> InputFile {
    InputFile::memory(bytes).file_name(name.to_owned())
}

impl Stage {
    /// What a photo to Zhang comes to: its size in pixels, or why it is refused.
    async fn photo(&self, bytes: Vec<u8>, caption: usize) -> Result<(u32, u32), String> {
        self.clock.set(self.clock.now() + TimeDelta::seconds(2));
        let sent = self.bot.send_photo(ChatId(ZHANG), file("p", bytes));
        let sent = sent.caption("长".repeat(caption)).await.map_err(wording)?;
        let largest = sent.photo().unwrap().last().unwrap();
        Ok((largest.width, largest.height))
    }

    async fn document(&self, bytes: Vec<u8>, caption: usize) -> Result<FileId, String> {
        self.clock.set(self.clock.now() + TimeDelta::seconds(2));
        let sent = self.bot.send_document(ChatId(ZHANG), file("d.pdf", bytes));
        let sent = sent.caption("长".repeat(caption)).await.map_err(wording)?;
        Ok(sent.document().unwrap().file.id.clone())
    }
}

#[tokio::test]
async fn a_picture_arrives_with_its_size_caption_and_buttons_and_comes_back_byte_for_byte() {
    let stage = stage().await;
    let picture = jpeg(1280, 640);
    let row = [InlineKeyboardButton::callback("未反馈", "s:m")];
    let sent = stage
        .bot
        .send_photo(ChatId(GROUP), file("进度.jpg", picture.clone()))
        .caption("<b>总体进度</b>")
        .parse_mode(ParseMode::Html)
        .reply_markup(InlineKeyboardMarkup::new([row]))
        .await
        .unwrap();
    let shown = sent.photo().unwrap().last().unwrap();
    assert_eq!((shown.width, shown.height), (1280, 640));
    assert_eq!(sent.caption(), Some("总体进度"));
    assert_eq!(
        sent.caption_entities().unwrap()[0].kind,
        MessageEntityKind::Bold
    );
    assert!(sent.reply_markup().is_some());
    let info = stage.bot.get_file(shown.file.id.clone()).await.unwrap();
    assert_eq!(info.size as usize, picture.len());
    let mut bytes = Vec::new();
    stage
        .bot
        .download_file(&info.path, &mut bytes)
        .await
        .unwrap();
    assert_eq!(bytes, picture);
    let again = InputFile::file_id(shown.file.id.clone());
    let again = stage.bot.send_photo(ChatId(LI), again).await.unwrap();
    assert_eq!(again.photo().unwrap()[0].file.id, shown.file.id);
    stage.no_violations();
}

#[tokio::test]
async fn limits_are_kept_to_the_last_byte_and_sign() {
    let stage = stage().await;
    assert_eq!(
        stage.photo(heavy(PHOTO), CAPTION).await,
        Ok((1200, 500)),
        "the most that is allowed"
    );
    let too_heavy = stage.photo(heavy(PHOTO + 1), 0).await.unwrap_err();
    assert_eq!(
        too_heavy,
        "Bad Request: file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes"
    );
    let long = "Bad Request: message caption is too long";
    assert_eq!(
        stage.photo(png(10, 10), CAPTION + 1).await.unwrap_err(),
        long
    );
    stage.document(vec![0; UPLOAD], CAPTION).await.unwrap();
    assert_eq!(
        stage.document(vec![0], CAPTION + 1).await.unwrap_err(),
        long
    );
    assert_eq!(
        stage.document(vec![0; UPLOAD + 1], 0).await.unwrap_err(),
        "Request Entity Too Large"
    );
    let (fits, large) = (
        stage.document(vec![0; DOWNLOAD], 0).await.unwrap(),
        stage.document(vec![0; DOWNLOAD + 1], 0).await.unwrap(),
    );
    assert!(stage.bot.get_file(fits).await.is_ok());
    assert_eq!(
        wording(stage.bot.get_file(large).await.unwrap_err()),
        "Bad Request: file is too big"
    );
    stage.no_violations();
}

#[tokio::test]
async fn what_is_no_photo_is_refused_in_telegrams_words() {
    let stage = stage().await;
    for (bytes, why) in [
        (b"no picture".to_vec(), "IMAGE_PROCESS_FAILED"),
        (b"\xff\xd8\xff\xe0".to_vec(), "IMAGE_PROCESS_FAILED"),
        (Vec::new(), "file must be non-empty"),
        (png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (jpeg(2101, 100), "PHOTO_INVALID_DIMENSIONS"),
        (png(0, 10), "PHOTO_INVALID_DIMENSIONS"),
    ] {
        let refused = stage.photo(bytes, 0).await.unwrap_err();
        assert_eq!(refused, format!("Bad Request: {why}"));
    }
    assert_eq!(stage.photo(png(9000, 1000), 0).await, Ok((9000, 1000)));
    assert_eq!(stage.photo(jpeg(2000, 100), 0).await, Ok((2000, 100)));
    let document = stage.document(vec![0], 0).await.unwrap();
    let as_photo = InputFile::file_id(document);
    let refused = stage.bot.send_photo(ChatId(ZHANG), as_photo).await;
    assert_eq!(
        wording(refused.unwrap_err()),
        "Bad Request: can't use file of type Document as Photo"
    );
    for (body, why) in [
        (
            json!({"chat_id": ZHANG}),
            "there is no photo in the request",
        ),
        (
            json!({"chat_id": ZHANG, "photo": "attach://a"}),
            "can't find uploaded file in request",
        ),
    ] {
        let (code, answer) = stage.post_json("sendPhoto", body).await;
        assert_eq!(code, 400);
        assert_eq!(answer["description"], format!("Bad Request: {why}"));
    }
}

#[tokio::test]
async fn an_album_is_of_one_kind_and_its_items_keep_to_it() {
    let stage = stage().await;
    let photos = |count: usize| {
        std::iter::repeat_with(|| InputMediaPhoto::new(file("p", png(10, 10))))
            .take(count)
            .map(InputMedia::Photo)
            .collect::<Vec<_>>()
    };
    let document = || InputMedia::Document(InputMediaDocument::new(file("d.pdf", vec![0])));
    let send = |items: Vec<InputMedia>| stage.bot.send_media_group(ChatId(GROUP), items);
    let album = send(photos(3)).await.unwrap();
    assert_eq!(album[0].media_group_id(), album[2].media_group_id());
    for (items, why) in [
        (photos(11), "too many messages to send as an album"),
        (Vec::new(), "there are no messages to send"),
        (
            [photos(1), vec![document()]].concat(),
            "Document can't be mixed with other media types",
        ),
    ] {
        let refused = wording(send(items).await.unwrap_err());
        assert_eq!(refused, format!("Bad Request: {why}"));
    }
    let edit = |media| {
        let id = album[1].id;
        stage.bot.edit_message_media(ChatId(GROUP), id, media)
    };
    let other = InputMediaPhoto::new(file("q", png(20, 10))).caption("新图");
    let edited = edit(InputMedia::Photo(other)).await.unwrap();
    assert_eq!(edited.photo().unwrap()[0].width, 20);
    assert_eq!(
        (edited.caption(), edited.media_group_id()),
        (Some("新图"), album[0].media_group_id())
    );
    assert_eq!(
        wording(edit(document()).await.unwrap_err()),
        "Bad Request: can't change media type in the album"
    );
    stage.no_violations();
}

#[tokio::test]
async fn a_picture_takes_the_place_of_another_with_new_buttons() {
    let stage = stage().await;
    let first = file("p", png(10, 10));
    let sent = stage.bot.send_photo(ChatId(LI), first).await.unwrap();
    let media = |caption: usize| {
        let next = InputMediaPhoto::new(file("q", png(30, 10)));
        InputMedia::Photo(next.caption("长".repeat(caption)))
    };
    let row = [InlineKeyboardButton::callback("下一页", "p:2")];
    let edited = stage
        .bot
        .edit_message_media(ChatId(LI), sent.id, media(CAPTION))
        .reply_markup(InlineKeyboardMarkup::new([row]))
        .await
        .unwrap();
    assert_eq!(edited.photo().unwrap()[0].width, 30);
    assert!(edited.edit_date().is_some() && edited.reply_markup().is_some());
    let long = media(CAPTION + 1);
    let refused = stage.bot.edit_message_media(ChatId(LI), sent.id, long);
    assert_eq!(
        wording(refused.await.unwrap_err()),
        "Bad Request: message caption is too long"
    );
    let caption = stage
        .bot
        .edit_message_caption(ChatId(LI), sent.id)
        .caption("说明");
    assert_eq!(caption.await.unwrap().caption(), Some("说明"));
    stage.no_violations();
}

#[tokio::test]
async fn only_what_telegram_knows_can_be_done_visibly() {
    let stage = stage().await;
    for action in [ChatAction::UploadPhoto, ChatAction::UploadDocument] {
        stage
            .bot
            .send_chat_action(ChatId(LI), action)
            .await
            .unwrap();
    }
    let (code, answer) = stage
        .post_json(
            "sendChatAction",
            json!({"chat_id": LI, "action": "thinking"}),
        )
        .await;
    assert_eq!(code, 400);
    assert_eq!(
        answer["description"],
        "Bad Request: wrong parameter action in request"
    );
    stage.no_violations();
}
