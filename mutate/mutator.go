// Package mutate injects defaults into Deployments that leave them out: each mutator is data plus one
// function in a file of its own. It answers with JSON Patch operations on the object as it was sent,
// so that a field that this build does not know survives.
package mutate

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/state"
)

// Request is one Deployment on its way into the cluster.
type Request struct {
	// Deployment is the Deployment with the API server's defaults filled in. Fields that neither
	// rules nor mutators read may be missing.
	Deployment *appsv1.Deployment
	// Object is the Deployment as JSON, as it was sent.
	Object []byte
	// Old is what it replaces, as JSON: nil when it is created.
	Old []byte
	// Defaults are the policy's, with what it leaves out filled in.
	Defaults v1alpha1.Defaults
	// State answers for Services and ReplicaSets.
	State state.Reader
	// SleepUnsupported says why the cluster has no native preStop sleep: empty where it has.
	SleepUnsupported string
	// Unrecorded says that the patch becomes part of what the author writes: then nothing of it counts as
	// injected later on.
	Unrecorded bool
}

// Result is what a Deployment is to be given.
type Result struct {
	// Patch applies to Request.Object: empty when nothing is missing.
	Patch Patch
	// Warnings are for the Deployment's author.
	Warnings []string
}

// Mutator injects one default.
type Mutator struct {
	// ID is kebab-case and names what is injected.
	ID string
	// Doc says what is injected, where, and when not, in Markdown.
	Doc string
	// Reads are the kinds that the mutator asks its State for.
	Reads []schema.GroupVersionKind
	// Run adds to the pass what the mutator injects.
	Run func(ctx context.Context, pass *Pass) error
}
