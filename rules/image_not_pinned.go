package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
)

var imageNotPinned = &Rule{
	ID: "image-not-pinned",
	Doc: `# The image is named without its digest

A tag is a name that can be moved: whoever can push to the registry decides what the next pod runs, a
rollback and a pod on a new node included. A digest is the hash of the image itself, and names the same
bits for ever.

## Wrong

    image: shop/web:1.4.2

## Right

    image: shop/web:1.4.2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef

## How to fix it

Add the digest that the registry tells when the image is pushed. The tag may stay, for people to read.
`,
	Kinds: deployments,
	Run:   runImageNotPinned,
}

func runImageNotPinned(_ context.Context, pass *Pass) error {
	for _, container := range allContainers(&pass.Object.(*appsv1.Deployment).Spec.Template.Spec) {
		if name, valid := parseImage(container.Image); valid && !name.pinned {
			pass.Report(Finding{
				Path:    container.path().Child("image"),
				Message: fmt.Sprintf("image %q has no digest: whoever pushes it again decides what the next pod runs.", container.Image),
				Fix:     fmt.Sprintf("Add the image's digest: %s@sha256:<digest>.", container.Image),
			})
		}
	}
	return nil
}
