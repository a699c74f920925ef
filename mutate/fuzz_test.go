package mutate_test

import (
	"path/filepath"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/tools/txtar"
	appsv1 "k8s.io/api/apps/v1"
	kjson "sigs.k8s.io/json"
)

// FuzzMutate mutates any Deployment, created or in place of any other, in the cluster of any case: the patch
// applies, what comes out is a Deployment still, and a second pass patches nothing.
func FuzzMutate(f *testing.F) {
	worlds := addCases(f)
	f.Fuzz(func(t *testing.T, object, old []byte, cluster uint8) {
		if !isDeployment(object) || len(old) > 0 && !isDeployment(old) {
			t.Skip()
		}
		request := newRequest(t, object, worlds[int(cluster)%len(worlds)])
		if len(old) > 0 {
			request.Old = old
		}
		result := mutateUnharmed(t, request)
		checkIdempotence(t, request, result)
		patched := apply(t, object, result.Patch)
		if !isDeployment(patched) {
			t.Errorf("the patch makes no Deployment: %s", patched)
		}
	})
}

// addCases makes seeds of the golden cases, and returns their clusters.
func addCases(f *testing.F) []*world {
	paths, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	worlds := []*world{{}}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		var old []byte
		if written := file(archive, "old.yaml"); written != nil {
			old = toJSON(f, written)
		}
		f.Add(toJSON(f, file(archive, "object.yaml")), old, uint8(len(worlds)))
		worlds = append(worlds, readCluster(f, file(archive, "cluster.yaml")))
	}
	return worlds
}

// isDeployment reports whether an API server can have sent this: every field is known, none is there twice, all is
// UTF-8, and it has a name.
func isDeployment(text []byte) bool {
	var deployment appsv1.Deployment
	strictErrors, err := kjson.UnmarshalStrict(text, &deployment)
	return err == nil && deployment.Name != "" && len(strictErrors) == 0 && jsontext.Value(text).IsValid()
}
