//! The gateway behind a real listener, and a client that sends raw bytes.

use std::net::SocketAddr;

use domain::request_id::RequestId;
use gateway::Gateway;
use http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use web::{Body, Visit};

use crate::house::House;

/// The gateway on a port.
pub struct Listener {
    pub address: SocketAddr,
    _tasks: JoinSet<()>,
}

pub async fn listen(house: &House) -> Listener {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("an address");
    let (gateway, clock, entropy) = (house.gateway.clone(), house.hands.clock(), house.entropy.clone());
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            let (stream, peer) = listener.accept().await.expect("accepts");
            stream.set_nodelay(true).expect("sets");
            let (gateway, clock, entropy): (Gateway, _, _) = (gateway.clone(), clock.clone(), entropy.clone());
            connections.spawn(async move {
                let service = hyper::service::service_fn(move |request: Request<Incoming>| {
                    let at = clock.now();
                    let visit = Visit { id: RequestId::new(at, &entropy), at, address: peer.ip(), secure: false };
                    let gateway = gateway.clone();
                    async move { Ok::<_, std::convert::Infallible>(gateway.handle(request.map(Body::from), visit).await) }
                });
                let mut server = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                server.http1().timer(TokioTimer::new());
                let _ = server.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    Listener { address, _tasks: tasks }
}

impl Listener {
    pub async fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).await.expect("connects");
        stream.set_nodelay(true).expect("sets");
        stream
    }

    /// Sends bytes and reads until the gateway closes the connection, which it must.
    pub async fn exchange(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect().await;
        // The gateway may close before it has read everything.
        let _ = stream.write_all(bytes.as_ref()).await;
        let reading = tokio::time::timeout(std::time::Duration::from_secs(10), read_to_end(&mut stream));
        reading.await.unwrap_or_else(|_| panic!("still open after {:?}", String::from_utf8_lossy(bytes.as_ref())))
    }
}

pub async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(n @ 1..) = stream.read(&mut buffer).await {
        answer.extend_from_slice(&buffer[..n]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// Reads until `end` has come.
pub async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while !String::from_utf8_lossy(&answer).contains(end) {
        match stream.read(&mut buffer).await {
            Ok(n @ 1..) => answer.extend_from_slice(&buffer[..n]),
            _ => panic!("ended before {end:?}: {}", String::from_utf8_lossy(&answer)),
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// The statuses of the answers in a stream of bytes.
pub fn statuses(answer: &str) -> Vec<u16> {
    answer.split("HTTP/1.").skip(1).filter_map(|rest| rest.get(2..5)?.parse().ok()).collect()
}
