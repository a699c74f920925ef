package releases

import (
	"context"
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"
	"k8s.io/kubectl/pkg/polymorphichelpers"
)

// rolloutLimit is from the write of a Deployment until all of its pods are available.
const rolloutLimit = 2 * time.Minute

// waitRollout waits for what kubectl rollout status waits for, in the same way.
func (l *lane) waitRollout(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, rolloutLimit)
	defer cancel()
	deployments := l.dynamic.Resource(appsv1.SchemeGroupVersion.WithResource("deployments")).Namespace(l.namespace)
	selector := fields.OneTermEqualSelector(metav1.ObjectNameField, name).String()
	source := cache.ToListWatcherWithWatchListSemantics(&cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			options.FieldSelector = selector
			return deployments.List(ctx, options)
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			options.FieldSelector = selector
			return deployments.Watch(ctx, options)
		},
	}, l.dynamic)
	_, err := watchtools.UntilWithSync(ctx, source, &unstructured.Unstructured{}, nil, rolledOut)
	return err
}

func rolledOut(event watch.Event) (bool, error) {
	if event.Type == watch.Deleted {
		return false, fmt.Errorf("it has been deleted")
	}
	viewer := &polymorphichelpers.DeploymentStatusViewer{}
	_, done, err := viewer.Status(event.Object.(runtime.Unstructured), 0)
	return done, err
}
