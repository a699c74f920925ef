package e2e

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

var (
	wait  = regexp.MustCompile(`\d+m\d+s to go`)
	tried = regexp.MustCompile(`pods "(\S+)-\w{5}" is forbidden`)
)

// plain writes a message as if the names that the API server makes up were known: a ReplicaSet is named
// after its revision, green-1, its pods green-1-a and green-1-b, and the namespace is shop.
func (w world) plain(ctx context.Context, message string) string {
	replicaSets := &appsv1.ReplicaSetList{}
	Expect(guarded.Client.List(ctx, replicaSets, client.InNamespace(w.namespace))).To(Succeed())
	pods := &corev1.PodList{}
	Expect(guarded.Client.List(ctx, pods, client.InNamespace(w.namespace))).To(Succeed())
	var ofPods, ofReplicaSets []string
	for _, replicaSet := range replicaSets.Items {
		name := replicaSet.Name
		if revision := replicaSet.Annotations["deployment.kubernetes.io/revision"]; revision != "" {
			name = metav1.GetControllerOf(&replicaSet).Name + "-" + revision
		}
		ofReplicaSets = append(ofReplicaSets, replicaSet.Name, name)
		suffix := 'a'
		for _, pod := range pods.Items {
			if metav1.IsControlledBy(&pod, &replicaSet) {
				ofPods = append(ofPods, pod.Name, fmt.Sprintf("%s-%c", name, suffix))
				suffix++
			}
		}
	}
	names := slices.Concat(ofPods, ofReplicaSets, []string{w.namespace, "shop"})
	plain := strings.NewReplacer(names...).Replace(message)
	return tried.ReplaceAllString(wait.ReplaceAllString(plain, "a while to go"), `pods "$1-x" is forbidden`)
}

// revision returns the ReplicaSet of one revision of a Deployment.
func (w world) revision(ctx context.Context, name, revision string) *appsv1.ReplicaSet {
	for _, replicaSet := range w.replicaSets(ctx, name) {
		if replicaSet.Annotations["deployment.kubernetes.io/revision"] == revision {
			return &replicaSet
		}
	}
	return nil
}
