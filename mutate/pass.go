package mutate

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// optOut is the annotation of a Deployment that wants nothing injected.
const optOut = "greenlight.dev/inject"

// Pass is one run of the mutators on one Deployment.
type Pass struct {
	Request
	patch    Patch
	warnings []string
	changed  lazy[bool]
	targets  lazy[[]target]
	record   *record
	// recordChanged says that the record is to be written.
	recordChanged bool
}

func (p *Pass) podSpec() *corev1.PodSpec {
	return &p.Deployment.Spec.Template.Spec
}

// injects reports whether neither the policy nor the Deployment switches an injection off.
func (p *Pass) injects(policy *bool) bool {
	return policy != nil && *policy && p.Deployment.Annotations[optOut] != "false"
}

func (p *Pass) warn(format string, args ...any) {
	p.warnings = append(p.warnings, fmt.Sprintf(format, args...))
}

// lazy is a value that is worked out when it is first asked for.
type lazy[T any] struct {
	known bool
	value T
	err   error
}

func (l *lazy[T]) get(workOut func() (T, error)) (T, error) {
	if !l.known {
		l.value, l.err = workOut()
		l.known = true
	}
	return l.value, l.err
}
