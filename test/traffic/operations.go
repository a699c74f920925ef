package traffic

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/fixture"
)

// operation is something that people, scripts and pipelines do to an application, right or wrong.
type operation struct {
	name string
	// weight is how often it is done, relative to the others.
	weight int
	do     func(turn, context.Context) error
}

// operations are weighted so that colours are made whole about as often as they are taken away: what does
// not serve cannot be lost.
var operations = []operation{
	{"switch", 16, turn.switchOver},
	{"widen", 4, turn.widen},
	{"scale", 8, turn.scale},
	{"apply", 22, turn.apply},
	{"roll", 6, turn.roll},
	{"roll out what never becomes ready", 2, turn.breakTemplate},
	{"relabel", 2, turn.relabel},
	{"undo", 5, turn.undo},
	{"pause", 2, turn.pause},
	{"resume", 4, turn.resume},
	{"drain", 5, turn.drain},
	{"switch while the target is drained", 14, turn.switchWhileDrained},
	{"drain both at once", 5, turn.drainBoth},
	{"two switches at once", 2, turn.switchBothWays},
	{"fail a pod", 2, turn.failPod},
	{"mend the pods", 3, turn.mendPods},
}

func (t turn) service() *corev1.Service {
	return &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: t.namespace, Name: t.services[t.number%len(t.services)]}}
}

// switchOver points the Service at the colour alone.
func (t turn) switchOver(ctx context.Context) error {
	service := t.service()
	return t.patch(ctx, fmt.Sprintf("switch %s to %s", service.Name, t.colour), service,
		values{"spec": values{"selector": values{versionLabel: t.colour}}})
}

// widen points the Service at both colours.
func (t turn) widen(ctx context.Context) error {
	service := t.service()
	return t.patch(ctx, "widen "+service.Name+" to both colours", service,
		values{"spec": values{"selector": values{versionLabel: nil}}})
}

func (t turn) switchWhileDrained(ctx context.Context) error {
	return atOnce(func() error { return t.switchOver(ctx) }, func() error { return t.drain(ctx) })
}

func (t turn) drainBoth(ctx context.Context) error {
	rest := t
	rest.colour = other(t.colour)
	return atOnce(func() error { return t.drain(ctx) }, func() error { return rest.drain(ctx) })
}

func (t turn) switchBothWays(ctx context.Context) error {
	back := t
	back.colour = other(t.colour)
	return atOnce(func() error { return t.switchOver(ctx) }, func() error { return back.switchOver(ctx) })
}

// failPod lets a pod fail by itself, which is nobody's write: its readiness probe fails, or its node ends
// it.
func (t turn) failPod(ctx context.Context) error {
	pods, err := t.pods(ctx)
	if err != nil || len(pods) == 0 {
		return err
	}
	failing := &pods[t.number%len(pods)]
	if t.number%3 > 0 {
		return client.IgnoreNotFound(t.client.Patch(ctx, failing, readiness("false")))
	}
	t.history.fails(failing.UID)
	return client.IgnoreNotFound(t.client.Delete(ctx, failing))
}

// mendPods lets each pod become ready that failed.
func (t turn) mendPods(ctx context.Context) error {
	pods, err := t.pods(ctx)
	if err != nil {
		return err
	}
	for i := range pods {
		if pods[i].Annotations[cluster.ReadyAnnotation] != "false" {
			continue
		}
		if err := client.IgnoreNotFound(t.client.Patch(ctx, &pods[i], readiness("true"))); err != nil {
			return err
		}
	}
	return nil
}

func readiness(value string) client.Patch {
	return mergePatch(values{"metadata": values{"annotations": values{cluster.ReadyAnnotation: value}}})
}

// pods are those of both colours that are not being deleted.
func (t turn) pods(ctx context.Context) ([]corev1.Pod, error) {
	list := &corev1.PodList{}
	if err := t.client.List(ctx, list, client.InNamespace(t.namespace), client.MatchingLabels{"app": fixture.App}); err != nil {
		return nil, err
	}
	var pods []corev1.Pod
	for _, pod := range list.Items {
		if pod.DeletionTimestamp == nil {
			pods = append(pods, pod)
		}
	}
	return pods, nil
}
