package traffic

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// fingerprintAnnotation holds the fingerprint of a template that a cache keeps only in part.
const fingerprintAnnotation = "greenlight.dev/template-fingerprint"

// fingerprintLength is in characters: 128 bits, so that no two templates share one by accident.
const fingerprintLength = 32

// TemplateFingerprint is the same for two templates if and only if the Deployment controller takes
// them for the same revision. The source is EqualIgnoreHash in pkg/controller/deployment/util of
// Kubernetes: the pod-template-hash label does not count, nil equals empty, 1000m equals 1. A
// template that was stripped for a cache keeps the fingerprint that it had.
func TemplateFingerprint(template *corev1.PodTemplateSpec) string {
	if kept, ok := keptFingerprint(template); ok {
		return kept
	}
	return hashTemplate(template)
}

// StripTemplate leaves nothing in the template but its labels, its fingerprint and, in one container without
// a name, the ports that a Service may name. Stripping it again changes nothing: an informer may transform an
// object more than once.
func StripTemplate(template *corev1.PodTemplateSpec) {
	fingerprint, kept := keptFingerprint(template)
	if !kept {
		fingerprint = hashTemplate(template)
	}
	ports := namedPorts(&template.Spec)
	*template = corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{
		Labels:      template.Labels,
		Annotations: map[string]string{fingerprintAnnotation: fingerprint},
	}}
	if len(ports) > 0 {
		template.Spec.Containers = []corev1.Container{{Ports: ports}}
	}
}

// keptFingerprint returns the fingerprint of a stripped template. A template that came from the API has
// a container with a name: its author's word for its fingerprint is not taken.
func keptFingerprint(template *corev1.PodTemplateSpec) (string, bool) {
	kept := template.Annotations[fingerprintAnnotation]
	named := func(container corev1.Container) bool { return container.Name != "" }
	return kept, kept != "" && !slices.ContainsFunc(template.Spec.Containers, named)
}

func hashTemplate(template *corev1.PodTemplateSpec) string {
	unlabelled := *template
	unlabelled.Labels = maps.Clone(template.Labels)
	delete(unlabelled.Labels, appsv1.DefaultDeploymentUniqueLabelKey)
	hash := sha256.New()
	if err := json.MarshalWrite(hash, &unlabelled, canonical); err != nil {
		panic(fmt.Sprintf("a pod template is always valid JSON: %v", err))
	}
	return hex.EncodeToString(hash.Sum(nil))[:fingerprintLength]
}

// canonical makes the encodings of two values equal if and only if apiequality.Semantic takes them
// for equal. A pointer to nothing set is not nil there, hence the legacy semantics.
var canonical = json.JoinOptions(
	json.Deterministic(true),
	jsonv1.OmitEmptyWithLegacySemantics(true),
	jsontext.AllowInvalidUTF8(true),
	json.WithMarshalers(json.MarshalFunc(func(quantity resource.Quantity) ([]byte, error) {
		return resource.NewDecimalQuantity(*quantity.AsDec(), resource.DecimalSI).MarshalJSON()
	})),
)
