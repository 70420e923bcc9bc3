"""An nginx to check the proxy's configuration with: the machine's own, else Debian's package unpacked into the cache, without root.

The package is never installed: installing it would start a server.
"""
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from .source import ROOT

PROXY = ROOT / "config" / "proxy"
HOST = "lavoro.example.org"


def binary():
    """The path of an nginx that runs.

    :raises AssertionError: with the remedy, when none can be had: a check that cannot run must not pass
    """
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")
    if found:
        return found
    sys.path.insert(0, str(ROOT / "config"))
    from launcher import paths
    home = paths.folder("nginx")
    unpacked = home / "usr" / "sbin" / "nginx"
    if not unpacked.exists():
        _unpack(home, paths)
    assert unpacked.exists(), "no nginx for the check of the proxy: bring the machine to the network, or install Debian's package nginx"
    return str(unpacked)


def _unpack(home, paths):
    """Download Debian's package by the machine's own apt, else by the launcher's private one, and unpack it."""
    command = ["apt-get", "download", "nginx"]
    deb = None
    if shutil.which("apt-get") and subprocess.run(command, cwd=home, capture_output=True, check=False).returncode == 0:
        deb = next(home.glob("nginx_*.deb"))
    else:
        from launcher import debian, progress
        with progress.Step("nginx for the check of the proxy", "nginx") as step:
            apt = debian.PrivateApt()
            apt.update(step)
            deb = apt.download(step, ["nginx"], "nginx")[0]
    subprocess.run(["dpkg-deb", "-x", str(deb), str(home)], check=True)


def free_ports(count):
    """Ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def configuration(folder, plain, tls, health, odoo, live):
    """Write the server's configuration for this machine: other paths and ports, nothing else; returns the main file."""
    subprocess.run(["sh", str(PROXY / "self-signed.sh"), str(folder / "secrets"), HOST], check=True, capture_output=True)
    (folder / "secrets" / "fullchain.pem").rename(folder / "secrets" / "tls_certificate")
    (folder / "secrets" / "privkey.pem").rename(folder / "secrets" / "tls_key")
    (folder / "mime.types").write_text("types { text/css css; }\n", encoding="utf-8")
    places = {
        "/etc/nginx": folder, "/run/secrets": folder / "secrets", "/var/cache/nginx": folder / "cache", "/var/www/acme": folder / "acme",
        "/tmp": folder / "tmp", "${CITTA_HOST}": HOST, "http://odoo:8069": f"http://127.0.0.1:{odoo}",
        "http://odoo:8072": f"http://127.0.0.1:{live}", "listen 127.0.0.1:8081": f"listen 127.0.0.1:{health}",
        "listen 8080": f"listen 127.0.0.1:{plain}", "listen 8443": f"listen 127.0.0.1:{tls}",
    }
    for name in ("tmp", "cache", "acme", "conf.d", "snippets"):
        (folder / name).mkdir()
    pattern = re.compile("|".join(re.escape(one) for one in sorted(places, key=len, reverse=True)))
    targets = {PROXY / "nginx.conf": folder / "nginx.conf", PROXY / "templates" / "citta.conf.template": folder / "conf.d" / "citta.conf"}
    targets.update({path: folder / "snippets" / path.name for path in (PROXY / "snippets").glob("*.conf")})
    for origin, target in targets.items():
        target.write_text(pattern.sub(lambda match: str(places[match.group()]), origin.read_text(encoding="utf-8")), encoding="utf-8")
    return folder / "nginx.conf"


def command(conf, *arguments):
    """The command line; as root the worker stays root, because a test's folder is closed to others."""
    who = " user root;" if Path("/proc/self").stat().st_uid == 0 else ""
    return [binary(), "-p", str(conf.parent), "-c", str(conf), "-g", f"daemon off;{who}", *arguments]


def wait_for(port, log):
    """Wait until nginx listens; its log tells why it does not."""
    for _try in range(100):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"nginx does not listen on port {port}: {log.read_text(encoding='utf-8')}")
