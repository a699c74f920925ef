package rules

import (
	"context"
	"fmt"

	"github.com/distribution/reference"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
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
	spec := &pass.Object.(*appsv1.Deployment).Spec.Template.Spec
	reportMutableTags(pass, "initContainers", spec.InitContainers)
	reportMutableTags(pass, "containers", spec.Containers)
	return nil
}

func reportMutableTags(pass *Pass, kind string, containers []corev1.Container) {
	for _, container := range containers {
		if why := mutable(container.Image); why != "" {
			pass.Report(Finding{
				Path:    containerPath(kind, container.Name).Child("image"),
				Message: fmt.Sprintf("image %q %s: a rollback would not bring the same code back.", container.Image, why),
				Fix:     "Use a tag that is never pushed again, or a digest.",
			})
		}
	}
}

// mutable returns why an image name can come to mean other code: empty if it cannot, or if it is not
// a valid name, which no node can pull.
func mutable(image string) string {
	named, err := reference.ParseNormalizedNamed(image)
	if err != nil {
		return ""
	}
	if _, pinned := named.(reference.Digested); pinned {
		return ""
	}
	tagged, ok := named.(reference.Tagged)
	switch {
	case !ok:
		return "has no tag, which means latest"
	case tagged.Tag() == "latest":
		return "has the tag latest"
	}
	return ""
}
