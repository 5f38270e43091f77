//! nginx as a proxy that checks nothing: the bar a gateway would like to reach.

use std::{fs, net::SocketAddr, path::Path};

use anyhow::{Context as _, Result};

use crate::{
    cores::Cores,
    server::{self, Server},
};

/// Starts it on one process with all of its files under `folder`.
pub async fn start(folder: &Path, origin: SocketAddr, cores: Cores) -> Result<Server> {
    let folder = folder.join("nginx");
    fs::create_dir(&folder)?;
    let [address] = server::free_ports()?;
    let place = folder.display();
    // One process, so that its processor time is in one place.
    let config = format!(
        "daemon off; master_process off; worker_processes 1; pid {place}/pid; error_log stderr crit;
        events {{ worker_connections 2048; }}
        http {{
            access_log off; keepalive_requests 1000000000; tcp_nodelay on;
            client_body_temp_path {place}/body; proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/fastcgi;
            uwsgi_temp_path {place}/uwsgi; scgi_temp_path {place}/scgi;
            upstream origin {{ server {origin}; keepalive 256; keepalive_requests 1000000000; }}
            server {{
                listen {address};
                location / {{ proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection \"\"; }}
            }}
        }}\n"
    );
    let file = folder.join("nginx.conf");
    fs::write(&file, config)?;
    let mut command = cores.of_server("nginx");
    command.arg("-p").arg(&folder).arg("-c").arg(&file).arg("-e").arg("stderr");
    Server::other(command, address, address).await.context("nginx (is it on the PATH?)")
}
