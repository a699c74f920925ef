package certificates

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// shell is that of somebody who may do everything in the cluster.
type shell struct {
	*installation
	kubeconfig string
}

// run runs commands, which may use trust, in the folder config/.
func (s shell) run(commands string) {
	s.Helper()
	command := exec.CommandContext(s.Context(), "bash", "-euo", "pipefail", "-c", s.trust()+commands)
	command.Dir = filepath.Join(repository, "config")
	command.Env = append(os.Environ(), "KUBECONFIG="+s.kubeconfig, "PATH="+os.Getenv("KUBEBUILDER_ASSETS")+":"+os.Getenv("PATH"))
	if output, err := command.CombinedOutput(); err != nil {
		s.Fatalf("%s: %v\n%s", commands, err, output)
	}
}

// trust is the function of docs/install.md: it has both configurations trust the CAs of some Secrets, and no other.
func (s shell) trust() string {
	s.Helper()
	const begins, ends = "\ntrust() {\n", "\n}\n"
	page, err := os.ReadFile(filepath.Join(repository, "docs", "install.md"))
	if err != nil {
		s.Fatal(err)
	}
	_, rest, begun := strings.Cut(string(page), begins)
	body, _, ended := strings.Cut(rest, ends)
	if !begun || !ended {
		s.Fatal("docs/install.md has no function trust")
	}
	return begins + body + ends
}
