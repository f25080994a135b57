//! Updates posted to the bot: in order, with the secret, again until they are taken.

use std::sync::Mutex;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use tokio::sync::watch;

use super::*;

/// What the bot's side got, and how often it still refuses.
#[derive(Debug, Default)]
struct Inbox {
    got: Mutex<Vec<(String, String)>>,
    refusals: Mutex<usize>,
    count: watch::Sender<usize>,
}

impl Inbox {
    /// Waits for this many requests in all.
    async fn has(&self, count: usize) -> Vec<(String, String)> {
        self.count
            .subscribe()
            .wait_for(|n| *n >= count)
            .await
            .unwrap();
        self.got.lock().unwrap().clone()
    }
}

async fn take(State(inbox): State<Arc<Inbox>>, headers: HeaderMap, body: String) -> StatusCode {
    let update: Value = serde_json::from_str(&body).unwrap();
    let secret = headers
        .get("X-Telegram-Bot-Api-Secret-Token")
        .map_or("", |secret| secret.to_str().unwrap());
    let text = update["message"]["text"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    inbox.got.lock().unwrap().push((text, secret.to_owned()));
    let mut refusals = inbox.refusals.lock().unwrap();
    let status = if *refusals > 0 {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::OK
    };
    *refusals = refusals.saturating_sub(1);
    inbox.count.send_modify(|n| *n += 1);
    status
}

/// Starts the bot's side and gives its address.
async fn listen(refusals: usize) -> (Arc<Inbox>, String) {
    let inbox = Arc::new(Inbox {
        refusals: Mutex::new(refusals),
        ..Inbox::default()
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/hook", post(take))
        .with_state(Arc::clone(&inbox));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (inbox, url)
}

/// Waits until this many updates are left.
async fn left(stage: &Stage, count: usize) {
    let mut changed = stage.world.subscribe();
    while stage.world.pending_updates().len() != count {
        changed.changed().await.unwrap();
    }
}

#[tokio::test]
async fn updates_are_posted_in_order_with_the_secret_and_then_gone() {
    let stage = stage().await;
    let (inbox, url) = listen(0).await;
    stage.world.say(ZHANG, ZHANG, "一");
    stage
        .bot
        .set_webhook(url.parse().unwrap())
        .secret_token("s-1".to_owned())
        .await
        .unwrap();
    stage.world.say(ZHANG, ZHANG, "二");
    stage.world.say(ZHANG, ZHANG, "三");
    let got: Vec<_> = inbox.has(3).await;
    assert_eq!(
        got,
        ["一", "二", "三"].map(|text| (text.to_owned(), "s-1".to_owned()))
    );
    left(&stage, 0).await;
    let refused = stage.bot.get_updates().await.unwrap_err();
    assert!(shown(refused).contains("can't use getUpdates method while webhook is active"));
    assert_eq!(
        stage
            .bot
            .get_webhook_info()
            .await
            .unwrap()
            .url
            .unwrap()
            .as_str(),
        url
    );
    stage.bot.delete_webhook().await.unwrap();
    stage.world.say(ZHANG, ZHANG, "四");
    assert_eq!(stage.bot.get_updates().timeout(0).await.unwrap().len(), 1);
    assert_eq!(inbox.got.lock().unwrap().len(), 3);
    stage.no_violations();
}

#[tokio::test]
async fn what_the_bot_refuses_comes_again_and_holds_up_only_its_own_chat() {
    let stage = stage().await;
    let (inbox, url) = listen(2).await;
    stage.bot.set_webhook(url.parse().unwrap()).await.unwrap();
    stage.world.say(ZHANG, ZHANG, "一");
    // Refused, and at once again, and refused again; the third try waits two seconds.
    inbox.has(2).await;
    stage.world.say(ZHANG, ZHANG, "二");
    stage.world.say(LI, LI, "别人");
    let got: Vec<_> = inbox
        .has(3)
        .await
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    assert_eq!(got, ["一", "一", "别人"]);
    left(&stage, 2).await;
    let info = stage.bot.get_webhook_info().await.unwrap();
    assert_eq!(
        info.last_error_message.as_deref(),
        Some("Wrong response from the webhook: 503")
    );
    stage.at(2);
    let got: Vec<_> = inbox
        .has(5)
        .await
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    assert_eq!(got[3..], ["一", "二"]);
    left(&stage, 0).await;
}

#[tokio::test]
async fn setting_a_webhook_ends_a_waiting_poll_and_bad_ones_are_refused() {
    let stage = stage().await;
    let (_inbox, url) = listen(0).await;
    let mut changed = stage.world.subscribe();
    let waiting = tokio::spawn(stage.bot.get_updates().timeout(30).send());
    changed.changed().await.unwrap();
    stage.bot.set_webhook(url.parse().unwrap()).await.unwrap();
    assert_eq!(
        shown(waiting.await.unwrap().unwrap_err()),
        "Conflict: terminated by setWebhook request"
    );
    let refused = stage
        .bot
        .set_webhook(url.parse().unwrap())
        .secret_token("空 格".to_owned())
        .await
        .unwrap_err();
    assert_eq!(
        shown(refused),
        "Bad Request: secret token contains unallowed characters"
    );
    let refused = stage
        .bot
        .set_webhook("https://example.org/".parse().unwrap())
        .await
        .unwrap_err();
    assert!(shown(refused).contains("bad webhook"));
}
