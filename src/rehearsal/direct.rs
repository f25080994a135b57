//! Calls without a server in between, for a bot in the same process whose runs must be the same every time.

use serde_json::{Map, Value, json};

use super::faults::Fault;
use super::refusal::Refusal;
use super::request::{Parameters, Upload};
use super::table;
use super::world::World;

/// The connection broke before an answer was there; the call may have been carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut;

impl World {
    /// Carries out a call with its files (name of the part, its own name, its content), faults and all, and gives the
    /// body of the answer. `getUpdates` must not ask to wait.
    pub async fn direct(
        &self,
        method: &str,
        values: Map<String, Value>,
        files: Vec<(String, String, Vec<u8>)>,
    ) -> Result<String, Cut> {
        self.direct_heard(method, values, files, true).await
    }

    /// As [`Self::direct`], for a call that the bot waits for no more: what it would have been told does not reach it.
    pub async fn direct_unheard(
        &self,
        method: &str,
        values: Map<String, Value>,
        files: Vec<(String, String, Vec<u8>)>,
    ) -> Result<String, Cut> {
        self.direct_heard(method, values, files, false).await
    }

    async fn direct_heard(
        &self,
        method: &str,
        values: Map<String, Value>,
        files: Vec<(String, String, Vec<u8>)>,
        waits: bool,
    ) -> Result<String, Cut> {
        let Some(method) = table::method_named(method) else {
            self.note_unknown(method);
            return Ok(body(Err(&Refusal::new(404, "Not Found: method not found"))));
        };
        let mut parameters = Parameters {
            values,
            ..Parameters::default()
        };
        for (part, file_name, bytes) in files {
            parameters.uploads.insert(part, Upload { file_name, bytes });
        }
        let fault = self.take_fault(method);
        if let Some(Fault::Delay(time)) = fault {
            self.clock().sleep(time).await;
        }
        if let Some(kept_off) = fault.filter(|fault| !fault.is_carried_out()) {
            self.turn_away(method, &parameters, kept_off, waits);
            return disturbed(fault, String::new());
        }
        let outcome = self.call(method, &parameters, fault, waits).await;
        disturbed(fault, body(outcome.as_ref()))
    }
}

fn body(outcome: Result<&Value, &Refusal>) -> String {
    match outcome {
        Ok(result) => json!({"ok": true, "result": result}).to_string(),
        Err(refusal) => refusal.envelope().to_string(),
    }
}

/// What arrives of an answer when the fault is played.
fn disturbed(fault: Option<Fault>, answer: String) -> Result<String, Cut> {
    match fault {
        None | Some(Fault::Delay(_) | Fault::SlowDrip { .. }) => Ok(answer),
        Some(Fault::CloseBeforeReading | Fault::ProcessThenClose | Fault::HalfBody) => Err(Cut),
        Some(Fault::EmptyBody) => Ok(String::new()),
        Some(Fault::Html502) => Ok("<html>502 Bad Gateway</html>".to_owned()),
        Some(kept_off) => Ok(kept_off
            .refusal()
            .map_or(answer, |refusal| body(Err(&refusal)))),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::clock::Clock;

    #[tokio::test]
    async fn a_direct_call_is_answered_and_disturbed_like_one_over_the_network() {
        let world = World::new(Clock::manual(
            DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
        ));
        world.add_user(7, "Li", "");
        world.start(7, "");
        let call = |text: &str| {
            let values = json!({"chat_id": 7, "text": text});
            world.direct(
                "SendMessage",
                values.as_object().unwrap().clone(),
                Vec::new(),
            )
        };
        let sent = call("one").await.unwrap();
        assert!(
            sent.starts_with(r#"{"ok":true"#) && sent.contains("one"),
            "{sent}"
        );
        world.fault("sendMessage", 1, Fault::ProcessThenClose);
        assert_eq!(call("two").await, Err(Cut));
        world.fault("sendMessage", 1, Fault::Status500);
        let refused = call("three").await.unwrap();
        assert!(refused.contains("Internal Server Error"), "{refused}");
        let texts: Vec<String> = world.messages(7).into_iter().map(|it| it.text).collect();
        assert_eq!(texts, ["/start", "one", "two"]);
        assert_eq!(world.violations(), []);
    }

    #[tokio::test]
    async fn a_retry_after_that_nobody_was_told_of_is_nobodys_to_keep() {
        let world = World::new(Clock::manual(
            DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
        ));
        world.add_user(7, "Li", "");
        world.start(7, "");
        let values = json!({"chat_id": 7, "text": "one"});
        let values = values.as_object().unwrap();
        world.fault("sendMessage", 1, Fault::TooManyRequests(38));
        let late = world.direct_unheard("SendMessage", values.clone(), Vec::new());
        late.await.unwrap();
        let call = || world.direct("SendMessage", values.clone(), Vec::new());
        let refused = call().await.unwrap();
        assert!(refused.contains("retry after"), "{refused}");
        assert_eq!(world.violations(), [], "it heard of it only now");
        call().await.unwrap();
        assert_eq!(world.violations().len(), 1, "and came back at once");
    }
}
