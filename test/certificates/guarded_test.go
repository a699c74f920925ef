package certificates

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// bundle returns the CAs that every webhook of both configurations trusts.
func (i *installation) bundle(ctx context.Context) ([]byte, error) {
	bundles, err := i.bundles(ctx)
	if err != nil {
		return nil, err
	}
	if len(bundles) > 1 {
		return nil, fmt.Errorf("webhooks trust %d different bundles", len(bundles))
	}
	if len(bundles[0]) == 0 {
		return nil, errors.New("no CA is injected yet")
	}
	return bundles[0], nil
}

// bundles returns what webhooks trust, once each: one after the other they come to trust the same.
func (i *installation) bundles(ctx context.Context) ([][]byte, error) {
	var mutating admissionregistrationv1.MutatingWebhookConfiguration
	var validating admissionregistrationv1.ValidatingWebhookConfiguration
	key := client.ObjectKey{Name: "greenlight"}
	if err := errors.Join(i.Get(ctx, key, &mutating), i.Get(ctx, key, &validating)); err != nil {
		return nil, err
	}
	bundles := [][]byte{mutating.Webhooks[0].ClientConfig.CABundle}
	for _, webhook := range validating.Webhooks {
		bundles = append(bundles, webhook.ClientConfig.CABundle)
	}
	slices.SortFunc(bundles, bytes.Compare)
	return slices.CompactFunc(bundles, bytes.Equal), nil
}

// trustsAlone checks that no CA is trusted but that of a Secret.
func (i *installation) trustsAlone(secret string) {
	i.Helper()
	bundle, err := i.bundle(i.Context())
	if wanted := i.secret(secret).Data["ca.crt"]; err != nil || !bytes.Equal(bundle, wanted) {
		i.Errorf("webhooks trust\n%sand not\n%s(%v)", bundle, wanted, err)
	}
}

// asksTheWebhook waits until the API server asks the webhook, both to inject and to judge.
func (i *installation) asksTheWebhook() {
	i.Helper()
	i.eventually("an injected probe", func(ctx context.Context) error {
		tried := deployment(corev1.Container{Name: "web", Image: "web:1", Ports: []corev1.ContainerPort{{ContainerPort: 8080}}})
		if err := i.Create(ctx, tried, client.DryRunAll); err != nil {
			return err
		}
		if tried.Spec.Template.Spec.Containers[0].ReadinessProbe == nil {
			return errors.New("a Deployment is admitted as it is")
		}
		return nil
	})
	i.eventually("a denial", i.isDenied)
}

// isDenied fails where a Deployment that must be denied is not, as when the API server does not reach the webhook.
func (i *installation) isDenied(ctx context.Context) error {
	tried := deployment(corev1.Container{Name: "web", Image: "web:1", ReadinessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{
		TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromString("absent")},
	}}})
	switch err := i.Create(ctx, tried, client.DryRunAll); {
	case err == nil:
		return errors.New("a Deployment that must be denied is admitted")
	case !apierrors.IsForbidden(err):
		return err
	}
	return nil
}

func deployment(container corev1.Container) *appsv1.Deployment {
	labels := map[string]string{"app": "web"}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Namespace: metav1.NamespaceDefault, Name: "web"},
		Spec: appsv1.DeploymentSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{container}},
			},
		},
	}
}
