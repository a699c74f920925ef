package scale

import (
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/reviews"
)

// question is the review of a change in the first namespace of a platform. It is a dry run: otherwise each switch would
// leave an announcement, of which the next has more to read.
type question struct {
	name, path string
	// injects says that it is given a probe.
	injects   bool
	operation admissionv1.Operation
	// old is nil where something is created.
	object, old client.Object
}

// questions are the same of every platform.
func questions(t *testing.T, admin client.Client) []question {
	t.Helper()
	deployment, service := &appsv1.Deployment{}, &corev1.Service{}
	must(t, admin.Get(t.Context(), client.ObjectKey{Namespace: namespaceName(0), Name: deploymentName(0)}, deployment))
	must(t, admin.Get(t.Context(), client.ObjectKey{Namespace: namespaceName(0), Name: serviceName(0, 0)}, service))
	updated := deployment.DeepCopy()
	updated.Spec.Template.Spec.Containers[0].Image += "-next"
	created := labelled(namespaceName(0), 1000)
	switched := service.DeepCopy()
	switched.Spec.Selector = fixture.Labels("1")
	const validate, mutate = "/validate/deployments", "/mutate/deployments"
	return []question{
		{"an update is validated", validate, false, admissionv1.Update, updated, deployment},
		{"an update is given probe and hook", mutate, true, admissionv1.Update, fixture.Bare(updated.DeepCopy()), deployment},
		{"a creation is validated", validate, false, admissionv1.Create, created, nil},
		{"a creation is given probe and hook", mutate, true, admissionv1.Create, fixture.Bare(created.DeepCopy()), nil},
		{"a Service is switched", "/validate/services", false, admissionv1.Update, switched, service},
	}
}

// body returns what is sent.
func (q question) body(t *testing.T) []byte {
	t.Helper()
	body, err := reviews.NewDryRun(q.operation, q.object, q.old)
	must(t, err)
	return body
}
