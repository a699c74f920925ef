package webhook

import (
	"github.com/go-json-experiment/json/jsontext"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func readSelector(d *jsontext.Decoder, selector *metav1.LabelSelector) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "matchLabels":
			return texts(d, &selector.MatchLabels)
		case "matchExpressions":
			return into(d, &selector.MatchExpressions)
		}
		return skip(d)
	})
}

func readStrategy(d *jsontext.Decoder, strategy *appsv1.DeploymentStrategy) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "type":
			return text(d, &strategy.Type)
		case "rollingUpdate":
			return optional(d, &strategy.RollingUpdate, readRollingUpdate)
		}
		return skip(d)
	})
}

func readRollingUpdate(d *jsontext.Decoder, update *appsv1.RollingUpdateDeployment) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "maxSurge":
			return optional(d, &update.MaxSurge, intOrString)
		case "maxUnavailable":
			return optional(d, &update.MaxUnavailable, intOrString)
		}
		return skip(d)
	})
}

// readAffinity reads what can keep a pod from starting: required anti-affinity.
func readAffinity(d *jsontext.Decoder, affinity *corev1.Affinity) error {
	return members(d, func(name []byte) error {
		if string(name) == "podAntiAffinity" {
			return optional(d, &affinity.PodAntiAffinity, readAntiAffinity)
		}
		return skip(d)
	})
}

func readAntiAffinity(d *jsontext.Decoder, affinity *corev1.PodAntiAffinity) error {
	return members(d, func(name []byte) error {
		if string(name) == "requiredDuringSchedulingIgnoredDuringExecution" {
			return into(d, &affinity.RequiredDuringSchedulingIgnoredDuringExecution)
		}
		return skip(d)
	})
}

func readResources(d *jsontext.Decoder, resources *corev1.ResourceRequirements) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "requests":
			return quantities(d, &resources.Requests)
		case "limits":
			return quantities(d, &resources.Limits)
		}
		return skip(d)
	})
}
