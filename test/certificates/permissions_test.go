package certificates

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// permission is a verb on one object.
type permission struct{ Verb, Resource, Name string }

// usesWhatIsGranted compares what the roles of that name grant with what the webhook has asked for of these resources,
// once the audit log has it all.
func (i *installation) usesWhatIsGranted(role string) {
	i.Helper()
	var everywhere rbacv1.ClusterRole
	var own rbacv1.Role
	err := errors.Join(i.Get(i.Context(), client.ObjectKey{Name: role}, &everywhere), i.Get(i.Context(), client.ObjectKey{Namespace: namespace, Name: role}, &own))
	if err != nil {
		i.Fatal(err)
	}
	rules := slices.Concat(everywhere.Rules, own.Rules)
	granted := map[permission]bool{}
	for _, rule := range rules {
		for _, resource := range rule.Resources {
			for _, name := range rule.ResourceNames {
				for _, verb := range rule.Verbs {
					granted[permission{verb, resource, name}] = true
				}
			}
		}
	}
	i.eventually("the permissions that are used", func(context.Context) error {
		used, err := i.uses(rules)
		if diff := cmp.Diff(granted, used); diff != "" {
			err = errors.Join(err, errors.New("-granted +used:\n"+diff))
		}
		return err
	})
}

// uses returns what the webhook asked for of the resources of some rules. Every user in the log is the webhook.
func (i *installation) uses(rules []rbacv1.PolicyRule) (map[permission]bool, error) {
	file, err := os.Open(i.auditLog)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	used := map[permission]bool{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var event auditv1.Event
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			// The last line may be half written: it is read again.
			break
		}
		ref := event.ObjectRef
		if ref != nil && slices.ContainsFunc(rules, func(rule rbacv1.PolicyRule) bool { return slices.Contains(rule.Resources, ref.Resource) }) {
			used[permission{event.Verb, ref.Resource, ref.Name}] = true
		}
	}
	return used, lines.Err()
}
