package rules

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"greenlight.dev/greenlight/state"
)

var antiAffinityPath = templatePath.Child("affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")

// selfTerm is a required anti-affinity term that keeps the pods of a Deployment, old and new, apart.
type selfTerm struct {
	index       int
	topologyKey string
}

// againstItself returns the terms by which the Deployment's pods avoid each other. It returns
// state.Unknown too where a term asks for labels of the namespace.
func againstItself(deployment *appsv1.Deployment) (terms []selfTerm, unknown error) {
	affinity := deployment.Spec.Template.Spec.Affinity
	if affinity == nil || affinity.PodAntiAffinity == nil {
		return nil, nil
	}
	for i, term := range affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution {
		if !matchesAllRevisions(&term, podLabels(deployment)) {
			continue
		}
		inside, err := coversNamespace(&term, deployment.Namespace)
		if err != nil {
			unknown = err
		}
		if inside {
			terms = append(terms, selfTerm{i, term.TopologyKey})
		}
	}
	return terms, unknown
}

// matchesAllRevisions reports whether a term means pods with these labels, whatever their
// pod-template-hash. A key of matchLabelKeys asks for the pod's own value, one of mismatchLabelKeys for
// any other; a key that the pod lacks is ignored. The source is applyMatchLabelKeysAndMismatchLabelKeys
// in pkg/registry/core/pod of Kubernetes.
func matchesAllRevisions(term *corev1.PodAffinityTerm, own labels.Set) bool {
	selector, err := metav1.LabelSelectorAsSelector(term.LabelSelector)
	if err != nil || !selector.Matches(own) {
		return false
	}
	keys := slices.Concat(term.MatchLabelKeys, term.MismatchLabelKeys)
	return !slices.Contains(keys, appsv1.DefaultDeploymentUniqueLabelKey) && !slices.ContainsFunc(term.MismatchLabelKeys, own.Has)
}

// coversNamespace reports whether a term means pods of this namespace. Without any namespaces it means
// those of the pod's own.
func coversNamespace(term *corev1.PodAffinityTerm, namespace string) (bool, error) {
	selector := term.NamespaceSelector
	switch {
	case len(term.Namespaces) == 0 && selector == nil, slices.Contains(term.Namespaces, namespace):
		return true, nil
	case selector == nil:
		return false, nil
	case len(selector.MatchLabels)+len(selector.MatchExpressions) == 0:
		return true, nil
	}
	return false, state.Unknown{Reason: "whether the namespaceSelector of an anti-affinity selects this namespace is not known"}
}
