package cluster

import "path/filepath"

// layout says where the files of the cluster in one folder are.
type layout string

func (l layout) lock() string       { return l.file("cluster.lock") }
func (l layout) state() string      { return l.file("state.json") }
func (l layout) kubeconfig() string { return l.file("kubeconfig") }
func (l layout) logs() string       { return l.file("logs") }

// run holds what only a running cluster needs: certificates, data and configuration.
func (l layout) run() string { return l.file("run") }

func (l layout) log(name string) string { return filepath.Join(l.logs(), name+".log") }
func (l layout) audit() string          { return filepath.Join(l.logs(), "audit.jsonl") }
func (l layout) etcd() string           { return filepath.Join(l.run(), "etcd") }
func (l layout) auditPolicy() string    { return filepath.Join(l.run(), "audit-policy.yaml") }
func (l layout) stages() string         { return filepath.Join(l.run(), "stages.yaml") }

func (l layout) cert(name string) string         { return filepath.Join(l.run(), name+".crt") }
func (l layout) key(name string) string          { return filepath.Join(l.run(), name+".key") }
func (l layout) kubeconfigOf(name string) string { return filepath.Join(l.run(), name+".kubeconfig") }

func (l layout) file(name string) string { return filepath.Join(string(l), name) }
