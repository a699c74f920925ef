package reports

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
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
			files = append(files, readObjects(text))
			return err
		})).To(Succeed())
	}
	return files
}

// readObjects leaves out what is no object: it is the matter of other tests.
func readObjects(text []byte) []*unstructured.Unstructured {
	var objects []*unstructured.Unstructured
	documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return objects
		}
		Expect(err).NotTo(HaveOccurred())
		object := &unstructured.Unstructured{}
		if yaml.UnmarshalStrict(document, &object.Object) == nil && object.Object != nil {
			objects = append(objects, flatten(object)...)
		}
	}
}

func flatten(object *unstructured.Unstructured) []*unstructured.Unstructured {
	if object.IsList() {
		var items []*unstructured.Unstructured
		Expect(object.EachListItem(func(item runtime.Object) error {
			items = append(items, flatten(item.(*unstructured.Unstructured))...)
			return nil
		})).To(Succeed())
		return items
	}
	if slices.Contains(kept, object.GetKind()) && object.GetName() != "" {
		return []*unstructured.Unstructured{object}
	}
	return nil
}
