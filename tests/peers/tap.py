"""The lines of a test, "ok 1 - what it says", and at its end: raise SystemExit(end())."""

_taps = _failures = 0


def tap(ok, text):
    global _taps, _failures
    _taps += 1
    _failures += not ok
    print(f"{'ok' if ok else 'not ok'} {_taps} - {text}", flush=True)


def near(name, difference, most):
    """Numbers of two programs that differ by no more than `most`."""
    tap(difference <= most, f"{name}: {difference:.3g} <= {most:g}")


def skip(name, why):
    tap(True, f"{name} # SKIP {why}")


def failed():
    """Whether anything has, as an exit status."""
    return int(_failures > 0)


def end():
    """The same, after the line that says how many there were."""
    print(f"1..{_taps}", flush=True)
    return failed()
