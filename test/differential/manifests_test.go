package differential

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"greenlight.dev/greenlight/api/v1alpha1"
)

const (
	// mutants is how many mutations each object of a manifest is created and updated with.
	mutants = 3
	// changes is how many changes a mutation makes at most.
	changes = 3
)

// roots are where manifests lie, relative to the repository. The second is not part of it.
var roots = []struct{ origin, path string }{
	{"manifests of the repository", "internal/corpus/testdata"},
	{"public manifests", "../shared/corpus"},
}

// manifests are the objects of the folders: each is created in an empty namespace, created among the
// others of its folder, and updated among them.
func manifests(repository string) []*situation {
	random := rand.New(rand.NewPCG(*seed, 0))
	var all []*situation
	for _, root := range roots {
		folders, err := readFolders(filepath.Join(repository, root.path))
		if errors.Is(err, fs.ErrNotExist) {
			fmt.Printf("%s are left out: there is no %s from here\n", root.origin, root.path)
			continue
		}
		Expect(err).NotTo(HaveOccurred())
		for _, folder := range folders {
			all = append(all, folder.situations(root.origin, random)...)
		}
	}
	return all
}

// folder is what lies together.
type folder struct {
	name    string
	objects []*unstructured.Unstructured
}

func readFolders(root string) ([]folder, error) {
	var folders []folder
	err := fs.WalkDir(os.DirFS(root), ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !slices.Contains([]string{".yaml", ".yml", ".json"}, path.Ext(file)) {
			return err
		}
		data, err := os.ReadFile(filepath.Join(root, file))
		if last := len(folders) - 1; last >= 0 && folders[last].name == path.Dir(file) {
			folders[last].objects = append(folders[last].objects, read(data)...)
			return err
		}
		folders = append(folders, folder{path.Dir(file), read(data)})
		return err
	})
	return folders, err
}

// situations takes the first of two objects of one name, which are variants.
func (f folder) situations(origin string, random *rand.Rand) []*situation {
	var all []*situation
	for i, object := range f.objects {
		isTwin := func(other *unstructured.Unstructured) bool {
			return other.GetKind() == object.GetKind() && other.GetName() == object.GetName()
		}
		if !slices.Contains(judged, object.GetKind()) || slices.IndexFunc(f.objects, isTwin) < i {
			continue
		}
		others := slices.DeleteFunc(slices.Clone(f.objects), isTwin)
		all = append(all, f.situation(origin, "created alone", nil, object, nil, random))
		for range mutants {
			mutated, how := mutate(object, random)
			all = append(all,
				f.situation(origin, "created with "+how, others, mutated, nil, random),
				f.situation(origin, "updated with "+how, others, mutated, object, random))
		}
	}
	return all
}

func (f folder) situation(origin, how string, others []*unstructured.Unstructured, applied, old *unstructured.Unstructured, random *rand.Rand) *situation {
	s := &situation{
		name: f.name + " " + how, origin: origin, there: copies(others), applied: applied.DeepCopy(),
		policy: v1alpha1.RolloutPolicySpec{Profile: v1alpha1.Profiles[random.IntN(len(v1alpha1.Profiles))]},
	}
	if old != nil {
		s.there = append(s.there, old.DeepCopy())
	}
	return s
}
