package load

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// app is a Deployment with its Service, as people write them. Some lack what the rules ask for.
const app = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-%[1]d
  namespace: shop
  labels: {app: app-%[1]d, env: prod}
spec:
  replicas: %[2]d
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels: {app: app-%[1]d, env: prod}
  template:
    metadata:
      labels: {app: app-%[1]d, env: prod, version: "1.%[1]d"}
    spec:
      terminationGracePeriodSeconds: 60
      containers:
        - name: web
          image: registry.example:5000/shop/app-%[1]d:1.%[1]d.0
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
          resources:
            requests: {cpu: 100m, memory: 128Mi}
            limits: {memory: 256Mi}
          readinessProbe:
            httpGet: {path: /ready, port: %[3]s}
            periodSeconds: 5
          livenessProbe:
            httpGet: {path: /live, port: http}
            initialDelaySeconds: 10
          lifecycle:
            preStop:
              sleep: {seconds: 5}
---
apiVersion: v1
kind: Service
metadata:
  name: app-%[1]d
  namespace: shop
  labels: {app: app-%[1]d, env: prod}
spec:
  selector: {app: app-%[1]d, env: prod}
  ports:
    - name: http
      port: 80
      targetPort: http
`

// files is in how many files the apps are written.
const files = 200

// generate writes apps into a folder of their own and returns it, the same at each call. Every seventh app
// has one replica, and every eleventh asks for a port that there is not.
func generate(t *testing.T, apps int) string {
	t.Helper()
	folder := t.TempDir()
	for file := range files {
		var text strings.Builder
		for i := file; i < apps; i += files {
			replicas, port := 3, "http"
			if i%7 == 0 {
				replicas = 1
			}
			if i%11 == 0 {
				port = "htpp"
			}
			text.WriteString("---\n")
			fmt.Fprintf(&text, app, i, replicas, port)
		}
		name := filepath.Join(folder, fmt.Sprintf("apps-%03d.yaml", file))
		if err := os.WriteFile(name, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
