"""The database as it is on an ordinary day, and the processor's time, which leaves out what else the machine does meanwhile."""
import os
import time
from pathlib import Path


class Clock:
    """What the processor works for us: in this process and in the database's that serves it.

    :param cr: the cursor whose backend is meant; on Linux, with the database on this machine
    """

    def __init__(self, cr):
        cr.execute("SELECT pg_backend_pid()")
        [backend] = cr.fetchone()
        self.stat = Path(f"/proc/{backend}/stat")

    def __call__(self):
        """Seconds so far."""
        ticks = self.stat.read_text(encoding="ascii").rsplit(")", 1)[1].split()[11:13]
        return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def tidy(env, *tables):
    """Commit, and clean up as the database does by itself in the course of a day: nobody's rows are all from one transaction.

    :param tables: names of tables; all where there is none
    """
    env.cr.precommit.run()
    env.invalidate_all()
    env.cr.commit()
    connection = env.cr._cnx
    connection.autocommit = True
    env.cr.execute(f"VACUUM ANALYZE {', '.join(tables)}")
    connection.autocommit = False
