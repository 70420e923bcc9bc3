"""Progress of long steps: a moving line on a terminal, a line now and then elsewhere, everything in a log file."""
import subprocess
import sys
import time

from . import children, paths
from .errors import CittaError

QUIET_SECONDS = 20
WIDTH = 110


def say(text=""):
    """Print a line at once, also when the output goes to a file."""
    print(text, flush=True)


class Step:
    """One long step: prints its name, what it is doing now, and how long it took.

    :param title: what is being done, as the user reads it
    :param name: short name of the log file
    """

    def __init__(self, title, name):
        self.title = title
        self.log_path = paths.folder("logs") / (f"{name}.log")
        self.started = time.monotonic()
        self.shown = self.started
        self.tty = sys.stdout.isatty()

    def __enter__(self):
        say(f"» {self.title} …")
        return self

    def __exit__(self, kind, value, trace):
        if self.tty:
            sys.stdout.write("\r\033[K")
        if kind is None:
            say("  done in %d s" % (time.monotonic() - self.started))
        return False

    def tick(self, text):
        """Show what the step is doing now."""
        now = time.monotonic()
        line = "  %4d s  %s" % (now - self.started, text.strip())
        if self.tty and now - self.shown > 0.1:
            sys.stdout.write("\r\033[K" + line[:WIDTH])
            sys.stdout.flush()
            self.shown = now
        elif not self.tty and now - self.shown > QUIET_SECONDS:
            say(line[:WIDTH])
            self.shown = now

    def run(self, command, pick=None, env=None, cwd=None, feed=""):
        """Run a command; its output goes to the log and, one line at a time, to the progress line.

        :param feed: text for the command's standard input
        :param pick: function that turns an output line into what is shown, or returns None to show nothing
        :returns: the command's whole output
        :raises StepFailed: when the command ends with an error
        """
        lines = []
        with open(self.log_path, "a", encoding="utf-8", errors="replace") as log:
            log.write("\n$ {}\n".format(" ".join(map(str, command))))
            process = start(command, env=env, cwd=cwd)
            try:
                process.stdin.write(feed)
                process.stdin.close()
                for line in process.stdout:
                    log.write(line)
                    lines.append(line)
                    shown = pick(line) if pick else line
                    if shown:
                        self.tick(shown)
                code = process.wait()
            finally:
                children.end(process)
        if code:
            raise StepFailed(command, code, "".join(lines), self.log_path)
        return "".join(lines)


def start(command, env=None, cwd=None):
    """Start a command with its whole output, as text, in one pipe."""
    try:
        return children.start(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.PIPE, text=True,
            encoding="utf-8", errors="replace", env=env, cwd=cwd,
        )
    except FileNotFoundError as error:
        raise CittaError(
            f"the program {command[0]} is missing on this machine.", "install it with the system's package manager.",
        ) from error


class StepFailed(Exception):
    """A command of a step ended with an error; carries its output, to be explained by who knows what it meant."""

    def __init__(self, command, code, output, log):
        super().__init__(f"{command[0]} ended with {code}")
        self.output = output
        self.log = log
