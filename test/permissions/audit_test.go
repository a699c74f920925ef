package permissions

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"

	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"greenlight.dev/greenlight/test/install"
)

// uses returns what a ServiceAccount was allowed by its roles and asked the API server for, by the audit log.
func uses(log, account string) (map[permission]bool, error) {
	file, err := os.Open(log)
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
		if event.User.Username == "system:serviceaccount:"+install.Namespace+":"+account && event.ObjectRef != nil {
			add(used, event, account)
		}
	}
	return used, lines.Err()
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
