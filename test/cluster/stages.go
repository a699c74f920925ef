package cluster

import (
	"embed"
	"io/fs"
	"os"
)

//go:embed stages/*.yaml
var stageFiles embed.FS

//go:embed audit-policy.yaml
var auditPolicy []byte

// writeStages joins the stages into the one file that kwok reads.
func writeStages(path string) error {
	names, err := fs.Glob(stageFiles, "stages/*.yaml")
	if err != nil {
		return err
	}
	var all []byte
	for _, name := range names {
		stage, err := stageFiles.ReadFile(name)
		if err != nil {
			return err
		}
		all = append(append(all, "---\n"...), stage...)
	}
	return os.WriteFile(path, all, 0o644)
}
