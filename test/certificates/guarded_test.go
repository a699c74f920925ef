package certificates

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// bundle returns the CA that every webhook of both configurations trusts.
func (i *installation) bundle(ctx context.Context) ([]byte, error) {
	var mutating admissionregistrationv1.MutatingWebhookConfiguration
	var validating admissionregistrationv1.ValidatingWebhookConfiguration
	key := client.ObjectKey{Name: "greenlight"}
	if err := errors.Join(i.Get(ctx, key, &mutating), i.Get(ctx, key, &validating)); err != nil {
		return nil, err
	}
	bundle := mutating.Webhooks[0].ClientConfig.CABundle
	if len(bundle) == 0 {
		return nil, errors.New("no CA is injected yet")
	}
	for _, webhook := range validating.Webhooks {
		if !bytes.Equal(webhook.ClientConfig.CABundle, bundle) {
			return nil, fmt.Errorf("webhook %s trusts another CA than the mutating webhook", webhook.Name)
		}
	}
	return bundle, nil
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
	i.eventually("a denial", func(ctx context.Context) error {
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
	})
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
