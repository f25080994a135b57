//! Lines of the service itself: a message we could not work off, which task force is meant, what is too long for messages.

use super::{Button, Html, Message};

/// Our mistake while handling what somebody wrote: they are asked to repeat it.
pub fn please_repeat() -> Message {
    Message::text(
        Html::new()
            .text("抱歉，您刚才的内容没有处理成功，请再发一次。若仍不行，请告诉专班办公室。"),
    )
}

/// An account that belongs to several task forces is asked once which is meant: (button data, name).
pub fn choose_task_force(choices: &[(String, String)]) -> Message {
    let html = Html::new().text("您在多个专班里，现在要办哪一个专班的事？选好后请再发一次刚才的内容。以后发 /switch 可以换。");
    let buttons = choices
        .iter()
        .map(|(data, name)| vec![Button::press(name, data)]);
    buttons.fold(Message::text(html), Message::row)
}

/// Said to the press that chose; none when the person is not in that task force.
pub fn chosen(name: Option<&str>) -> String {
    match name {
        Some(name) => format!("好，现在办的是：{name}。请继续。"),
        None => "您不在这个专班里，没有切换。".to_owned(),
    }
}

/// Name and caption of what is too long for messages.
pub fn document_name_and_caption(number: usize) -> (String, String) {
    (
        "详情.txt".to_owned(),
        format!("内容较长（{number} 条），已放入文件。"),
    )
}
