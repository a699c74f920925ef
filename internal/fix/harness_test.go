package fix_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/fix"
	"greenlight.dev/greenlight/internal/testfiles"
	"greenlight.dev/greenlight/rules"
)

const web = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # ours
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: web:1
          ports:
            - {name: http, containerPort: 8080}
`

// given is what a container of web gets.
const given = `          readinessProbe:
            tcpSocket:
              port: 8080
            periodSeconds: 5
            timeoutSeconds: 2
            failureThreshold: 3
          lifecycle:
            preStop:
              sleep:
                seconds: 5
      terminationGracePeriodSeconds: 35
`

const service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}\n"

func options(paths ...string) check.Options {
	return check.Options{Paths: paths, Policies: engine.Only(engine.Baseline(rules.All)), Namespace: "shop"}
}

// run fixes files in a folder of their own, in memory.
func run(t *testing.T, files map[string]string) *fix.Result {
	t.Helper()
	testfiles.Write(t, files)
	return fix.Run(t.Context(), options("."))
}

// after are the files that change, as they are to be.
func after(result *fix.Result) map[string]string {
	files := map[string]string{}
	for _, file := range result.Files {
		files[file.Name] = string(file.After)
	}
	return files
}

func told(errors []check.Error) []string {
	var told []string
	for _, err := range errors {
		told = append(told, err.String())
	}
	return told
}

func compare(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
