package load

import (
	"context"
	"crypto/x509"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/reviews"
)

// server is one of the processes that are measured.
type server struct {
	// name is what it answers, and process which answers it.
	name, process string
	url           string
	// validates says that it is sent the review of a validating webhook.
	validates bool
	// injects are the fields that its patch adds.
	injects []string
}

// servers are Greenlight with every rule on, and what it is measured against. They show the same certificate.
type servers struct {
	guarded *fixture.Guarded
	trusted *x509.CertPool
	list    []server
}

func serve(t *testing.T, guarded *fixture.Guarded) servers {
	t.Helper()
	policy := filepath.Join(t.TempDir(), "policy.yaml")
	text := "apiVersion: greenlight.dev/v1alpha1\nkind: RolloutPolicy\nmetadata: {name: strict}\nspec: {profile: strict}\n"
	if err := os.WriteFile(policy, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	replica, err := guarded.Replica(t.Context(), "greenlight-webhook-strict", policy)
	if err != nil {
		t.Fatal(err)
	}
	s := servers{guarded: guarded, trusted: replica.Trusted()}
	program := build(t)
	for _, name := range []string{"constant", "stock"} {
		s.list = append(s.list, server{name: name, process: name, url: s.floor(t, program, name, replica.Folder())})
	}
	fields := []string{"readinessProbe", "preStop"}
	s.list[1].injects = fields
	host := "https://" + replica.Address()
	s.list = append(s.list,
		server{name: "validate", process: replica.Name(), url: host + "/validate/deployments", validates: true},
		server{name: "mutate", process: replica.Name(), url: host + "/mutate/deployments", injects: fields})
	return s
}

// build builds cmd/floor.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "floor")
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../cmd/floor").CombinedOutput(); err != nil {
		t.Fatalf("building the floors: %v\n%s", err, output)
	}
	return program
}

// floor starts a process that answers at the path of its name, and returns its URL once it does.
func (s servers) floor(t *testing.T, program, name, folder string) string {
	t.Helper()
	var url string
	err := cluster.OnFreePorts(1, func(ports []int) error {
		address := fmt.Sprintf("127.0.0.1:%d", ports[0])
		url = "https://" + address + "/" + name
		if err := s.guarded.Run(name, program, "--address", address, "--cert-dir", folder); err != nil {
			return err
		}
		return s.waitAnswered(t, url)
	})
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// waitAnswered polls until somebody answers, whatever it is, and gives up at once when a process ends.
func (s servers) waitAnswered(t *testing.T, url string) error {
	client := reviews.NewClient(s.trusted, 1)
	defer client.CloseIdleConnections()
	return s.guarded.Wait(t.Context(), url, func(ctx context.Context) error {
		_, _, err := reviews.Post(ctx, client, url, []byte("{}"))
		return err
	})
}

// checkAnswers makes sure that what is measured is the whole work: the change is allowed by every rule, and is given
// what it lacks.
func (s servers) checkAnswers(t *testing.T, captured reviews.Captured) {
	t.Helper()
	client := reviews.NewClient(s.trusted, 1)
	defer client.CloseIdleConnections()
	for _, server := range s.list {
		response, err := reviews.Ask(t.Context(), client, server.url, server.body(captured))
		if err != nil {
			t.Fatal(err)
		}
		if !response.Allowed {
			t.Errorf("%s denies the change: %s", server.name, response.Result.Message)
		}
		for _, injected := range server.injects {
			if !strings.Contains(string(response.Patch), injected) {
				t.Errorf("%s injects no %s: %s", server.name, injected, response.Patch)
			}
		}
		if len(response.Warnings) > 0 {
			t.Errorf("%s warns of the change: %q", server.name, response.Warnings)
		}
	}
}

func (s server) body(captured reviews.Captured) []byte {
	if s.validates {
		return captured.Validate
	}
	return captured.Mutate
}
