package fix

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"greenlight.dev/greenlight/internal/yamlpatch"
	"greenlight.dev/greenlight/mutate"
)

// step is one operation as people say it.
type step struct {
	operation string
	// field is what is changed, with its value, and holder that in which it is.
	field, holder string
}

// inContainer splits the path of a field of a container.
var inContainer = regexp.MustCompile(`^/spec/template/spec/containers/(\d+)/(.+)$`)

func (n need) step(operation mutate.Operation) step {
	path := jsontext.Pointer(operation.Path)
	step := step{operation: operation.Op, field: path.LastToken(), holder: fieldPath(path.Parent())}
	if match := inContainer.FindStringSubmatch(operation.Path); match != nil {
		step.field = strings.ReplaceAll(match[2], "/", ".")
		if i, err := strconv.Atoi(match[1]); err == nil {
			step.holder = fmt.Sprintf("container %q", n.deployment.Spec.Template.Spec.Containers[i].Name)
		}
	}
	if operation.Op != "remove" {
		step.field += ": " + flow(operation.Value)
	}
	return step
}

// flow writes a value in one line.
func flow(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	written, err := yamlpatch.Flow(encoded)
	if err != nil {
		return string(encoded)
	}
	return written
}

// wordings are how people say each operation, as something to do and as done.
var wordings = map[string]struct{ todo, done, holds string }{
	"add":     {"add", "added", "to"},
	"replace": {"set", "set", "in"},
	"remove":  {"remove", "removed", "from"},
}

func (s step) todo() string {
	wording := wordings[s.operation]
	return fmt.Sprintf("%s %s %s %s", wording.todo, s.field, wording.holds, s.holder)
}

func (s step) done() string {
	wording := wordings[s.operation]
	return fmt.Sprintf("%s %s %s %s", wording.done, s.field, wording.holds, s.holder)
}

// fieldPath returns a pointer as field.Path prints it.
func fieldPath(pointer jsontext.Pointer) string {
	var path strings.Builder
	for token := range pointer.Tokens() {
		switch _, err := strconv.Atoi(token); {
		case err == nil, strings.Contains(token, "."):
			path.WriteString("[" + token + "]")
		case path.Len() > 0:
			path.WriteString("." + token)
		default:
			path.WriteString(token)
		}
	}
	return path.String()
}
