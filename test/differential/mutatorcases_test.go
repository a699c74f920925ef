package differential

import (
	"path/filepath"
	"strings"

	. "github.com/onsi/gomega"
	"golang.org/x/tools/txtar"
)

// mutatorCases are those of mutate/testdata, which mutate/golden_test.go explains. Their policies are left out.
func mutatorCases(repository string) []*situation {
	paths, err := filepath.Glob(filepath.Join(repository, "mutate", "testdata", "*", "*.txtar"))
	Expect(err).NotTo(HaveOccurred())
	Expect(paths).NotTo(BeEmpty())
	var all []*situation
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		Expect(err).NotTo(HaveOccurred())
		s := &situation{origin: "cases of mutators", name: filepath.Base(filepath.Dir(path)) + "/" + strings.TrimSuffix(filepath.Base(path), ".txtar")}
		for _, file := range archive.Files {
			switch file.Name {
			case "object.yaml":
				s.applied = read(file.Data)[0]
			case "old.yaml", "cluster.yaml":
				s.there = append(s.there, read(file.Data)...)
			}
		}
		all = append(all, s)
	}
	return all
}
