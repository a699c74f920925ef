package manifest

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

func TestTheCurrentVersionIsThatOfTheKnownKinds(t *testing.T) {
	version, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", "k8s.io/api").Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(version), fmt.Sprintf("v0.%d.", Minor)) {
		t.Errorf("k8s.io/api is %s: correct the constant Minor", version)
	}
}
