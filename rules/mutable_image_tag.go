package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
)

var mutableImageTag = &Rule{
	ID: "mutable-image-tag",
	Doc: `# The image cannot be rolled back to

An image without a tag, or with the tag latest, is whatever was pushed last. A rollback starts the same
broken image again, and pods of one ReplicaSet can run different code.

An image with a digest passes, whatever its tag.

## Wrong

    image: registry.example:5000/shop/web

## Right

    image: registry.example:5000/shop/web:1.4.2

## How to fix it

Give each build a tag of its own that is never pushed again, or name the image by its digest.
`,
	Kinds: deployments,
	Run:   runMutableImageTag,
}

func runMutableImageTag(_ context.Context, pass *Pass) error {
	for _, container := range allContainers(&pass.Object.(*appsv1.Deployment).Spec.Template.Spec) {
		if why := mutable(container.Image); why != "" {
			pass.Report(Finding{
				Path:    container.path().Child("image"),
				Message: fmt.Sprintf("image %q %s: a rollback would not bring the same code back.", container.Image, why),
				Fix:     "Use a tag that is never pushed again, or a digest.",
			})
		}
	}
	return nil
}
