package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"greenlight.dev/greenlight/rules"
)

// profilesLine is the last line of the description of spec.profile, after which the modes are listed:
// kubectl explain shows them.
var profilesLine = regexp.MustCompile(`(?m)^( *)The modes, in baseline and in strict:\n(?: *- [a-z-]+: [a-z]+, [a-z]+\n)*`)

// writeProfiles lists the profiles in the CRD, which another generator has written.
func writeProfiles(path string) error {
	crd, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	line := profilesLine.FindSubmatch(crd)
	if line == nil {
		return fmt.Errorf("%s: the description of spec.profile does not end as the field's comment does", path)
	}
	indent := string(line[1])
	list := []string{indent + "The modes, in baseline and in strict:"}
	for _, entry := range rules.All {
		list = append(list, fmt.Sprintf("%s- %s: %s, %s", indent, entry.ID, entry.Baseline, entry.Strict))
	}
	written := profilesLine.ReplaceAllLiteral(crd, []byte(strings.Join(list, "\n")+"\n"))
	return os.WriteFile(path, written, 0o644)
}
