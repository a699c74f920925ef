package report

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cluster"
)

// stored watches the reports that are in the cluster. It is a manager.Runnable.
type stored struct {
	format  Format
	cluster cluster.Cluster
	// available is called once the reports can be written.
	available func()
	// foreign is called with the namespace of a report that another writer changed or took away.
	foreign func(namespace string)
	// index is nil until the reports were all seen.
	index atomic.Pointer[toolscache.Indexer]
	// missing is that there is no CRD, or none any more.
	missing atomic.Bool
}

// digest is all that is remembered of a report.
type digest struct {
	namespace, name, resourceVersion string
	uid                              types.UID
	hash                             string
	// intact says that the hash is the one that the report was written with.
	intact bool
}

// GetObjectMeta tells the informer what it has to know of a report.
func (d *digest) GetObjectMeta() metav1.Object {
	return &metav1.ObjectMeta{Namespace: d.namespace, Name: d.name, ResourceVersion: d.resourceVersion, UID: d.uid}
}

// NeedLeaderElection says that a scanner in waiting watches too.
func (s *stored) NeedLeaderElection() bool { return false }

// Ready is a readiness check: it fails while there is nowhere to write reports.
func (s *stored) Ready(*http.Request) error {
	switch {
	case s.missing.Load():
		return fmt.Errorf("no report is written, because there is no CRD %s.%s: install it, or choose another format with --reports", s.format.Resource, s.format.Kind.Group)
	case s.index.Load() != nil:
		return nil
	}
	return errors.New("the reports are not read yet")
}

// Start implements manager.Runnable.
func (s *stored) Start(ctx context.Context) error {
	mapping := s.mapping(ctx)
	if mapping == nil {
		return nil
	}
	api, err := dynamic.NewForConfigAndClient(s.cluster.GetConfig(), s.cluster.GetHTTPClient())
	if err != nil {
		return err
	}
	informer := dynamicinformer.NewFilteredDynamicInformer(api, mapping.Resource, metav1.NamespaceAll, 0,
		toolscache.Indexers{toolscache.NamespaceIndex: toolscache.MetaNamespaceIndexFunc},
		func(options *metav1.ListOptions) { options.LabelSelector = managed.String() }).Informer()
	if err := informer.SetTransform(digested); err != nil {
		return err
	}
	if err := informer.SetWatchErrorHandlerWithContext(s.onWatchError(informer)); err != nil {
		return err
	}
	registration, err := informer.AddEventHandler(s.onForeign())
	if err != nil {
		return err
	}
	go func() {
		if toolscache.WaitForCacheSync(ctx.Done(), registration.HasSynced) {
			s.index.Store(new(informer.GetIndexer()))
			s.missing.Store(false)
			s.available()
		}
	}()
	informer.RunWithContext(ctx)
	return nil
}

func (s *stored) onForeign() toolscache.ResourceEventHandler {
	tell := func(object any) {
		if changed, ok := object.(*digest); ok && !changed.intact {
			s.foreign(changed.namespace)
		}
	}
	return toolscache.ResourceEventHandlerFuncs{
		AddFunc:    tell,
		UpdateFunc: func(_, after any) { tell(after) },
		DeleteFunc: func(object any) {
			if name, err := toolscache.DeletionHandlingObjectToName(object); err == nil {
				s.foreign(name.Namespace)
			}
		},
	}
}

// digested is the transform of the informer: it sees things other than reports too.
func digested(in any) (any, error) {
	report, ok := in.(*unstructured.Unstructured)
	if !ok {
		return in, nil
	}
	hash, err := contentHash(report)
	return &digest{
		namespace: report.GetNamespace(), name: report.GetName(), resourceVersion: report.GetResourceVersion(),
		uid: report.GetUID(), hash: hash, intact: hash == report.GetAnnotations()[hashAnnotation],
	}, err
}

// find returns what is known of a report: nil if there is none.
func (s *stored) find(namespace, name string) *digest {
	object, exists, err := (*s.index.Load()).GetByKey(namespace + "/" + name)
	if err != nil || !exists {
		return nil
	}
	found, _ := object.(*digest)
	return found
}

// in returns the reports in a namespace.
func (s *stored) in(namespace string) ([]*digest, error) {
	objects, err := (*s.index.Load()).ByIndex(toolscache.NamespaceIndex, namespace)
	var found []*digest
	for _, object := range objects {
		if report, ok := object.(*digest); ok {
			found = append(found, report)
		}
	}
	return found, err
}
