package traffic

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/fixture"
)

const (
	// versionLabel is what Services select a colour by, and what a relabelled template changes.
	versionLabel = "version"
	// workloadLabel is what a workload selects its pods by. It never changes.
	workloadLabel = "workload"
)

const (
	blue  = "blue"
	green = "green"
)

const (
	deployment  = "Deployment"
	replicaSet  = "ReplicaSet"
	statefulSet = "StatefulSet"
)

// application is one namespace: Services, and a blue and a green workload that they are switched between.
type application struct {
	namespace string
	services  []string
	// kinds are those of the two workloads, by colour.
	kinds map[string]string
}

// newWorld makes the applications and starts to serve them with blue.
func newWorld(ctx context.Context, c client.Client) ([]application, error) {
	world := []application{
		{services: []string{"live"}, kinds: map[string]string{blue: deployment, green: deployment}},
		{services: []string{"live"}, kinds: map[string]string{blue: deployment, green: deployment}},
		{services: []string{"live", "preview"}, kinds: map[string]string{blue: deployment, green: deployment}},
		{services: []string{"live"}, kinds: map[string]string{blue: deployment, green: statefulSet}},
		{services: []string{"live"}, kinds: map[string]string{blue: statefulSet, green: statefulSet}},
		{services: []string{"live"}, kinds: map[string]string{blue: replicaSet, green: replicaSet}},
	}
	for i := range world {
		if err := world[i].create(ctx, c); err != nil {
			return nil, fmt.Errorf("making application %d: %w", i, err)
		}
	}
	return world, nil
}

func (a *application) create(ctx context.Context, c client.Client) error {
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "traffic-"}}
	if err := c.Create(ctx, namespace); err != nil {
		return err
	}
	a.namespace = namespace.Name
	for _, name := range a.services {
		if err := c.Create(ctx, a.newService(name)); err != nil {
			return err
		}
	}
	for _, colour := range []string{blue, green} {
		if err := c.Create(ctx, a.newWorkload(colour, 2)); err != nil {
			return err
		}
	}
	return nil
}

func (a *application) newService(name string) *corev1.Service {
	return &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Namespace: a.namespace, Name: name},
		Spec: corev1.ServiceSpec{
			Selector: map[string]string{"app": fixture.App, versionLabel: blue},
			Ports:    []corev1.ServicePort{{Name: "http", Port: 80, TargetPort: intstr.FromString("http")}},
		},
	}
}

// newWorkload is what the manifest of a colour says.
func (a *application) newWorkload(colour string, replicas int32) client.Object {
	like := fixture.Deployment(a.namespace, colour, colour)
	selected := map[string]string{"app": fixture.App, workloadLabel: colour}
	like.Spec.Template.Labels = map[string]string{"app": fixture.App, workloadLabel: colour, versionLabel: colour}
	like.Spec.Template.Annotations[cluster.ReadyAfterAnnotation] = "200ms"
	like.Spec.Selector, like.Spec.Replicas = &metav1.LabelSelector{MatchLabels: selected}, &replicas
	switch a.kinds[colour] {
	case statefulSet:
		return &appsv1.StatefulSet{ObjectMeta: like.ObjectMeta, Spec: appsv1.StatefulSetSpec{
			ServiceName: a.services[0], Replicas: &replicas, Selector: like.Spec.Selector, Template: like.Spec.Template,
		}}
	case replicaSet:
		return &appsv1.ReplicaSet{ObjectMeta: like.ObjectMeta, Spec: appsv1.ReplicaSetSpec{
			Replicas: &replicas, Selector: like.Spec.Selector, Template: like.Spec.Template,
		}}
	}
	return like
}

// reference is the workload of a colour without anything but its name.
func (a *application) reference(colour string) client.Object {
	meta := metav1.ObjectMeta{Namespace: a.namespace, Name: colour}
	switch a.kinds[colour] {
	case statefulSet:
		return &appsv1.StatefulSet{ObjectMeta: meta}
	case replicaSet:
		return &appsv1.ReplicaSet{ObjectMeta: meta}
	}
	return &appsv1.Deployment{ObjectMeta: meta}
}

// other is the colour that another is switched to and from.
func other(colour string) string {
	if colour == blue {
		return green
	}
	return blue
}
