"""The processes that this launcher has started: each in a group of its own, none left behind."""
import contextlib
import os
import signal
import subprocess

_running = set()


def start(command, **options):
    """Start a process in a group of its own, so that its children can be ended with it.

    :param options: passed to :class:`subprocess.Popen`
    """
    process = subprocess.Popen([os.fspath(part) for part in command], start_new_session=True, **options)
    _running.add(process)
    return process


def end(process, patience=20):
    """End a process with its whole group: first politely, then for sure."""
    if process.poll() is None:
        _signal(process, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    _signal(process, signal.SIGKILL)
    process.wait()
    _running.discard(process)


def end_all():
    """End everything that still runs; for an interruption while several threads wait for theirs."""
    for process in list(_running):
        end(process, patience=5)


def _signal(process, number):
    """Send a signal to the process's group; one that has gone needs none."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def interrupt_on_termination():
    """Let a termination end this launcher as Ctrl-C does, so that it cleans up."""
    def interrupt(*_):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
