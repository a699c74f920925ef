package main

import (
	"slices"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"greenlight.dev/greenlight/internal/cluster"
)

func TestTheClusterRolesGrantWhatIsRead(t *testing.T) {
	for _, written := range []role{webhookRole, scannerRole} {
		t.Run(written.Name, func(t *testing.T) { grantsWhatIsRead(t, written) })
	}
}

func grantsWhatIsRead(t *testing.T, written role) {
	text, err := written.yaml()
	if err != nil {
		t.Fatal(err)
	}
	var role rbacv1.ClusterRole
	if err := yaml.UnmarshalStrict([]byte(text), &role); err != nil {
		t.Fatal(err)
	}
	for _, kind := range cluster.Reads() {
		if cluster.Cached(kind) {
			isGranted(t, role, kind, "list")
			isGranted(t, role, kind, "watch")
		}
	}
	for _, kind := range written.lists {
		isGranted(t, role, kind, "list")
	}
	for _, kind := range written.gets {
		isGranted(t, role, kind, "get")
	}
}

func isGranted(t *testing.T, role rbacv1.ClusterRole, kind schema.GroupVersionKind, verb string) {
	t.Helper()
	resource, _ := meta.UnsafeGuessKindToResource(kind)
	if !granted(role, resource.Group, resource.Resource, verb) {
		t.Errorf("%s of %s is not granted", verb, resource.GroupResource())
	}
}

func granted(role rbacv1.ClusterRole, group, resource, verb string) bool {
	return slices.ContainsFunc(role.Rules, func(rule rbacv1.PolicyRule) bool {
		return slices.Contains(rule.APIGroups, group) && slices.Contains(rule.Resources, resource) && slices.Contains(rule.Verbs, verb)
	})
}
