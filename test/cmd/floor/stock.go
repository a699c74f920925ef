package main

import (
	"context"
	"encoding/json"
	"net/http"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// newStock returns a webhook as most are written: it decodes the Deployment, sets a probe and a hook, and lets
// controller-runtime find the patch between what came and what it writes.
func newStock() (http.Handler, error) {
	scheme := runtime.NewScheme()
	if err := appsv1.AddToScheme(scheme); err != nil {
		return nil, err
	}
	decoder := admission.NewDecoder(scheme)
	return &admission.Webhook{Handler: admission.HandlerFunc(func(_ context.Context, request admission.Request) admission.Response {
		var deployment appsv1.Deployment
		if err := decoder.Decode(request, &deployment); err != nil {
			return admission.Errored(http.StatusBadRequest, err)
		}
		inject(&deployment.Spec.Template.Spec.Containers[0])
		patched, err := json.Marshal(&deployment)
		if err != nil {
			return admission.Errored(http.StatusInternalServerError, err)
		}
		return admission.PatchResponseFromRaw(request.Object.Raw, patched)
	})}, nil
}

func inject(container *corev1.Container) {
	container.ReadinessProbe = &corev1.Probe{
		ProbeHandler:  corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(8080)}},
		PeriodSeconds: 5, TimeoutSeconds: 2, FailureThreshold: 3,
	}
	container.Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: 5}}}
}
