//! Tests of the schedule: days pass through `due` as they do in earnest, one line a notice.

mod answers;
mod baseline;
mod budget;
mod downtime;
mod ladder;
mod limits;
mod matters;
mod meetings;
mod people;
mod put_off;
mod report;
mod requests;
mod slips;
mod still;
mod world;
mod year;
