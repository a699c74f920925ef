package main

import (
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spdx/tools-golang/spdx/v2/common"
	spdx "github.com/spdx/tools-golang/spdx/v2/v2_3"
)

// writeBill writes the modules that a program is built of, which Go keeps in it, as SPDX.
func writeBill(binary, architecture, file string, release release) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return err
	}
	content, err := json.MarshalIndent(bill(info, architecture, release), "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(content, '\n'), 0o644)
}

func bill(info *debug.BuildInfo, architecture string, release release) *spdx.Document {
	main := entry("main", info.Main.Path, release.version)
	document := &spdx.Document{
		SPDXVersion: spdx.Version, DataLicense: spdx.DataLicense, SPDXIdentifier: "DOCUMENT",
		DocumentName: program,
		// No two documents may share it.
		DocumentNamespace: strings.Join([]string{"https://greenlight.dev/spdx/" + program, release.version, architecture}, "-"),
		CreationInfo: &spdx.CreationInfo{
			Creators: []common.Creator{{CreatorType: "Organization", Creator: "Greenlight"}},
			Created:  release.created,
		},
		Packages:      []*spdx.Package{main},
		Relationships: []*spdx.Relationship{related("DOCUMENT", "DESCRIBES", "main")},
	}
	modules := append(slices.Clone(info.Deps), &debug.Module{Path: "std", Version: info.GoVersion})
	for i, module := range modules {
		if module.Replace != nil {
			module = module.Replace
		}
		id := fmt.Sprintf("module-%d", i)
		document.Packages = append(document.Packages, entry(id, module.Path, module.Version))
		document.Relationships = append(document.Relationships, related("main", "DEPENDS_ON", id))
	}
	return document
}

func entry(id, path, version string) *spdx.Package {
	return &spdx.Package{
		PackageSPDXIdentifier: common.ElementID(id), PackageName: path, PackageVersion: version,
		PackageDownloadLocation: "NOASSERTION", PackageLicenseConcluded: "NOASSERTION", PackageLicenseDeclared: "NOASSERTION",
		PackageCopyrightText: "NOASSERTION",
		PackageExternalReferences: []*spdx.PackageExternalReference{{
			Category: "PACKAGE-MANAGER", RefType: "purl", Locator: "pkg:golang/" + path + "@" + version,
		}},
	}
}

func related(from, how, to string) *spdx.Relationship {
	return &spdx.Relationship{
		RefA: common.MakeDocElementID("", from), RefB: common.MakeDocElementID("", to), Relationship: how,
	}
}
