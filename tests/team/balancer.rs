//! What stands before the processes: each connection goes to the next of them that listens. Nothing is tried twice; Telegram
//! does that.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

/// A port that nobody listens on now.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Passes connections on to these ports, one after the other, as long as the runtime lives. Gives its own port.
pub async fn start(ports: Vec<u16>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let next = Arc::new(AtomicUsize::new(0));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(pass_on(stream, ports.clone(), next.clone()));
        }
    });
    port
}

async fn pass_on(mut stream: TcpStream, ports: Vec<u16>, next: Arc<AtomicUsize>) {
    for _ in 0..ports.len() {
        let port = ports[next.fetch_add(1, Ordering::Relaxed) % ports.len()];
        if let Ok(mut process) = TcpStream::connect(("127.0.0.1", port)).await {
            // One that is killed breaks the connection, and the one who posted hears of it.
            let _ = copy_bidirectional(&mut stream, &mut process).await;
            return;
        }
    }
}
