package differential

import (
	"path/filepath"
	"regexp"
	"strings"

	. "github.com/onsi/gomega"
	"golang.org/x/tools/txtar"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"greenlight.dev/greenlight/api/v1alpha1"
)

// apart says of a case that it is of a deletion, or of what only the webhook can know: who makes the change
// and what others do at the same moment.
var apart = regexp.MustCompile(`(?m)^(operation|user|unannounced):`)

// ruleCases are those of rules/testdata, which rules/rules_test.go explains. There each is judged by its
// rule alone, and here by all of them.
func ruleCases(repository string) []*situation {
	paths, err := filepath.Glob(filepath.Join(repository, "rules", "testdata", "*", "*.txtar"))
	Expect(err).NotTo(HaveOccurred())
	var all []*situation
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		Expect(err).NotTo(HaveOccurred())
		if s := ruleCase(archive); s != nil {
			s.name = filepath.Base(filepath.Dir(path)) + "/" + strings.TrimSuffix(filepath.Base(path), ".txtar")
			all = append(all, s)
		}
	}
	return all
}

// ruleCase is nil for a case that is left out.
func ruleCase(archive *txtar.Archive) *situation {
	files := map[string][]byte{}
	for _, file := range archive.Files {
		files[file.Name] = file.Data
	}
	applied := read(files["object.yaml"])
	if apart.Match(archive.Comment) || files["switches.yaml"] != nil || len(applied) != 1 {
		return nil
	}
	s := &situation{origin: "cases of rules", applied: applied[0]}
	for _, object := range append(read(files["cluster.yaml"]), read(files["old.yaml"])...) {
		if object.GetNamespace() == s.applied.GetNamespace() {
			s.there = append(s.there, complete(object))
		}
	}
	unstructured.RemoveNestedField(s.applied.Object, "status")
	policy := &v1alpha1.RolloutPolicy{}
	Expect(yaml.UnmarshalStrict(files["policy.yaml"], policy)).To(Succeed())
	s.policy = policy.Spec
	return s
}

// complete gives an object what a rule does not ask for, and the API server does.
func complete(object *unstructured.Unstructured) *unstructured.Unstructured {
	available, counted, _ := unstructured.NestedInt64(object.Object, "status", "availableReplicas")
	if _, ready, _ := unstructured.NestedInt64(object.Object, "status", "readyReplicas"); counted && !ready {
		Expect(unstructured.SetNestedField(object.Object, available, "status", "readyReplicas")).To(Succeed())
	}
	if object.GetKind() == "PersistentVolumeClaim" {
		Expect(unstructured.SetNestedField(object.Object, "1Gi", "spec", "resources", "requests", "storage")).To(Succeed())
	}
	return object
}
