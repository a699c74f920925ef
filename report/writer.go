package report

import (
	"context"
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const fieldOwner = client.FieldOwner("greenlight-scanner")

// writer keeps the reports in the cluster as they should be.
type writer struct {
	format  Format
	stored  *stored
	api     client.Reader
	client  client.Client
	metrics *metrics
	now     func() time.Time
}

// ready reports whether there is somewhere to write to.
func (w *writer) ready() bool { return w.stored.Ready(nil) == nil }

// pending reports whether it is still to be seen what is stored.
func (w *writer) pending() bool { return !w.ready() && !w.stored.missing.Load() }

// write brings the report of an object up to date, and returns the results that are new. What is remembered
// of the reports only tells whether to look: what is in the cluster is read before it is replaced.
func (w *writer) write(ctx context.Context, report Report) (added []Result, err error) {
	document, err := w.format.write(report)
	if err != nil {
		return nil, err
	}
	if known := w.stored.find(document.GetNamespace(), document.GetName()); known != nil && known.hash == hashOf(document) {
		return nil, nil
	}
	earlier, found, err := w.read(ctx, document)
	if err != nil {
		return nil, w.count(failed, err)
	}
	if found && earlier.hash == hashOf(document) {
		return nil, nil
	}
	added = report.since(earlier.Report, w.now())
	if document, err = w.format.write(report); err != nil {
		return nil, err
	}
	result := created
	if found {
		result = updated
	}
	return added, w.count(result, w.client.Apply(ctx, client.ApplyConfigurationFromUnstructured(document), fieldOwner, client.ForceOwnership))
}

// inCluster is a report as it is stored.
type inCluster struct {
	Report
	hash string
}

func (w *writer) read(ctx context.Context, document *unstructured.Unstructured) (report inCluster, found bool, err error) {
	object := &unstructured.Unstructured{}
	object.SetGroupVersionKind(w.format.Kind)
	err = w.api.Get(ctx, client.ObjectKeyFromObject(document), object)
	if apierrors.IsNotFound(err) {
		return report, false, nil
	}
	if err != nil {
		return report, false, err
	}
	if report.hash, err = contentHash(object); err != nil {
		return report, true, err
	}
	// What another writer made unreadable is replaced.
	report.Report, _ = Read(object)
	return report, true, nil
}

// prune removes the reports in a namespace that are not wanted.
func (w *writer) prune(ctx context.Context, namespace string, wanted map[string]bool) error {
	reports, err := w.stored.in(namespace)
	if err != nil {
		return err
	}
	var errs []error
	for _, report := range reports {
		if !wanted[report.name] {
			errs = append(errs, w.remove(ctx, report))
		}
	}
	return errors.Join(errs...)
}

func (w *writer) remove(ctx context.Context, report *digest) error {
	object := &unstructured.Unstructured{}
	object.SetGroupVersionKind(w.format.Kind)
	object.SetNamespace(report.namespace)
	object.SetName(report.name)
	err := w.client.Delete(ctx, object, client.Preconditions{UID: &report.uid})
	if apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
		return nil // The garbage collector was faster.
	}
	return w.count(deleted, err)
}

// count counts what became of a write. In a namespace that is on its way out nothing can be written, and
// nothing need be.
func (w *writer) count(result string, err error) error {
	if apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause) {
		return nil
	}
	if err != nil {
		w.metrics.writes.WithLabelValues(failed).Inc()
		return fmt.Errorf("writing a %s: %w", w.format.Kind.Kind, err)
	}
	w.metrics.writes.WithLabelValues(result).Inc()
	return nil
}

func hashOf(document metav1.Object) string { return document.GetAnnotations()[hashAnnotation] }
