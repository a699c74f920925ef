package install

import (
	"cmp"
	"context"
	"errors"
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

// waitGuarded tries two Deployments without creating them: one until Greenlight denies it, one until
// Greenlight adds what it lacks. The API server takes note of the two configurations apart.
func waitGuarded(ctx context.Context, admin client.Client) error {
	if err := waitDenied(ctx, admin); err != nil {
		return err
	}
	return waitInjected(ctx, admin)
}

func waitDenied(ctx context.Context, admin client.Client) error {
	var last error
	err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, guardedLimit, true, func(ctx context.Context) (bool, error) {
		last = admin.Create(ctx, denied(), client.DryRunAll)
		return apierrors.IsForbidden(last), nil
	})
	if wait.Interrupted(err) {
		return fmt.Errorf("the API server does not ask Greenlight: a Deployment that must be denied is answered with %w: %w", orAdmitted(last), err)
	}
	return err
}

func waitInjected(ctx context.Context, admin client.Client) error {
	var last error
	err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, guardedLimit, true, func(ctx context.Context) (bool, error) {
		tried := bare()
		last = admin.Create(ctx, tried, client.DryRunAll)
		return tried.Spec.Template.Spec.Containers[0].ReadinessProbe != nil, nil
	})
	if wait.Interrupted(err) {
		return fmt.Errorf("the API server does not let Greenlight inject: a Deployment without a readiness probe gets none and is answered with %w: %w", orAdmitted(last), err)
	}
	return err
}

// waitUnguarded tries the two until neither a denial nor an injection comes.
func waitUnguarded(ctx context.Context, admin client.Client) error {
	err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, guardedLimit, true, func(ctx context.Context) (bool, error) {
		wrong, tried := admin.Create(ctx, denied(), client.DryRunAll), bare()
		if err := admin.Create(ctx, tried, client.DryRunAll); err != nil {
			return false, err
		}
		return wrong == nil && tried.Spec.Template.Spec.Containers[0].ReadinessProbe == nil, nil
	})
	if wait.Interrupted(err) {
		return fmt.Errorf("the API server still asks Greenlight, whose webhook configurations were deleted: %w", err)
	}
	return err
}

// orAdmitted is the answer to a dry run as an error, which no error is not.
func orAdmitted(err error) error {
	return cmp.Or(err, errors.New("its admission"))
}

// denied is wrong wherever it is applied: its readiness probe names a port that is not there.
func denied() *appsv1.Deployment {
	return deployment(corev1.Container{
		Name: "probe", Image: "probe:1",
		ReadinessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{
			TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromString("absent")},
		}},
	})
}

// bare has a port to probe, and no probe.
func bare() *appsv1.Deployment {
	return deployment(corev1.Container{
		Name: "bare", Image: "bare:1",
		Ports: []corev1.ContainerPort{{ContainerPort: 8080}},
	})
}

func deployment(container corev1.Container) *appsv1.Deployment {
	labels := map[string]string{"app": "greenlight-probe"}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: "greenlight-probe", Namespace: metav1.NamespaceDefault},
		Spec: appsv1.DeploymentSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{container}},
			},
		},
	}
}
