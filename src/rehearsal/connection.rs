//! Connections that can be cut, halved and slowed on demand, below HTTP, where real networks fail.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use crate::clock::Clock;

/// What happens to the bytes written from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// They go through.
    Open,
    /// The connection breaks.
    Cut,
    /// The head of the answer and half its body go through, then the connection breaks.
    Half,
    /// So many at a time, with a pause between.
    Drip { bytes: usize, pause: Duration },
}

/// The handle of one connection for whoever answers on it.
#[derive(Debug, Clone)]
pub(super) struct Line(Arc<Mutex<Flow>>);

impl Line {
    pub fn set(&self, flow: Flow) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = flow;
    }

    fn flow(&self) -> Flow {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connected<IncomingStream<'_, Doors>> for Line {
    fn connect_info(stream: IncomingStream<'_, Doors>) -> Self {
        stream.io().line.clone()
    }
}

/// Accepts connections and gives each its [`Line`].
#[derive(Debug)]
pub(super) struct Doors {
    pub listener: TcpListener,
    pub clock: Clock,
}

impl Listener for Doors {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        let (stream, from) = Listener::accept(&mut self.listener).await;
        // Small answers must not wait for more; a failure costs only speed.
        let _ = stream.set_nodelay(true);
        (
            Wire {
                stream,
                line: Line(Arc::new(Mutex::new(Flow::Open))),
                clock: self.clock.clone(),
                pause: None,
            },
            from,
        )
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A TCP connection whose writing obeys its [`Line`].
pub(super) struct Wire {
    stream: TcpStream,
    line: Line,
    clock: Clock,
    pause: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire")
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.line.flow() {
            Flow::Open => Pin::new(&mut self.stream).poll_write(context, bytes),
            Flow::Cut => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
            Flow::Half => {
                let body = bytes
                    .windows(4)
                    .position(|end| end == b"\r\n\r\n")
                    .map_or(0, |at| at + 4);
                let written = ready!(
                    Pin::new(&mut self.stream)
                        .poll_write(context, &bytes[..body + (bytes.len() - body) / 2])
                )?;
                self.line.set(Flow::Cut);
                Poll::Ready(Ok(written))
            }
            Flow::Drip { bytes: many, pause } => {
                if let Some(waiting) = &mut self.pause {
                    ready!(waiting.as_mut().poll(context));
                    self.pause = None;
                }
                let many = many.clamp(1, bytes.len().max(1)).min(bytes.len());
                let written =
                    ready!(Pin::new(&mut self.stream).poll_write(context, &bytes[..many]))?;
                let clock = self.clock.clone();
                self.pause = Some(Box::pin(async move { clock.sleep(pause).await }));
                Poll::Ready(Ok(written))
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
