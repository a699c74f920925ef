package releases

import (
	"context"
	"fmt"
	"strconv"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/fixture"
)

// lane is one Service with a blue and a green Deployment, in a namespace of its own, which is released
// to time and again. Lanes differ in size and in how fast their pods become ready.
type lane struct {
	namespace string
	number    int
	client    client.Client
	dynamic   dynamic.Interface
	// serving and idle are the two colours.
	serving, idle string
}

// newLane makes the namespace, in which blue serves.
func newLane(ctx context.Context, guarded *fixture.Guarded, heard *warnings, number int) (*lane, error) {
	config := guarded.Config()
	config.WarningHandler = heard
	admin, err := fixture.NewClient(config)
	if err != nil {
		return nil, err
	}
	watcher, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	namespace, err := guarded.Namespace(ctx)
	if err != nil {
		return nil, err
	}
	l := &lane{namespace: namespace, number: number, client: admin, dynamic: watcher, serving: "blue", idle: "green"}
	if err := admin.Create(ctx, l.deployment("blue", 0)); err != nil {
		return nil, err
	}
	if err := l.waitRollout(ctx, "blue"); err != nil {
		return nil, err
	}
	return l, admin.Create(ctx, fixture.Service(namespace, "blue"))
}

// release does what docs say a release does: each step waits for the one before.
func (l *lane) release(ctx context.Context, build int) error {
	next, previous := l.idle, l.serving
	if err := l.deploy(ctx, next, build); err != nil {
		return fmt.Errorf("deploying %s: %w", next, err)
	}
	if err := l.waitRollout(ctx, next); err != nil {
		return fmt.Errorf("waiting for the rollout of %s: %w", next, err)
	}
	if err := l.switchTo(ctx, next); err != nil {
		return fmt.Errorf("switching to %s: %w", next, err)
	}
	select {
	case <-time.After(keep):
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := l.remove(ctx, previous, build); err != nil {
		return fmt.Errorf("removing %s: %w", previous, err)
	}
	l.serving, l.idle = next, previous
	return nil
}

// deploy creates a colour, or updates it where it was scaled to 0, as kubectl apply does.
func (l *lane) deploy(ctx context.Context, colour string, build int) error {
	wanted := l.deployment(colour, build)
	err := l.client.Create(ctx, wanted)
	if !apierrors.IsAlreadyExists(err) {
		return err
	}
	wanted.ResourceVersion = ""
	return l.client.Update(ctx, wanted)
}

func (l *lane) deployment(colour string, build int) *appsv1.Deployment {
	deployment := fixture.Deployment(l.namespace, colour, colour)
	deployment.Spec.Replicas = new(int32(2 + l.number%3))
	deployment.Spec.MinReadySeconds = int32(l.number % 2)
	template := &deployment.Spec.Template
	template.Spec.Containers[0].Image = "registry.example/hello:1." + strconv.Itoa(build)
	if l.number%4 == 0 {
		template.Annotations[cluster.ReadyAfterAnnotation] = "500ms"
	}
	return deployment
}

func (l *lane) switchTo(ctx context.Context, colour string) error {
	service := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: l.namespace, Name: fixture.App}}
	patch := fmt.Appendf(nil, `{"spec":{"selector":{"version":%q}}}`, colour)
	return l.client.Patch(ctx, service, client.RawPatch(types.MergePatchType, patch))
}

// remove takes away a colour in one of the ways that there are.
func (l *lane) remove(ctx context.Context, colour string, build int) error {
	deployment := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: l.namespace, Name: colour}}
	switch (l.number + build) % 3 {
	case 0:
		return l.client.Delete(ctx, deployment)
	case 1:
		return l.client.Patch(ctx, deployment, client.RawPatch(types.MergePatchType, []byte(`{"spec":{"replicas":0}}`)))
	}
	return l.client.SubResource("scale").Update(ctx, deployment, client.WithSubResourceBody(&autoscalingv1.Scale{
		ObjectMeta: metav1.ObjectMeta{Namespace: l.namespace, Name: colour},
	}))
}
