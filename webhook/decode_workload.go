package webhook

import (
	"github.com/go-json-experiment/json/jsontext"
	appsv1 "k8s.io/api/apps/v1"

	"greenlight.dev/greenlight/state"
)

func decodeReplicaSet(object []byte) (*appsv1.ReplicaSet, error) {
	replicaSet := &appsv1.ReplicaSet{TypeMeta: typeMeta(state.ReplicaSet)}
	d := newDecoder(object)
	return replicaSet, members(d, func(name []byte) error {
		switch string(name) {
		case "metadata":
			return readMetadata(d, &replicaSet.ObjectMeta)
		case "status":
			return readObserved(d, &replicaSet.Status.ObservedGeneration)
		case "spec":
			return members(d, func(name []byte) error {
				switch string(name) {
				case "replicas":
					return optional(d, &replicaSet.Spec.Replicas, number)
				case "selector":
					return optional(d, &replicaSet.Spec.Selector, readSelector)
				case "template":
					return readPodTemplate(d, &replicaSet.Spec.Template)
				}
				return skip(d)
			})
		}
		return skip(d)
	})
}

func decodeStatefulSet(object []byte) (*appsv1.StatefulSet, error) {
	statefulSet := &appsv1.StatefulSet{TypeMeta: typeMeta(state.StatefulSet)}
	d := newDecoder(object)
	return statefulSet, members(d, func(name []byte) error {
		switch string(name) {
		case "metadata":
			return readMetadata(d, &statefulSet.ObjectMeta)
		case "status":
			return readObserved(d, &statefulSet.Status.ObservedGeneration)
		case "spec":
			return members(d, func(name []byte) error {
				switch string(name) {
				case "replicas":
					return optional(d, &statefulSet.Spec.Replicas, number)
				case "updateStrategy":
					return into(d, &statefulSet.Spec.UpdateStrategy)
				case "ordinals":
					return into(d, &statefulSet.Spec.Ordinals)
				case "selector":
					return optional(d, &statefulSet.Spec.Selector, readSelector)
				case "template":
					return readPodTemplate(d, &statefulSet.Spec.Template)
				}
				return skip(d)
			})
		}
		return skip(d)
	})
}

func readObserved(d *jsontext.Decoder, generation *int64) error {
	return members(d, func(name []byte) error {
		if string(name) == "observedGeneration" {
			return number(d, generation)
		}
		return skip(d)
	})
}
