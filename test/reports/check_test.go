package reports

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
)

// checked asks greenlight check about objects as they are stored.
func checked(ctx context.Context, objects []*unstructured.Unstructured, policy *v1alpha1.RolloutPolicy) verdicts {
	folder := GinkgoT().TempDir()
	for i, object := range objects {
		Expect(guarded.Client.Get(ctx, client.ObjectKeyFromObject(object), object)).To(Succeed())
		text, err := json.Marshal(object)
		Expect(err).NotTo(HaveOccurred())
		Expect(os.WriteFile(filepath.Join(folder, fmt.Sprintf("%d.json", i)), text, 0o600)).To(Succeed())
	}
	policies := filepath.Join(GinkgoT().TempDir(), "policy.yaml")
	policy.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("RolloutPolicy"))
	text, err := json.Marshal(policy)
	Expect(err).NotTo(HaveOccurred())
	Expect(os.WriteFile(policies, text, 0o600)).To(Succeed())
	command := exec.CommandContext(ctx, "../../bin/greenlight", "check", "--cluster", "--policy", policies, "-o", "json", folder)
	command.Env = append(os.Environ(), "KUBECONFIG="+guarded.Kubeconfig())
	command.Stderr = GinkgoWriter
	output, err := command.Output()
	if !errors.As(err, new(*exec.ExitError)) {
		Expect(err).NotTo(HaveOccurred())
	}
	said := verdicts{}
	said.read(output)
	return said
}

// read adds what a CheckResult says.
func (v verdicts) read(text []byte) {
	type object struct{ Kind, Namespace, Name string }
	var result struct {
		Findings []struct {
			verdict
			Object object
		}
		Skipped []struct {
			Rule, Reason string
			Object       object
		}
	}
	Expect(json.Unmarshal(text, &result)).To(Succeed())
	for _, found := range result.Findings {
		v.add(found.Object.Kind, found.Object.Namespace, found.Object.Name, found.verdict)
	}
	for _, skipped := range result.Skipped {
		v.add(skipped.Object.Kind, skipped.Object.Namespace, skipped.Object.Name, verdict{Mode: "skip", Rule: skipped.Rule, Message: skipped.Reason})
	}
}
