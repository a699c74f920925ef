package traffic

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apiequality "k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/resource"
)

func TestTemplatesShareAFingerprintExactlyWhenTheControllerTakesThemForEqual(t *testing.T) {
	changes := map[string]func(*corev1.PodTemplateSpec){
		"nothing":               func(*corev1.PodTemplateSpec) {},
		"an empty list":         func(p *corev1.PodTemplateSpec) { p.Spec.InitContainers = []corev1.Container{} },
		"an empty map":          func(p *corev1.PodTemplateSpec) { p.Annotations = map[string]string{} },
		"empty required list":   func(p *corev1.PodTemplateSpec) { p.Spec.Volumes[0].Projected.Sources = []corev1.VolumeProjection{} },
		"an empty struct":       func(p *corev1.PodTemplateSpec) { p.Spec.Containers[0].Lifecycle = &corev1.Lifecycle{} },
		"a pointer to zero":     func(p *corev1.PodTemplateSpec) { p.Spec.TerminationGracePeriodSeconds = new(int64) },
		"a quantity's spelling": func(p *corev1.PodTemplateSpec) { setMemory(p, "1073741824") },
		"a quantity's exponent": func(p *corev1.PodTemplateSpec) { setMemory(p, "1073741824e0") },
		"a quantity":            func(p *corev1.PodTemplateSpec) { setMemory(p, "1G") },
		"an image":              func(p *corev1.PodTemplateSpec) { p.Spec.Containers[0].Image = "web:2" },
		"a label":               func(p *corev1.PodTemplateSpec) { p.Labels["track"] = "canary" },
		"invalid UTF-8":         func(p *corev1.PodTemplateSpec) { p.Labels["track"] = "\xff" },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			before, after := podTemplate(), podTemplate()
			change(after)
			same := TemplateFingerprint(before) == TemplateFingerprint(after)
			if want := apiequality.Semantic.DeepEqual(before, after); same != want {
				t.Errorf("same fingerprint: %v, but semantically equal: %v", same, want)
			}
		})
	}
}

func TestThePodTemplateHashDoesNotCount(t *testing.T) {
	hashed := podTemplate()
	hashed.Labels["pod-template-hash"] = "5d59d67564"
	if TemplateFingerprint(hashed) != TemplateFingerprint(podTemplate()) {
		t.Error("the label pod-template-hash changed the fingerprint")
	}
	if hashed.Labels["pod-template-hash"] == "" {
		t.Error("the template lost its label")
	}
}

func TestAStrippedTemplateKeepsItsLabelsItsFingerprintAndItsNamedPorts(t *testing.T) {
	template := podTemplate()
	http, grpc := corev1.ContainerPort{Name: "http", ContainerPort: 8080}, corev1.ContainerPort{Name: "grpc", ContainerPort: 9090}
	template.Spec.Containers[0].Ports = []corev1.ContainerPort{http, {ContainerPort: 8081}}
	template.Spec.InitContainers = []corev1.Container{
		{Name: "sidecar", RestartPolicy: new(corev1.ContainerRestartPolicyAlways), Ports: []corev1.ContainerPort{grpc}},
		{Name: "init", Ports: []corev1.ContainerPort{{Name: "init", ContainerPort: 7070}}},
	}
	fingerprint := TemplateFingerprint(template)
	for range 2 {
		StripTemplate(template)
		if got := TemplateFingerprint(template); got != fingerprint {
			t.Errorf("fingerprint %s, want %s", got, fingerprint)
		}
	}
	want := corev1.PodSpec{Containers: []corev1.Container{{Ports: []corev1.ContainerPort{http, grpc}}}}
	if diff := cmp.Diff(want, template.Spec); diff != "" || template.Labels["app"] != "web" {
		t.Errorf("stripped to %v (-want +got):\n%s", template, diff)
	}
}

func TestATemplateDoesNotGiveItselfAFingerprint(t *testing.T) {
	template := podTemplate()
	template.Annotations = map[string]string{fingerprintAnnotation: "forged"}
	StripTemplate(template)
	if got := TemplateFingerprint(template); got == "forged" || len(got) != fingerprintLength {
		t.Errorf("fingerprint %q", got)
	}
}

func podTemplate() *corev1.PodTemplateSpec {
	template := &corev1.PodTemplateSpec{}
	template.Labels = map[string]string{"app": "web"}
	template.Spec.Containers = []corev1.Container{{Name: "web", Image: "web:1"}}
	projected := &corev1.ProjectedVolumeSource{}
	template.Spec.Volumes = []corev1.Volume{{Name: "v", VolumeSource: corev1.VolumeSource{Projected: projected}}}
	setMemory(template, "1Gi")
	return template
}

func setMemory(template *corev1.PodTemplateSpec, quantity string) {
	template.Spec.Containers[0].Resources.Limits = corev1.ResourceList{"memory": resource.MustParse(quantity)}
}
