package reports

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"greenlight.dev/greenlight/test/fixture"
)

// corpora are folders of manifests, relative to this one. The second lies beside the repository, if it is there.
var corpora = []string{"../../internal/corpus/testdata", "../../../shared/corpus"}

// kept are the kinds that rules judge or read, in the order in which they can be made.
var kept = []string{
	"PersistentVolumeClaim", "ResourceQuota", "Service", "Deployment", "StatefulSet", "HorizontalPodAutoscaler", "PodDisruptionBudget",
}

// readCorpora returns the objects of each file of manifests.
func readCorpora() [][]*unstructured.Unstructured {
	var files [][]*unstructured.Unstructured
	for _, corpus := range corpora {
		if _, err := os.Stat(corpus); errors.Is(err, fs.ErrNotExist) {
			GinkgoWriter.Printf("there is no %s\n", corpus)
			continue
		}
		Expect(filepath.WalkDir(corpus, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(path)) {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			objects, err := fixture.Read(text, kept)
			files = append(files, objects)
			return err
		})).To(Succeed())
	}
	return files
}
