package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var schemaCompatibilityUnstated = &Rule{
	ID: "schema-compatibility-unstated",
	Doc: `# A new version says nothing of the data that it shares with the old

In a rolling update and in a blue/green release the old and the new version run at once, on the same
database, queues and caches. A version that changes their schema so that the other cannot read it breaks
what still serves, and a rollback cannot mend it.

The annotation greenlight.dev/schema-compatibility states, in words of the team's own, that this was
thought of. A Deployment whose image changes without it is told of.

## Wrong

    metadata:
      name: web

## Right

    metadata:
      name: web
      annotations:
        greenlight.dev/schema-compatibility: reads and writes schema 41 and 42

## How to fix it

Split the change of the schema: add what is new, release the version that uses both, and take away what
is old in a later release. Then state in the annotation which schemas the version works with.
`,
	Kinds: deployments,
	Ops:   []Operation{Update},
	Run:   runSchemaCompatibilityUnstated,
}

// schemaCompatibilityAnnotation states on a Deployment which schemas its version works with.
const schemaCompatibilityAnnotation = "greenlight.dev/schema-compatibility"

func runSchemaCompatibilityUnstated(_ context.Context, pass *Pass) error {
	old, updated := pass.Old.(*appsv1.Deployment), pass.Object.(*appsv1.Deployment)
	change := changedImage(&old.Spec.Template.Spec, &updated.Spec.Template.Spec)
	if change == "" || updated.Annotations[schemaCompatibilityAnnotation] != "" {
		return nil
	}
	pass.Report(Finding{
		Path:    field.NewPath("metadata", "annotations").Key(schemaCompatibilityAnnotation),
		Message: change + ", and nothing states that both versions work with the same data while they run at once.",
		Fix:     fmt.Sprintf("State it in the annotation %s.", schemaCompatibilityAnnotation),
	})
	return nil
}

// changedImage describes the first change of a container's image: empty if there is none. A container
// that is added is no other version of what runs.
func changedImage(old, updated *corev1.PodSpec) string {
	before := map[string]string{}
	for _, container := range allContainers(old) {
		before[container.Name] = container.Image
	}
	for _, container := range allContainers(updated) {
		if image, known := before[container.Name]; known && image != container.Image {
			return fmt.Sprintf("the image of container %q changes from %q to %q", container.Name, image, container.Image)
		}
	}
	return ""
}
