package permissions

import (
	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/install"
)

// grants returns what the two roles of a ServiceAccount grant, each verb once.
func (c *cluster) grants(account string) map[permission]bool {
	c.Helper()
	var everywhere rbacv1.ClusterRole
	if err := c.Client.Get(c.Context(), client.ObjectKey{Name: account}, &everywhere); err != nil {
		c.Fatal(err)
	}
	var own rbacv1.Role
	if err := c.Client.Get(c.Context(), client.ObjectKey{Namespace: install.Namespace, Name: account}, &own); err != nil {
		c.Fatal(err)
	}
	granted := map[permission]bool{}
	add := func(rules []rbacv1.PolicyRule, own bool) {
		for _, rule := range rules {
			for _, p := range permissions(rule, own) {
				if granted[p] {
					c.Errorf("%+v is granted twice: one of the two could be taken away, and nobody would notice", p)
				}
				granted[p] = true
			}
		}
	}
	add(everywhere.Rules, false)
	add(own.Rules, true)
	return granted
}

func permissions(rule rbacv1.PolicyRule, own bool) []permission {
	names := rule.ResourceNames
	if len(names) == 0 {
		names = []string{""}
	}
	var all []permission
	for _, group := range rule.APIGroups {
		for _, resource := range rule.Resources {
			for _, verb := range rule.Verbs {
				for _, name := range names {
					all = append(all, permission{verb, group, resource, name, own})
				}
			}
		}
	}
	return all
}
