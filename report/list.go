package report

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// pageSize bounds one answer of the API server.
const pageSize = 500

// List returns the reports of Greenlight in a namespace, or in all of them where it is empty.
func List(ctx context.Context, api dynamic.Interface, format Format, namespace string) ([]Report, error) {
	resource := api.Resource(format.Kind.GroupVersion().WithResource(format.Resource)).Namespace(namespace)
	options := metav1.ListOptions{LabelSelector: Selector, Limit: pageSize}
	var reports []Report
	for {
		page, err := resource.List(ctx, options)
		if apierrors.IsNotFound(err) {
			return nil, fmt.Errorf("there is no CRD %s.%s in the cluster: the scanner has nowhere to report", format.Resource, format.Kind.Group)
		}
		if err != nil {
			return nil, fmt.Errorf("listing the reports: %w", err)
		}
		for i := range page.Items {
			report, err := Read(&page.Items[i])
			if err != nil {
				return nil, err
			}
			reports = append(reports, report)
		}
		if options.Continue = page.GetContinue(); options.Continue == "" {
			return reports, nil
		}
	}
}
