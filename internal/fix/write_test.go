package fix_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"greenlight.dev/greenlight/internal/fix"
	"greenlight.dev/greenlight/internal/testfiles"
)

func TestAFileIsReplacedWithItsPermissionsBehindItsLink(t *testing.T) {
	testfiles.Write(t, map[string]string{"base/web.yaml": web})
	if err := os.Chmod("base/web.yaml", 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("base/web.yaml", "web.yaml"); err != nil {
		t.Fatal(err)
	}
	result := fix.Run(t.Context(), options("web.yaml"))
	if err := result.Files[0].Write(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile("base/web.yaml")
	if err != nil {
		t.Fatal(err)
	}
	compare(t, web+given, string(content))
	link, err := os.Lstat("web.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Stat("web.yaml")
	if err != nil {
		t.Fatal(err)
	}
	compare(t, os.ModeSymlink, link.Mode().Type())
	compare(t, os.FileMode(0o640), file.Mode())
	compare(t, []string{"web.yaml"}, names(t, "base"))
}

func TestAFileThatIsGoneIsNotMade(t *testing.T) {
	result := run(t, map[string]string{"web.yaml": web})
	if err := os.Remove("web.yaml"); err != nil {
		t.Fatal(err)
	}
	if err := result.Files[0].Write(); err == nil {
		t.Error("no error")
	}
	compare(t, []string(nil), names(t, "."))
}

func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestTheDiffIsWhatGitApplies(t *testing.T) {
	files := map[string]string{
		"plain":                  web + "# The end.\n",
		"two places":             web + "---\n" + strings.Repeat(service+"---\n", 3) + web,
		"no line end at the end": strings.TrimSuffix(web, "\n"),
		"line ends of Windows":   strings.ReplaceAll(web, "\n", "\r\n"),
		"no line end in JSON":    `{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"template": {"spec": {"containers": [{"name": "web", "ports": [{"containerPort": 80}]}]}}}}`,
	}
	for name, content := range files {
		t.Run(name, func(t *testing.T) {
			result := run(t, map[string]string{"deploy/web.yaml": content})
			diff, err := result.Files[0].Diff()
			if err != nil {
				t.Fatal(err)
			}
			apply := exec.Command("git", "apply", "-")
			apply.Stdin = strings.NewReader(diff)
			if output, err := apply.CombinedOutput(); err != nil {
				t.Fatalf("git apply: %v %s\n%s", err, output, diff)
			}
			content, err := os.ReadFile("deploy/web.yaml")
			if err != nil {
				t.Fatal(err)
			}
			compare(t, string(result.Files[0].After), string(content))
		})
	}
}

func TestADiffShowsTheLinesAround(t *testing.T) {
	result := run(t, map[string]string{"web.yaml": strings.TrimSuffix(web, "\n")})
	diff, err := result.Files[0].Diff()
	if err != nil {
		t.Fatal(err)
	}
	compare(t, `--- a/web.yaml
+++ b/web.yaml
@@ -10,4 +10,15 @@
         - name: web
           image: web:1
           ports:
-            - {name: http, containerPort: 8080}
\ No newline at end of file
+            - {name: http, containerPort: 8080}
+`+strings.TrimSuffix(strings.ReplaceAll(given, "\n", "\n+"), "\n+")+"\n\\ No newline at end of file\n", diff)
}
