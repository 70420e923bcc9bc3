"""Template databases: built once per digest of what goes in, then copied.

The first holds the modules of others that our addons need; from it come one with our addons, for the tests, and one
with the Italian demo programme on top, for everything a person looks at.
"""
from . import manifests, odoo_process, paths
from .database import owner
from .errors import CittaError, disk_full
from .progress import Step, StepFailed, say

TEMPLATE_VERSION = "3"  # raise it when the way templates are built changes
KEPT_TEMPLATES = 2
LANGUAGE = "it_IT"
DEMO_FAILED = "demo data failed to install"
DEMO_MODULES = ("payment_demo",)  # what the demo programme shows more by: a provider that takes invented cards
SCRIPTS = paths.CONFIG / "launcher"


def server_pins(requirements):
    """The requirements that a database can depend on: all but the test tools.

    >>> server_pins("# Odoo\\nlxml==6\\n\\n# Tests and linters\\nruff==1\\n\\n# --no-deps: OCA\\nb==2\\n")
    ['lxml==6', 'b==2']
    """
    sections = [section.splitlines() for section in requirements.split("\n\n")]
    kept = [lines for lines in sections if lines and not lines[0].startswith("# Tests")]
    return [line for lines in kept for line in lines if not line.startswith("#")]


class Templates:
    """The template databases, each named by the digest of what it was built from."""

    def __init__(self, databases):
        self.databases = databases
        source = databases.source
        pins = server_pins(paths.REQUIREMENTS.read_text(encoding="utf-8"))
        self.deps_digest = paths.digest(TEMPLATE_VERSION, source.checksum, *pins, *manifests.third_party())
        self.addons_digest = manifests.addons_digest()

    def deps(self):
        """The template with all modules of others that our addons need, Italian loaded, no demo data."""
        modules = manifests.third_party()
        name = f"citta_deps_{self.deps_digest}"
        return self._ensure(name, "Odoo with %d modules that ours depend on" % len(modules), None, self._build_deps)

    def app(self, demo):
        """The template with our addons installed.

        :param demo: with the Italian demo programme
        """
        kind = "demo" if demo else "app"
        name = f"citta_{kind}_{paths.digest(self.deps_digest, self.addons_digest, *(DEMO_MODULES if demo else ()))}"
        if self.databases.info(name) is None:
            self.deps()
        title = "our addons with the demo programme" if demo else "our addons"
        return self._ensure(name, title, f"citta_deps_{self.deps_digest}", self._build_demo if demo else self._build_app)

    def _ensure(self, name, title, template, build):
        """Build a template under another name and rename it when it is complete; launchers take turns."""
        if self.databases.info(name):
            return name
        with paths.lock(name, waiting=lambda: say("Waiting for another ./citta that builds this …")):
            if not self.databases.info(name):
                self._make(name, title, template, build)
        return name

    def _make(self, name, title, template, build):
        """Build one template; what an interrupted or failed build left is dropped."""
        self.databases.require_ours(name)
        part = name + "_part"
        with Step(title, name) as step:
            self.databases.drop(part)
            self.databases.create(part, template or "template0", kind="building", **owner())
            try:
                build(part, step)
            except StepFailed as failure:
                raise self._failed(failure, part) from failure
            self.databases.rename(part, name)
            self.databases.mark(name, kind="template", deps=self.deps_digest, addons=self.addons_digest)
        self._forget_old(name)

    def _failed(self, failure, part):
        """The error for an installation that failed, with the first error line of Odoo's log."""
        if "No space left on device" in failure.output:
            return disk_full(paths.cache())
        self.databases.drop(part)
        why = odoo_process.reason(failure.output)
        return CittaError(f"the addons could not be installed: {why}", "read Odoo's log below.", failure.log)

    def _forget_old(self, name):
        """Drop older templates of the same kind but the newest ones."""
        prefix = name[:name.rindex("_") + 1]
        same = [other for other, mark in self.databases.ours(prefix).items() if mark.get("kind") == "template"]
        for old in same[:-KEPT_TEMPLATES]:
            self.databases.drop(old)

    # ------------------------------------------------------------ what is installed

    def odoo(self, step, database, *options):
        """Run Odoo to its end on a database and fail on any error line of its log.

        :raises StepFailed: when Odoo ends with an error or has logged one
        :raises CittaError: when demo data could not be loaded
        """
        command = odoo_process.command(database, "--stop-after-init", "--no-http", "--max-cron-threads", "0", *options)
        env = odoo_process.variables(self.databases.server, quick=True)
        output = step.run(command, pick=odoo_process.loading_line, env=env, cwd=paths.ROOT)
        if odoo_process.bad_lines(output):
            raise StepFailed(command, 0, output, step.log_path)
        if DEMO_FAILED in output:  # Odoo only warns, and goes on without
            why = last_line(output[output.index(DEMO_FAILED):])
            raise CittaError(f"the demo data could not be loaded: {why}", "read Odoo's log below.", step.log_path)

    def _script(self, step, database, label, name, call):
        """Feed a script of ours to Odoo's shell, and then a call of one of its functions."""
        step.tick(label)
        command = odoo_process.command(database, "--no-http")
        command[command.index("server")] = "shell"
        env = odoo_process.variables(self.databases.server, quick=True)
        script = (SCRIPTS / name).read_text(encoding="utf-8") + f"\n\n{call}\n"
        output = step.run(command, pick=lambda _line: None, env=env, cwd=paths.ROOT, feed=script)
        if odoo_process.bad_lines(output) or "Traceback" in output:
            raise StepFailed(command, 0, output, step.log_path)

    def _assets(self, step, database):
        """Build the bundles of styles and scripts, of which nearly all hold something of ours."""
        self._script(step, database, "styles and scripts", "odoo_assets.py", "build(env)")

    def _build_deps(self, database, step):
        modules = ["base", *manifests.third_party()]
        self.odoo(step, database, "--init", ",".join(modules), "--load-language", LANGUAGE)
        self._script(step, database, "Italian chart of accounts", "odoo_company.py", "make_italian(env)")

    def _build_app(self, database, step):
        self.odoo(step, database, "--init", ",".join(manifests.ours()))
        self._assets(step, database)

    def _build_demo(self, database, step):
        """Install our addons with demo data though the modules below have none.

        Odoo loads a module's demo data when all its dependencies have theirs; so they are marked as having it for
        the time of the installation.
        """
        ours = tuple(manifests.ours())
        with self.databases.cursor(database) as cursor:
            cursor.execute("UPDATE ir_module_module SET demo = true WHERE state = 'installed'")
        self.odoo(step, database, "--init", ",".join((*ours, *DEMO_MODULES)))
        with self.databases.cursor(database) as cursor:
            cursor.execute("UPDATE ir_module_module SET demo = (name IN %s)", [ours])
        self._assets(step, database)

    def update(self, database, step, everything=False):
        """Update our addons in a database whose addons have changed since.

        :param everything: update the modules of others too, because Odoo or its addons have changed
        """
        self.odoo(step, database, "--update", "base" if everything else ",".join(manifests.ours()))


def last_line(text):
    """The last line of the first traceback in a piece of log.

    >>> last_line("failed\\nTraceback\\n  File x\\nValueError: no\\n2026-01-01 10:00:00,000 1 INFO db a.b: x")
    'ValueError: no'
    """
    lines = []
    for line in text.splitlines():
        if odoo_process.LOG_LINE.match(line):
            break
        lines.append(line)
    return [line for line in lines if line.strip()][-1].strip()
