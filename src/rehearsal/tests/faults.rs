//! What the bot meets when a fault is played: each is told apart on the wire.

use std::future::Future;
use std::pin::pin;

use super::*;

/// Lets the clock run on, a second at a time, until the work is done.
async fn while_time_passes<T>(clock: &Clock, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            () = tokio::task::yield_now() => clock.set(clock.now() + TimeDelta::seconds(1)),
        }
    }
}

/// Status and body of a plain `sendMessage`, or the error on the way.
async fn send(stage: &Stage) -> Result<(u16, String), reqwest::Error> {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!(
        "{}/bot{}/sendMessage",
        stage.server.url(),
        stage.server.token()
    );
    let answer = client
        .post(url)
        .json(&json!({"chat_id": ZHANG, "text": "到期提醒"}))
        .send()
        .await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}

fn arrived(stage: &Stage) -> usize {
    stage
        .world
        .messages(ZHANG)
        .iter()
        .filter(|message| message.is_ours)
        .count()
}

#[tokio::test]
async fn a_cut_before_or_after_the_work_looks_the_same_to_the_bot() {
    let stage = stage().await;
    stage
        .world
        .fault("sendMessage", 1, Fault::CloseBeforeReading);
    assert!(send(&stage).await.is_err());
    assert_eq!(arrived(&stage), 0);
    stage.world.fault("sendMessage", 1, Fault::ProcessThenClose);
    assert!(send(&stage).await.is_err());
    assert_eq!(arrived(&stage), 1);
    stage.world.fault("sendMessage", 1, Fault::HalfBody);
    assert!(send(&stage).await.is_err());
    assert_eq!(arrived(&stage), 2);
    assert_eq!(
        send(&stage).await.unwrap().0,
        200,
        "one connection later all is well"
    );
    let journal: Vec<_> = stage
        .world
        .journal()
        .into_iter()
        .filter(|call| call.method == "sendMessage")
        .collect();
    let carried_out: Vec<bool> = journal.iter().map(|call| call.outcome.is_some()).collect();
    assert_eq!(carried_out, [false, true, true, true]);
    assert_eq!(journal[1].fault, Some(Fault::ProcessThenClose));
}

#[tokio::test]
async fn the_client_library_calls_a_cut_a_network_error_without_the_token() {
    let stage = stage().await;
    stage.world.fault("sendMessage", 1, Fault::ProcessThenClose);
    let error = stage
        .bot
        .send_message(ChatId(ZHANG), "x")
        .await
        .unwrap_err();
    assert!(matches!(error, RequestError::Network(_)));
    assert!(
        !format!("{error:?} {error}").contains("STAND-IN"),
        "{error:?}"
    );
    stage.world.fault("sendMessage", 1, Fault::EmptyBody);
    let error = stage
        .bot
        .send_message(ChatId(ZHANG), "x")
        .await
        .unwrap_err();
    assert!(
        matches!(error, RequestError::InvalidJson { .. }),
        "{error:?}"
    );
    stage.world.fault(ANY_METHOD, 1, Fault::Unauthorized);
    let error = stage.bot.get_me().await.unwrap_err();
    assert!(matches!(error, RequestError::Api(ApiError::InvalidToken)));
    assert_eq!(arrived(&stage), 2);
}

#[tokio::test]
async fn servers_in_trouble_answer_with_5xx_and_do_nothing() {
    let stage = stage().await;
    stage.world.fault("sendMessage", 1, Fault::Status500);
    let expected =
        r#"{"description":"Internal Server Error: restart","error_code":500,"ok":false}"#;
    assert_eq!(send(&stage).await.unwrap(), (500, expected.to_owned()));
    stage.world.fault("sendMessage", 1, Fault::Html502);
    let (status, page) = send(&stage).await.unwrap();
    assert_eq!(status, 502);
    assert!(page.contains("502 Bad Gateway"));
    assert_eq!(arrived(&stage), 0);
    stage.world.fault("sendMessage", 5, Fault::Status500);
    stage.world.clear_faults();
    assert_eq!(send(&stage).await.unwrap().0, 200);
}

