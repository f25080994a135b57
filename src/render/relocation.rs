//! What the clerk reads while a database is moved.

/// The first line.
pub fn from_to(from: &str, to: &str) -> String {
    format!("迁移：{from} → {to}")
}

/// A table was carried over.
pub fn table(name: &str, rows: u64) -> String {
    format!("  {name} {rows} 行，逐行核对一致")
}

/// A chain verified on both sides.
pub fn chain(task_force: &str, entries: u64, head: &str) -> String {
    format!("{task_force}：台账 {entries} 条，链头 {head}，两边均校验通过")
}

/// The last lines: what to change.
pub fn done(rows: u64, to: &str) -> String {
    format!(
        "迁移完成，共 {rows} 行。请把 DATABASE_URL（或 DATABASE_URL_FILE 指向的文件）改为新库 {to}，再启动 duban。\n\
         旧库未作改动，请改名存档；不要再用旧库启动，否则同一消息会发两遍。"
    )
}

/// There is no such file.
pub fn no_source(path: &str) -> String {
    format!("没有数据库 {path}。请检查 --from 的路径。")
}

/// Others are connected.
pub fn in_use(others: Option<i64>) -> String {
    let others = others.map_or(String::new(), |others| format!("（另有 {others} 个连接）"));
    format!(
        "源数据库正在使用{others}，没有迁移。请先停止所有 duban（systemctl stop duban）并关闭其他打开它的程序。\n\
         查看是谁在用：SQLite 用 fuser 数据库文件；PostgreSQL 用 SELECT pid, application_name, client_addr FROM pg_stat_activity。"
    )
}

/// The target holds something.
pub fn not_empty(table: &str, rows: u64) -> String {
    format!("目标数据库不是空的：表 {table} 已有 {rows} 行，没有迁移。请新建一个空数据库。")
}
