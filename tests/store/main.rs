//! One story, told to all three stores: memory, a SQLite file, and PostgreSQL where `DUBAN_TEST_POSTGRES_URL` names one.
#![expect(clippy::unwrap_used, reason = "a chapter that cannot go on has failed")]
#![expect(clippy::too_many_lines, reason = "a chapter is told in one piece")]

mod caching;
mod commit;
mod deciding;
mod home;
mod inbox;
mod keeping;
mod moving;
mod opening;
mod outbox;
mod plans;
mod queues;
mod removing;
mod restoring;
mod rows;
mod sending;
mod team;
mod twins;

use std::future::Future;

use home::Home;

/// A test for every chapter and store, and the list of all chapters.
macro_rules! story {
    ($($part:ident: $($chapter:ident)+;)+) => {
        mod memory {
            $($(
                #[tokio::test]
                async fn $chapter() {
                    super::tell(super::Home::memory(), super::$part::$chapter).await;
                }
            )+)+
        }

        mod sqlite {
            $($(
                #[tokio::test]
                async fn $chapter() {
                    super::tell(super::Home::sqlite(), super::$part::$chapter).await;
                }
            )+)+
        }

        mod postgres {
            $($(
                #[tokio::test]
                async fn $chapter() {
                    if let Some(home) = super::Home::postgres(stringify!($chapter)).await {
                        super::tell(home, super::$part::$chapter).await;
                    }
                }
            )+)+
        }

        async fn tell_all_on_sqlite() {
            $($(tell(Home::sqlite(), $part::$chapter).await;)+)+
        }
    };
}

story! {
    inbox:
        an_update_received_twice_is_kept_once
        updates_of_a_chat_come_in_order_and_chats_do_not_wait_for_each_other
        attempts_are_counted_before_the_work_and_outlive_it
        an_update_set_aside_lets_its_chat_go_on
        polling_goes_on_behind_the_last_update_of_the_week;
    commit:
        everything_of_an_event_is_there_when_the_program_starts_again
        one_bad_event_in_a_group_leaves_the_others_alone
        writers_at_once_leave_no_gap_in_the_chain
        an_entry_on_another_head_with_the_same_number_is_refused
        a_commit_cut_off_anywhere_is_there_whole_or_not_at_all
        texts_kept_from_older_entries_are_put_back
        words_of_every_kind_come_back_in_their_places
        a_text_that_does_not_fit_its_digest_stays_blank
        task_forces_never_see_each_other
        keys_are_given_out_once_and_given_back;
    deciding:
        of_two_who_decide_at_once_the_first_counts_and_the_second_sees_whose
        of_two_who_end_a_meeting_at_once_the_first_counts_and_the_second_sees_whose;
    outbox:
        a_chat_is_served_in_order_and_chats_by_priority
        an_answer_passes_a_digest_nobody_has_started_on
        a_row_whose_time_has_not_come_holds_nobody_up
        a_row_put_off_after_an_unknown_outcome_holds_nobody_up
        a_row_to_be_tried_again_holds_its_chat_up
        senders_at_once_never_have_the_same_chat
        chats_to_skip_and_low_priorities_are_left_for_later
        held_chats_wait_and_so_do_all_when_all_are_held
        the_sender_sleeps_until_something_may_be_sent
        parts_behind_an_unknown_outcome_wait_until_the_office_decides;
    sending:
        what_was_sent_is_found_by_message_and_slot
        a_lease_that_ran_out_is_an_unknown_outcome
        a_lost_lease_settles_nothing
        unknown_outcomes_are_sent_again_or_wait_for_the_office
        the_office_decides_once_about_an_unknown_outcome
        a_row_may_be_withdrawn_or_replaced_when_it_is_claimed
        waiting_rows_are_withdrawn_and_others_are_not
        a_refused_row_is_dead_and_keeps_its_keys
        what_became_of_rows_is_counted_from_a_day_on
        a_group_that_became_a_supergroup_keeps_its_messages;
    keeping:
        digests_keep_every_version
        facts_are_found_by_the_beginning_of_their_names
        conversations_are_replaced_and_forgotten
        words_that_look_like_sql_stay_words
        keys_are_read_from_a_day_on_and_stay_taken_before_it
        what_is_old_expires_and_digests_do_not;
    caching:
        what_leads_to_a_task_force_is_replaced_as_a_whole
        a_wakeup_is_brought_forward_by_what_is_committed_and_put_off_only_as_it_was
        wakeups_come_a_page_at_a_time_soonest_first;
    queues:
        what_waits_is_counted_with_its_age;
    removing:
        removed_words_are_blank_wherever_they_stood_and_the_chain_verifies
        rows_updates_and_digests_lose_removed_words_with_the_act
        a_row_under_way_goes_out_again_and_its_sender_cannot_settle_it;
    restoring:
        what_was_on_its_way_in_a_copy_is_not_sent_and_gives_its_keys_back
        updates_that_were_kept_are_taken_up_again_in_their_order
        a_ledger_is_read_over_the_numbers_that_were_lost;
    team:
        a_lease_has_one_holder_and_the_next_after_it_ran_out
        who_lost_the_lease_claims_no_row
        rows_of_a_sender_that_died_are_free_when_nobody_else_can_be_sending
        a_lane_is_worked_on_by_one_process_at_a_time
        an_attempt_that_failed_for_the_databases_sake_is_put_back
        a_talk_that_another_has_changed_is_not_written_over
        an_album_is_known_for_a_day_to_all
        what_one_process_commits_the_others_hear;
}

async fn tell<Told>(home: Home, chapter: impl FnOnce(Home) -> Told)
where
    Told: Future<Output = ()> + Send + 'static,
{
    let told = tokio::spawn(chapter(home.clone())).await;
    home.leave().await;
    if let Err(failed) = told {
        std::panic::resume_unwind(failed.into_panic());
    }
}
