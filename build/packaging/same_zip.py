#!/usr/bin/env python3
"""Writes a NuGet package again, so that the same files give the same bytes.

    same_zip.py PACKAGE RESULT

The packer writes the time of the packing, and names one file (.psmdcp) by chance. Here files are in order, their time
is SOURCE_DATE_EPOCH, and that file has one name, also where the package's list of relations names it.
"""

import os, re, sys, time, zipfile

source, result = sys.argv[1:]
when = time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"]))[:6]
folder = "package/services/metadata/core-properties/"
properties = folder + "reconciler.psmdcp"
with zipfile.ZipFile(source) as before, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as after:
    files = {}
    for name in before.namelist():
        content = before.read(name)
        if name == "_rels/.rels":
            content = re.sub(folder.encode() + rb"[0-9a-f]+\.psmdcp", properties.encode(), content)
            # The ids of relations are made by chance, too; nothing refers to them.
            ids = iter(range(1, 100))
            content = re.sub(rb'Id="[^"]*"', lambda _: b'Id="R%d"' % next(ids), content)
        files[properties if name.endswith(".psmdcp") else name] = content
    for name in sorted(files):
        entry = zipfile.ZipInfo(name, when)
        entry.external_attr = 0o644 << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        after.writestr(entry, files[name])
