"""One run that something happens to, and whether its end is one of those that are allowed. Of a dump: a whole one that
verifies and equals the reference, or status 1 and nothing left."""
import hashlib
import os
import subprocess
import time

SECONDS = 60  # for a run: an order of magnitude more than it takes
WHOLE, FAILED, DIFFERENT = "whole", "failed", "different"


class Wrong(Exception):
    """An end that must not be."""


def empty(folder):
    os.makedirs(folder, exist_ok=True)
    for name in os.listdir(folder):
        os.unlink(os.path.join(folder, name))


def execute(command, environment=None):
    """Runs `command` to an end that can be: status 0, or 1 with an error. Returns the process and what it told."""
    env = dict(os.environ, **(environment or {}))
    for options in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):  # or undefined behaviour would end with 1, too
        env[options] = "exitcode=99:" + env.get(options, "")
    began = time.monotonic()
    try:
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired as late:
        raise Wrong(f"it did not end within {SECONDS} s:\n{(late.stderr or b'').decode(errors='replace')}") from None
    text = done.stderr.decode(errors="replace")
    if done.returncode not in (0, 1) or "Sanitizer" in text or "runtime error: " in text:
        raise Wrong(f"it ended with {done.returncode} after {time.monotonic() - began:.1f} s:\n{text[-3000:]}")
    if done.returncode == 1 and "error: " not in text:
        raise Wrong(f"it failed without an error:\n{text[-2000:]}")
    return done, text


def run(command, folder, reference, environment=None, differing=False):
    """Runs `command`, which dumps to folder/out.sql. With `differing`, a dump with other bytes may be whole as well."""
    empty(folder)
    done, text = execute(command, environment)
    files = sorted(os.listdir(folder))
    if done.returncode == 0:
        return whole(command[0], folder, files, reference, differing, text)
    if files:
        raise Wrong(f"it failed, and left {files}:\n{text[-2000:]}")
    return FAILED


def whole(program, folder, files, reference, differing, text):
    if files != ["out.sql", "out.sql.manifest.json", "out.sql.sha256"]:
        raise Wrong(f"it ended well, and left {files}:\n{text[-2000:]}")
    with open(os.path.join(folder, "out.sql"), "rb") as file:
        content = file.read()
    with open(os.path.join(folder, "out.sql.sha256"), encoding="ascii") as file:
        if file.read() != hashlib.sha256(content).hexdigest() + "  out.sql\n":
            raise Wrong("the digest is not the file's")
    if not content.rstrip(b"\n").endswith(b"\n-- PostgreSQL database dump complete\n--"):
        raise Wrong("the closing line is missing")
    verify = subprocess.run([program, "verify", os.path.join(folder, "out.sql")], capture_output=True, timeout=SECONDS)
    if verify.returncode != 0:
        raise Wrong(f"it can't be verified, {verify.returncode}:\n{verify.stderr.decode(errors='replace')[-2000:]}")
    if content == reference:
        return WHOLE
    if not differing:
        raise Wrong(f"the dump is another one than the reference: {len(content)} bytes, not {len(reference)}:\n{text[-2000:]}")
    return DIFFERENT
