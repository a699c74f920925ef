package reviews

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"greenlight.dev/greenlight/test/fixture"
)

// Captured are the bodies of the two reviews of one change, as the API server sent them: what mutating webhooks
// are asked, and then what validating ones are.
type Captured struct{ Mutate, Validate []byte }

// captureLimit is for the API server to take note of the webhook configurations.
const captureLimit = 30 * time.Second

// recorder is a webhook that allows everything and keeps the last review of each path.
type recorder struct {
	mutex sync.Mutex
	last  map[string][]byte
}

// Capture applies the manifest of a Deployment to a cluster with Greenlight, writes the status that its controller
// would, replaces it by the manifest with another image, and returns the reviews of that update. The manifest lacks
// what was injected at first, and the webhook that captures is asked before Greenlight: so its review is one in which
// Greenlight injects, and the review for validation is one in which it has.
func Capture(ctx context.Context, guarded *fixture.Guarded, namespace string, manifest []byte) (Captured, error) {
	recorder := &recorder{last: map[string][]byte{}}
	server := httptest.NewTLSServer(recorder)
	defer server.Close()
	for _, configuration := range configurations(server) {
		if err := guarded.Client.Create(ctx, configuration); err != nil {
			return Captured{}, err
		}
	}
	captured, err := recorder.capture(ctx, guarded, namespace, manifest)
	for _, configuration := range configurations(server) {
		if err := guarded.Client.Delete(ctx, configuration); err != nil {
			return Captured{}, err
		}
	}
	return captured, err
}

func (r *recorder) capture(ctx context.Context, guarded *fixture.Guarded, namespace string, manifest []byte) (Captured, error) {
	err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, captureLimit, true, func(ctx context.Context) (bool, error) {
		return r.complete(), kubectl(ctx, guarded, manifest, "apply", "--namespace", namespace, "--dry-run=server")
	})
	if err != nil {
		return Captured{}, fmt.Errorf("waiting for the API server to send reviews: %w", err)
	}
	if err := kubectl(ctx, guarded, manifest, "apply", "--namespace", namespace); err != nil {
		return Captured{}, err
	}
	if err := roll(ctx, guarded.Client, namespace, manifest); err != nil {
		return Captured{}, err
	}
	newer, err := withNewImage(manifest)
	if err != nil {
		return Captured{}, err
	}
	if err := kubectl(ctx, guarded, newer, "replace", "--save-config", "--namespace", namespace); err != nil {
		return Captured{}, err
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return Captured{Mutate: r.last[mutatePath], Validate: r.last[validatePath]}, nil
}

func kubectl(ctx context.Context, guarded *fixture.Guarded, manifest []byte, args ...string) error {
	output, err := guarded.Kubectl(ctx, string(manifest), append(args, "-f", "-")...)
	if err != nil {
		return fmt.Errorf("kubectl %s: %w: %s", args[0], err, output)
	}
	return nil
}

// roll writes the status of a Deployment that is rolled out.
func roll(ctx context.Context, admin client.Client, namespace string, manifest []byte) error {
	deployment := &appsv1.Deployment{}
	if err := yaml.Unmarshal(manifest, deployment); err != nil {
		return err
	}
	key := client.ObjectKey{Namespace: namespace, Name: deployment.Name}
	if err := admin.Get(ctx, key, deployment); err != nil {
		return err
	}
	replicas := *deployment.Spec.Replicas
	deployment.Status = appsv1.DeploymentStatus{
		ObservedGeneration: deployment.Generation,
		Replicas:           replicas, UpdatedReplicas: replicas, ReadyReplicas: replicas, AvailableReplicas: replicas,
	}
	return admin.Status().Update(ctx, deployment)
}

func withNewImage(manifest []byte) ([]byte, error) {
	deployment := &appsv1.Deployment{}
	if err := yaml.Unmarshal(manifest, deployment); err != nil {
		return nil, err
	}
	deployment.Spec.Template.Spec.Containers[0].Image += "-next"
	return json.Marshal(deployment)
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, review, err := read(request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mutex.Lock()
	r.last[request.URL.Path] = body
	r.mutex.Unlock()
	review.Response = &admissionv1.AdmissionResponse{UID: review.Request.UID, Allowed: true}
	review.Request = nil
	_ = json.NewEncoder(w).Encode(review) // the API server tells of an answer that did not arrive
}

// complete says whether both kinds of webhook were asked.
func (r *recorder) complete() bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return len(r.last) == 2
}
