#!/usr/bin/env python3
"""Collects the licences of the libraries in the program.

    notices.py ASSETS FOLDER    ASSETS: the project.assets.json of the build; FOLDER gets a file for each library

A library's file has its name, version, licence, who holds the rights, its address, and the licence's text: the one that
its package brings, else one for all with this licence.
Libraries that only build the program (analyzers, the version from the tag) are left out; the runtime is compiled into
the program, so that its licence and the notices of what it holds are there.
"""

import json, re, sys
from pathlib import Path
from xml.etree import ElementTree

REPOSITORY = Path(__file__).resolve().parent.parent.parent
LICENCES = REPOSITORY / "build/packaging/licences"
BUILDS_ONLY = re.compile(r"MinVer|.*Analyzers?|.*Analyzers\..*|Microsoft\.NET\.ILLink\.Tasks|runtime\..*ILCompiler")
TEXTS = re.compile(r"(licen[sc]e|(third-?party-?)?notices?)(\..*)?", re.IGNORECASE)


def main(assets, target):
    shared = shared_texts()
    content = json.loads(assets.read_text())
    folders = [Path(f) for f in content["packageFolders"]]
    target.mkdir(parents=True)
    # The runtimes that are compiled into a native program come as packs, which are no libraries of the build.
    for pack in [p for f in content["project"]["frameworks"].values() for p in f.get("downloadDependencies", [])]:
        if pack["name"].startswith("Microsoft.AspNetCore.App.Runtime."):
            version = re.search(r"[\d.]+", pack["version"])[0]
            places = [f / pack["name"].lower() / version for f in folders]
            text = notice("Microsoft.AspNetCore.App", version, next(p for p in places if p.is_dir()), shared)
            (target / "Microsoft.AspNetCore.App.txt").write_text(text)
    for library, entry in sorted(content["libraries"].items()):
        name, version = library.split("/")
        if entry["type"] == "package" and not BUILDS_ONLY.fullmatch(name):
            [package] = [f / entry["path"] for f in folders if (f / entry["path"]).is_dir()][:1]
            (target / f"{name}.txt").write_text(notice(name, version, package, shared))
    (target / "Apache-2.0.txt").write_text(shared["Apache-2.0"] + "\n")


def shared_texts():
    """The texts for packages that name a licence and bring none. Ours has the words of MIT below its first lines."""
    mit = (REPOSITORY / "LICENSE").read_text().split("\n\n", 2)[2].strip()
    return {"MIT": mit} | {p.stem: p.read_text().strip() for p in LICENCES.glob("*.txt")}


def notice(name, version, package, shared):
    [manifest] = package.glob("*.nuspec")
    metadata = {e.tag.split("}")[1]: (e.text or "").strip() for e in ElementTree.parse(manifest).iter()}
    lines = [f"{name} {version}"]
    if name == "Microsoft.DotNet.ILCompiler":
        lines.append("The .NET runtime and libraries that are compiled into the program.")
    licence = metadata["license"]
    lines.append("Licence: the text below" if TEXTS.fullmatch(licence) else f"Licence: {licence}")
    lines += [metadata[k] for k in ("copyright", "projectUrl") if metadata.get(k)]
    brought = [p for p in sorted(package.iterdir()) if TEXTS.fullmatch(p.name)]
    texts = [p.read_text("utf-8-sig", errors="replace").strip() for p in brought]
    if not any(p.name.upper().startswith("LICEN") for p in brought):
        if licence not in shared:
            raise SystemExit(f"{name} {version} brings no text of its licence, {licence}; add one to {LICENCES}")
        texts.insert(0, "The text of the licence is in Apache-2.0.txt." if licence == "Apache-2.0" else shared[licence])
    return "\n".join(lines) + "\n" + "".join(f"\n{t}\n" for t in texts)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
