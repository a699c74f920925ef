package mutate_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	gocmp "github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/mutate"
	"greenlight.dev/greenlight/state"
)

// newRequest creates a Deployment under the policy's defaults, in a cluster.
func newRequest(t testing.TB, object []byte, cluster state.Reader) mutate.Request {
	t.Helper()
	var policy v1alpha1.RolloutPolicy
	policy.SetDefaults()
	return mutate.Request{
		Deployment: defaulted(t, object),
		Object:     object,
		Defaults:   policy.Spec.Defaults,
		State:      cluster,
	}
}

// defaulted decodes a Deployment as the webhook and the command line do: with the API server's
// defaults, and without managedFields.
func defaulted(t testing.TB, object []byte) *appsv1.Deployment {
	t.Helper()
	var deployment appsv1.Deployment
	if err := json.Unmarshal(object, &deployment); err != nil {
		t.Fatal(err)
	}
	deployment.ManagedFields = nil
	spec := &deployment.Spec.Template.Spec
	if spec.TerminationGracePeriodSeconds == nil {
		spec.TerminationGracePeriodSeconds = new(int64(corev1.DefaultTerminationGracePeriodSeconds))
	}
	for _, container := range spec.Containers {
		for i := range container.Ports {
			container.Ports[i].Protocol = cmp.Or(container.Ports[i].Protocol, corev1.ProtocolTCP)
		}
	}
	return &deployment
}

// mutateUnharmed mutates and asserts that nothing that went in was changed.
func mutateUnharmed(t testing.TB, request mutate.Request) mutate.Result {
	t.Helper()
	deployment, object := request.Deployment.DeepCopy(), bytes.Clone(request.Object)
	result, err := mutate.Mutate(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(deployment, request.Deployment); diff != "" || !bytes.Equal(object, request.Object) {
		t.Errorf("the request was changed: %s", diff)
	}
	return result
}

// checkIdempotence asserts that the patched object needs no patch: neither when the API server invokes
// the webhook again, nor when the Deployment is created from it.
func checkIdempotence(t testing.TB, request mutate.Request, first mutate.Result) {
	t.Helper()
	request.Object = apply(t, request.Object, first.Patch)
	request.Deployment = defaulted(t, request.Object)
	if again := mutateUnharmed(t, request); len(again.Patch) > 0 {
		t.Errorf("a second pass patches again: %v", again.Patch)
	}
}

func apply(t testing.TB, object []byte, operations mutate.Patch) []byte {
	t.Helper()
	if len(operations) == 0 {
		return object
	}
	encoded, err := json.Marshal(operations)
	if err != nil {
		t.Fatal(err)
	}
	patch, err := jsonpatch.DecodePatch(encoded)
	if err != nil {
		t.Fatal(err)
	}
	patched, err := patch.Apply(object)
	if err != nil {
		t.Fatalf("patch %s: %v", encoded, err)
	}
	return patched
}

func toJSON(t testing.TB, document []byte) []byte {
	t.Helper()
	converted, err := yaml.YAMLToJSONStrict(document)
	if err != nil {
		t.Fatal(err)
	}
	return converted
}
