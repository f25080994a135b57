//! `duban digest` on the file the program leaves behind: as sent, and made again.

use duban::cli::{Stage, read_config};
use duban::rehearsal::script::{Act, Incident, Line};
use duban::store::Store;
use sqlx::any::AnyConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, raw_sql};

use crate::{config_dir, duban, text};

/// A database after the first digest.
async fn with_a_digest(url: &str) {
    let (_, config) = read_config(&config_dir());
    let config = config.unwrap_or_else(|_| panic!("the shipped configuration has mistakes"));
    let store = Store::open(url).await.unwrap();
    let at = |moment: &str| moment.parse().unwrap();
    let start = at("2026-11-27T08:40:00+08:00");
    let mut stage = Stage::open(&config, store, start, true).await.unwrap();
    let chief = "栾频".to_owned();
    let tells = |act| Line::Act {
        who: chief.clone(),
        in_group: false,
        act,
    };
    for line in [
        Line::Incident(Incident::AddBot(chief.clone())),
        tells(Act::Say("/start".into())),
        tells(Act::Say("/golive".into())),
        tells(Act::Tap("正式启用".into())),
        tells(Act::Tap("确认启用".into())),
        Line::Clock(at("2026-11-27T16:05:00+08:00")),
    ] {
        stage.play(&line).await.unwrap();
    }
    stage.close().await;
}

/// What the command prints, and whether it succeeds.
async fn digest(url: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = duban(&["digest", "--database-url", url]);
    command.args(arguments);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = output.await.unwrap();
    (output.status.code(), text(&output))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_is_printed_as_sent_and_remake_ends_at_the_first_difference() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("duban.db").display());
    with_a_digest(&url).await;

    let (exit, sent) = digest(&url, &["--number", "1"]).await;
    assert_eq!(exit, Some(0), "{sent}");
    assert!(sent.contains("第1期") && sent.contains("29项"), "{sent}");
    assert_eq!(
        digest(&url, &["--number", "1", "--remake"]).await,
        (Some(0), sent.clone())
    );
    let (exit, none) = digest(&url, &["--number", "2"]).await;
    assert_eq!(exit, Some(1), "{none}");

    sqlx::any::install_default_drivers();
    let options: AnyConnectOptions = url.parse().unwrap();
    let mut connection = options.connect().await.unwrap();
    let alter = "UPDATE digests SET body = REPLACE(body, '29项', '28项')";
    raw_sql(AssertSqlSafe(alter))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();

    let (exit, altered) = digest(&url, &["--number", "1"]).await;
    assert_eq!(exit, Some(0), "{altered}");
    assert!(altered.contains("28项"), "as it is stored: {altered}");
    let (exit, remade) = digest(&url, &["--number", "1", "--remake"]).await;
    assert_eq!(exit, Some(1), "{remade}");
    assert!(
        remade.contains(sent.trim()),
        "made from the ledger: {remade}"
    );
    assert!(remade.contains("digest 1 differs from byte"), "{remade}");
}
