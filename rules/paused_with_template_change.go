package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"

	"greenlight.dev/greenlight/traffic"
)

var pausedWithTemplateChange = &Rule{
	ID: "paused-with-template-change",
	Doc: `# The change is not rolled out, because the Deployment is paused

A paused Deployment takes a new pod template and does nothing with it: the old pods stay, kubectl apply
succeeds, and kubectl rollout status waits. A pause that somebody forgot makes every release a silent
no-op.

## Wrong

    spec:
      paused: true
      template:
        spec:
          containers:
            - name: web
              image: shop/web:1.4.3 # was 1.4.2

## Right

    spec:
      template:
        spec:
          containers:
            - name: web
              image: shop/web:1.4.3

## How to fix it

Resume the Deployment with kubectl rollout resume, once all that belongs to the change is there, and take
paused out of the manifest.
`,
	Kinds: deployments,
	Ops:   []Operation{Update},
	Run:   runPausedWithTemplateChange,
}

func runPausedWithTemplateChange(_ context.Context, pass *Pass) error {
	old, updated := pass.Old.(*appsv1.Deployment), pass.Object.(*appsv1.Deployment)
	if !updated.Spec.Paused || traffic.TemplateFingerprint(&old.Spec.Template) == traffic.TemplateFingerprint(&updated.Spec.Template) {
		return nil
	}
	pass.Report(Finding{
		Path: specPath.Child("paused"),
		Message: fmt.Sprintf("the pod template changes while the Deployment is paused: its pods (replicas: %d) get the change only once it is resumed.",
			traffic.Replicas(updated.Spec.Replicas)),
		Fix: fmt.Sprintf("Run %q, or take paused: true out.", resume(updated)),
	})
	return nil
}

func resume(deployment *appsv1.Deployment) string {
	if deployment.Namespace == "" {
		return "kubectl rollout resume deployment/" + deployment.Name
	}
	return fmt.Sprintf("kubectl rollout resume -n %s deployment/%s", deployment.Namespace, deployment.Name)
}
