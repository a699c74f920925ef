package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

var mutableTagPullPolicy = &Rule{
	ID: "mutable-tag-pull-policy",
	Doc: `# Nodes run different versions under one name

An image without a tag, or with the tag latest, is whatever was pushed last. With an imagePullPolicy of
IfNotPresent a node that has pulled it once never asks again: pods of one ReplicaSet run old code on one
node and new code on the next.

The API server sets Always for such an image, but only where the policy is left out when the container
is added. It stays as it was when the tag is changed later, as kubectl set image does.

## Wrong

    image: shop/web:latest
    imagePullPolicy: IfNotPresent

## Right

    image: shop/web:1.4.2
    imagePullPolicy: IfNotPresent

## How to fix it

Give each build a tag of its own that is never pushed again. Until then, set imagePullPolicy: Always.
`,
	Kinds: deployments,
	Run:   runMutableTagPullPolicy,
}

func runMutableTagPullPolicy(_ context.Context, pass *Pass) error {
	for _, container := range allContainers(&pass.Object.(*appsv1.Deployment).Spec.Template.Spec) {
		if container.ImagePullPolicy != corev1.PullIfNotPresent {
			continue
		}
		if why := mutable(container.Image); why != "" {
			pass.Report(Finding{
				Path:    container.path().Child("imagePullPolicy"),
				Message: fmt.Sprintf("image %q %s, and imagePullPolicy IfNotPresent keeps what a node once pulled: nodes run different versions.", container.Image, why),
				Fix:     "Use a tag that is never pushed again, or set imagePullPolicy: Always.",
			})
		}
	}
	return nil
}
