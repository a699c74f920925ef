package shipped

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"greenlight.dev/greenlight/test/install"
)

func TestTheFolderOfOnesOwnNamesTheImage(t *testing.T) {
	objects := renderOwn(t, ownFolder(t, "default"))
	for _, name := range []string{"greenlight-webhook", "greenlight-scanner"} {
		var deployment appsv1.Deployment
		find(t, objects, "Deployment", name, &deployment)
		if image := deployment.Spec.Template.Spec.Containers[0].Image; image != "registry.example/team/greenlight:v1.0.0" {
			t.Errorf("the image of %s is %s", name, image)
		}
	}
	if diff := cmp.Diff(kindsOf(render(t, "default")), kindsOf(objects)); diff != "" {
		t.Errorf("its order is not that of config/default (-want +got):\n%s", diff)
	}
}

// Nothing that fails closed may hold the repair of what the webhook stands on.
func TestTheNamespacesThatEnforceLeavesOut(t *testing.T) {
	own := ownFolder(t, "overlays/enforce")
	file := filepath.Join(own, "kustomization.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(text, documented(t, "patches:")...), 0o600); err != nil {
		t.Fatal(err)
	}
	var validating admissionregistrationv1.ValidatingWebhookConfiguration
	find(t, renderOwn(t, own), "ValidatingWebhookConfiguration", "greenlight", &validating)
	closed := 0
	for _, webhook := range validating.Webhooks {
		if *webhook.FailurePolicy != admissionregistrationv1.Fail {
			continue
		}
		closed++
		if left := webhook.NamespaceSelector.MatchExpressions[0].Values; !slices.Contains(left, "cert-manager") {
			t.Errorf("%s leaves out %v", webhook.Name, left)
		}
	}
	if closed != 3 {
		t.Errorf("%d webhooks fail closed", closed)
	}
}

// ownFolder is the folder of one's own that docs/install.md has beside the clone, for a folder of config/.
func ownFolder(t *testing.T, folder string) string {
	t.Helper()
	parent := t.TempDir()
	if err := os.CopyFS(filepath.Join(parent, "greenlight", "config"), os.DirFS(config(t, ""))); err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(parent, "greenlight-install")
	if err := os.Mkdir(own, 0o700); err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(documented(t, "apiVersion: kustomize.config.k8s.io"), "config/default", "config/"+folder, 1)
	if err := os.WriteFile(filepath.Join(own, "kustomization.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return own
}

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// documented is the YAML of docs/install.md that begins so.
func documented(t *testing.T, begin string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(config(t, ""), "..", "docs", "install.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range yamlBlock.FindAllStringSubmatch(string(text), -1) {
		if strings.HasPrefix(block[1], begin) {
			return block[1]
		}
	}
	t.Fatalf("docs/install.md has no YAML that begins with %q", begin)
	return ""
}

func renderOwn(t *testing.T, folder string) []*unstructured.Unstructured {
	t.Helper()
	objects, err := install.Render(folder)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

func kindsOf(objects []*unstructured.Unstructured) []string {
	var kinds []string
	for _, object := range objects {
		kinds = append(kinds, object.GetKind())
	}
	return kinds
}
