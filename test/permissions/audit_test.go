package permissions

import (
	"net/http"

	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"greenlight.dev/greenlight/test/auditlog"
	"greenlight.dev/greenlight/test/install"
)

// uses returns what a ServiceAccount was allowed by its roles and asked the API server for, by the audit log.
func uses(log, account string) (map[permission]bool, error) {
	events, err := auditlog.Read(log)
	if err != nil {
		return nil, err
	}
	used := map[permission]bool{}
	for _, event := range events {
		if event.User.Username == "system:serviceaccount:"+install.Namespace+":"+account && event.ObjectRef != nil {
			add(used, event, account)
		}
	}
	return used, nil
}

func add(used map[permission]bool, event auditv1.Event, account string) {
	ref := event.ObjectRef
	use := permission{Verb: event.Verb, Group: ref.APIGroup, Resource: ref.Resource, Own: ref.Namespace == install.Namespace}
	if ref.Subresource != "" {
		use.Resource += "/" + ref.Subresource
	}
	// A creation cannot be bound to a name.
	if ref.Name == account && event.Verb != "create" {
		use.Name = account
	}
	used[use] = true
	// What server-side apply creates takes the permission to create as well.
	if event.Verb == "patch" && event.ResponseStatus != nil && event.ResponseStatus.Code == http.StatusCreated {
		use.Verb = "create"
		used[use] = true
	}
}
