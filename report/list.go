package report

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/internal/cluster"
)

// List returns the reports of Greenlight in a namespace, or in all of them where it is empty.
func List(ctx context.Context, api client.Reader, format Format, namespace string) ([]Report, error) {
	list := &unstructured.UnstructuredList{}
	list.SetGroupVersionKind(format.Kind)
	options := client.ListOptions{Namespace: namespace, LabelSelector: labels.SelectorFromSet(managed)}
	var reports []Report
	err := cluster.EachItem(ctx, api, list, options, func(item runtime.Object) error {
		report, err := Read(item.(*unstructured.Unstructured))
		reports = append(reports, report)
		return err
	})
	if meta.IsNoMatchError(err) || apierrors.IsNotFound(err) {
		return nil, fmt.Errorf("there is no CRD %s.%s in the cluster: the scanner has nowhere to report", format.Resource, format.Kind.Group)
	}
	if err != nil {
		return nil, fmt.Errorf("listing the reports: %w", err)
	}
	return reports, nil
}
