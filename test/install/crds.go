package install

import (
	"context"
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const (
	kindCRD = "CustomResourceDefinition"
	// establishedLimit is for the API server to serve a kind that it was just told of.
	establishedLimit = 30 * time.Second
)

// waitEstablished waits until the kinds that were applied are served.
func waitEstablished(ctx context.Context, admin client.Client, objects []*unstructured.Unstructured) error {
	for _, object := range objects {
		if object.GetKind() != kindCRD {
			continue
		}
		err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, establishedLimit, true, func(ctx context.Context) (bool, error) {
			err := admin.Get(ctx, client.ObjectKeyFromObject(object), object)
			return established(object), err
		})
		if err != nil {
			return fmt.Errorf("waiting until %s %s is established: %w", kindCRD, object.GetName(), err)
		}
	}
	return nil
}

func established(crd *unstructured.Unstructured) bool {
	conditions, _, _ := unstructured.NestedSlice(crd.Object, "status", "conditions")
	return slices.ContainsFunc(conditions, func(condition any) bool {
		fields, ok := condition.(map[string]any)
		return ok && fields["type"] == "Established" && fields["status"] == "True"
	})
}
