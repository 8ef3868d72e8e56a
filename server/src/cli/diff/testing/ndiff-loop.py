"""Runs the real ndiff over many pairs of files in one process: a start of its own costs 60 ms.

One JSON object a line comes in ({"before": path, "after": path, "verbose": bool}), one goes out
({"text", "xml", "code"}). What makes ndiff 7.93 fail under Python 3 is mended as it was meant:
scripts are ordered by what __cmp__ says, and a list is more than 0 when it holds anything.
"""
import io
import json
import sys

out = sys.stdout
said = io.StringIO()
# ndiff takes the standard output of when it is imported for that of its functions.
sys.stdout = said
import ndiff  # noqa: E402


class Differences(list):
    def __gt__(self, number):
        return len(self) > number


def script_order(one, other):
    return (one.id, one.output) < (other.id, other.output)


compare = ndiff.ScriptResultDiff.diff_lists
ndiff.ScriptResultDiff.diff_lists = staticmethod(lambda a, b: Differences(compare(a, b)))
ndiff.ScriptResult.__lt__ = script_order


def run(kind, job):
    scans = [ndiff.Scan(), ndiff.Scan()]
    for scan, path in zip(scans, (job["before"], job["after"])):
        with open(path, encoding="utf-8") as file:
            scan.load(file)
    said.seek(0)
    said.truncate()
    cost = kind(scans[0], scans[1], said).output()
    return said.getvalue(), 1 if cost > 0 else 0


for line in sys.stdin:
    job = json.loads(line)
    ndiff.verbose = job["verbose"]
    text, code = run(ndiff.ScanDiffText, job)
    # Of what did not change, only the text is compared.
    xml = "" if job["verbose"] else run(ndiff.ScanDiffXML, job)[0]
    print(json.dumps({"text": text, "xml": xml, "code": code}), file=out, flush=True)
