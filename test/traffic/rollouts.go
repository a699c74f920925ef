package traffic

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/cluster"
)

const (
	rollAnnotation     = "greenlight.test/roll"
	revisionAnnotation = "deployment.kubernetes.io/revision"
)

// apply makes a colour as its manifest says, with 1 to 4 replicas: it is how things become well again.
func (t turn) apply(ctx context.Context) error {
	replicas := 1 + t.number%4
	does := fmt.Sprintf("apply %s with %d replicas", t.colour, replicas)
	workload := t.reference(t.colour)
	err := t.client.Get(ctx, client.ObjectKeyFromObject(workload), workload)
	if apierrors.IsNotFound(err) {
		created := t.newWorkload(t.colour, int32(replicas))
		return t.write(ctx, does, created, func(ctx context.Context) error { return t.client.Create(ctx, created) })
	}
	if err != nil {
		return err
	}
	change := values{"replicas": replicas}
	if t.kinds[t.colour] == deployment {
		change["paused"] = nil
		change["template"] = t.template(values{cluster.ReadyAnnotation: nil, cluster.ReadyAfterAnnotation: readyAfter(t.number)}, t.colour)
	}
	return t.patch(ctx, does, t.reference(t.colour), values{"spec": change})
}

// readyAfter is one of three delays.
func readyAfter(number int) string { return fmt.Sprintf("%dms", 300*(number/10%3)) }

func (turn) template(annotations values, version string) values {
	return values{"metadata": values{"annotations": annotations, "labels": values{versionLabel: version}}}
}

// roll starts a rollout, as kubectl rollout restart does. Only Deployments are rolled: a StatefulSet takes a
// pod away before it makes the next, and the pods of a ReplicaSet stay as they are.
func (t turn) roll(ctx context.Context) error {
	return t.rollTo(ctx, "roll "+t.colour, values{
		rollAnnotation: strconv.Itoa(t.number), cluster.ReadyAnnotation: nil, cluster.ReadyAfterAnnotation: readyAfter(t.number),
	}, t.colour)
}

// breakTemplate rolls out pods that never become ready.
func (t turn) breakTemplate(ctx context.Context) error {
	return t.rollTo(ctx, "roll "+t.colour+" to what never becomes ready", values{
		rollAnnotation: strconv.Itoa(t.number), cluster.ReadyAnnotation: "false",
	}, t.colour)
}

// relabel rolls out pods of another version: of the other colour's, or of one that no Service selects.
func (t turn) relabel(ctx context.Context) error {
	version := []string{other(t.colour), "none"}[t.number%2]
	return t.rollTo(ctx, "relabel "+t.colour+" to version "+version, values{cluster.ReadyAnnotation: nil}, version)
}

func (t turn) rollTo(ctx context.Context, does string, annotations values, version string) error {
	if t.kinds[t.colour] != deployment {
		return nil
	}
	return t.patch(ctx, does, t.reference(t.colour), values{"spec": values{"template": t.template(annotations, version)}})
}

func (t turn) pause(ctx context.Context) error  { return t.setPaused(ctx, "pause", true) }
func (t turn) resume(ctx context.Context) error { return t.setPaused(ctx, "resume", nil) }

func (t turn) setPaused(ctx context.Context, does string, paused any) error {
	if t.kinds[t.colour] != deployment {
		return nil
	}
	return t.patch(ctx, does+" "+t.colour, t.reference(t.colour), values{"spec": values{"paused": paused}})
}

// undo goes back to the template of the revision before, as kubectl rollout undo does.
func (t turn) undo(ctx context.Context) error {
	if t.kinds[t.colour] != deployment {
		return nil
	}
	previous, err := t.previous(ctx)
	if err != nil || previous == nil {
		return err
	}
	delete(previous.Labels, appsv1.DefaultDeploymentUniqueLabelKey)
	annotations := values{rollAnnotation: nil, cluster.ReadyAnnotation: nil, cluster.ReadyAfterAnnotation: nil}
	for key, value := range previous.Annotations {
		annotations[key] = value
	}
	return t.rollTo(ctx, "undo "+t.colour, annotations, previous.Labels[versionLabel])
}

// previous is the template of the last revision but one: nil if there is none.
func (t turn) previous(ctx context.Context) (*corev1.PodTemplateSpec, error) {
	list := &appsv1.ReplicaSetList{}
	err := t.client.List(ctx, list, client.InNamespace(t.namespace), client.MatchingLabels{workloadLabel: t.colour})
	if err != nil {
		return nil, err
	}
	revisions := slices.DeleteFunc(list.Items, func(rs appsv1.ReplicaSet) bool { return metav1.GetControllerOf(&rs) == nil })
	if len(revisions) < 2 {
		return nil, nil
	}
	slices.SortFunc(revisions, func(a, b appsv1.ReplicaSet) int { return revision(b) - revision(a) })
	return &revisions[1].Spec.Template, nil
}

// revision is 0 until the Deployment controller has numbered a ReplicaSet.
func revision(rs appsv1.ReplicaSet) int {
	number, err := strconv.Atoi(rs.Annotations[revisionAnnotation])
	if err != nil {
		return 0
	}
	return number
}