#[tokio::test]
async fn a_429_on_demand_keeps_the_chat_closed_until_its_time() {
    let stage = stage().await;
    stage
        .world
        .fault("sendMessage", 1, Fault::TooManyRequests(7));
    let refused = stage
        .bot
        .send_message(ChatId(ZHANG), "x")
        .await
        .unwrap_err();
    assert!(matches!(refused, RequestError::RetryAfter(wait) if wait.seconds() == 7));
    stage.bot.send_message(ChatId(LI), "x").await.unwrap();
    stage.no_violations();
    stage.at(3);
    assert!(stage.bot.send_message(ChatId(ZHANG), "x").await.is_err());
    assert_eq!(stage.world.violations().len(), 1);
    stage.at(30);
    stage.bot.send_message(ChatId(ZHANG), "x").await.unwrap();
}

#[tokio::test]
async fn delays_and_drips_take_the_clocks_time() {
    let stage = stage().await;
    stage
        .world
        .fault("sendMessage", 1, Fault::Delay(Duration::from_secs(40)));
    assert_eq!(
        while_time_passes(&stage.clock, send(&stage))
            .await
            .unwrap()
            .0,
        200
    );
    assert!(stage.clock.now() >= second(40));
    assert!(
        stage.world.messages(ZHANG).last().unwrap().at >= second(40),
        "done only after the delay"
    );
    let before = stage.clock.now();
    stage.world.fault(
        "sendMessage",
        1,
        Fault::SlowDrip {
            bytes: 50,
            pause: Duration::from_secs(5),
        },
    );
    let (status, body) = while_time_passes(&stage.clock, send(&stage)).await.unwrap();
    assert_eq!(status, 200);
    assert!(serde_json::from_str::<Value>(&body).is_ok());
    assert!(
        stage.clock.now() - before
            >= TimeDelta::seconds(5 * (i64::try_from(body.len()).unwrap() / 50))
    );
}

#[tokio::test]
async fn a_download_can_fail_too() {
    let stage = stage().await;
    let sent = stage
        .bot
        .send_document(ChatId(ZHANG), InputFile::memory("正文").file_name("a.txt"))
        .await
        .unwrap();
    let info = stage
        .bot
        .get_file(sent.document().unwrap().file.id.clone())
        .await
        .unwrap();
    stage.world.fault("file", 1, Fault::HalfBody);
    let mut bytes = Vec::new();
    assert!(
        stage
            .bot
            .download_file(&info.path, &mut bytes)
            .await
            .is_err()
    );
    let missing = reqwest::get(format!(
        "{}/file/bot{}/documents%2Fno.txt",
        stage.server.url(),
        stage.server.token()
    ))
    .await
    .unwrap();
    assert_eq!(missing.status().as_u16(), 404);
}

#[tokio::test]
async fn a_stopped_server_breaks_open_calls_and_its_world_lives_on() {
    let stage = stage().await;
    let address = stage
        .server
        .url()
        .trim_start_matches("http://")
        .parse()
        .unwrap();
    let mut changed = stage.world.subscribe();
    let waiting = tokio::spawn(stage.bot.get_updates().timeout(30).send());
    changed.changed().await.unwrap();
    stage.server.stop().await;
    assert!(matches!(
        waiting.await.unwrap().unwrap_err(),
        RequestError::Network(_)
    ));
    stage.world.say(ZHANG, ZHANG, "在吗");
    assert!(matches!(
        stage.bot.get_me().await.unwrap_err(),
        RequestError::Network(_)
    ));
    let server = Server::start_with(Arc::clone(&stage.world), address)
        .await
        .unwrap();
    assert_eq!(server.url(), format!("http://{address}"));
    assert_eq!(stage.bot.get_updates().timeout(0).await.unwrap().len(), 1);
}

#[test]
fn the_token_is_refused_by_real_servers_and_redacted_by_the_client() {
    let (id, secret) = STAND_IN_TOKEN.split_once(':').unwrap();
    assert!(id.starts_with('0'), "the official server refuses it unread");
    assert!(id.chars().all(|c| c.is_ascii_digit()));
    assert!(
        secret.len() >= 35
            && secret
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    );
}
