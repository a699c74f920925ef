package differential

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// judgement is what greenlight check says of one object.
type judgement struct {
	// errors are why it could not be judged.
	errors   []string
	findings []finding
	skipped  []note
}

// finding is one of a CheckResult. Its message ends on the note of a finding that is softened.
type finding struct{ Rule, Mode, Path, Message, Fix string }

// check judges what is applied in all situations at once. A situation is told by the namespace, and by the
// file.
func check(ctx context.Context, program, kubeconfig string, situations []*situation) {
	folder := GinkgoT().TempDir()
	byNamespace := map[string]*situation{}
	for _, s := range situations {
		if s.refused != "" {
			continue
		}
		byNamespace[s.namespace] = s
		data, err := json.Marshal(s.applied)
		Expect(err).NotTo(HaveOccurred())
		Expect(os.WriteFile(filepath.Join(folder, s.namespace+".json"), data, 0o600)).To(Succeed())
	}
	command := exec.CommandContext(ctx, program, "check", "--cluster", "-o", "json=../result.json", ".")
	result := filepath.Join(folder, "..", "result.json")
	command.Dir, command.Env = folder, append(os.Environ(), "KUBECONFIG="+kubeconfig)
	complaints := &strings.Builder{}
	command.Stderr = complaints
	if err := command.Run(); !errors.As(err, new(*exec.ExitError)) {
		Expect(err).NotTo(HaveOccurred())
	}
	data, err := os.ReadFile(result)
	Expect(err).NotTo(HaveOccurred(), complaints.String())
	keep(data, byNamespace)
	for line := range strings.Lines(complaints.String()) {
		file, fault, _ := strings.Cut(line, ":")
		s := byNamespace[strings.TrimSuffix(file, ".json")]
		Expect(s).NotTo(BeNil(), line)
		s.checked.errors = append(s.checked.errors, fault)
	}
}

// keep files a CheckResult with the situations.
func keep(data []byte, situations map[string]*situation) {
	type object struct{ Namespace string }
	var result struct {
		Findings []struct {
			finding
			Object object
		}
		Skipped []struct {
			note
			Object object
		}
	}
	Expect(json.Unmarshal(data, &result)).To(Succeed())
	for _, found := range result.Findings {
		checked := &situations[found.Object.Namespace].checked
		checked.findings = append(checked.findings, found.finding)
	}
	for _, skipped := range result.Skipped {
		checked := &situations[skipped.Object.Namespace].checked
		checked.skipped = append(checked.skipped, skipped.note)
	}
}
