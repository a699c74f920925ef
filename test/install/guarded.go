package install

import (
	"context"
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// guardedLimit is for the API server to take note of the webhook configurations.
const guardedLimit = 30 * time.Second

// waitGuarded tries a Deployment that Greenlight denies, without creating it, until it is denied.
func waitGuarded(ctx context.Context, admin client.Client) error {
	var last error
	err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, guardedLimit, true, func(ctx context.Context) (bool, error) {
		last = admin.Create(ctx, denied(), client.DryRunAll)
		return apierrors.IsForbidden(last), nil
	})
	if wait.Interrupted(err) {
		return fmt.Errorf("the API server does not ask Greenlight: a Deployment that must be denied gives %v: %w", last, err)
	}
	return err
}

// denied is wrong wherever it is applied: its readiness probe names a port that is not there.
func denied() *appsv1.Deployment {
	labels := map[string]string{"app": "greenlight-probe"}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: "greenlight-probe", Namespace: metav1.NamespaceDefault},
		Spec: appsv1.DeploymentSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec: corev1.PodSpec{Containers: []corev1.Container{{
					Name: "probe", Image: "probe:1",
					ReadinessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{
						TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromString("absent")},
					}},
				}}},
			},
		},
	}
}
