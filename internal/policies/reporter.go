package policies

import (
	"context"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/api/v1alpha1"
)

const (
	// fieldOwner is the same for all replicas: each may write what another wrote.
	fieldOwner = client.FieldOwner("greenlight-webhook")
	// repeatPeriod bounds how often two releases of Greenlight that disagree overwrite each other, as
	// they may in the course of an upgrade.
	repeatPeriod = time.Minute
)

// reporter writes what became of the policies in their status.
type reporter struct {
	client client.Client
	now    func() time.Time
	// reported is what was written last, but for the times in it, and when.
	reported map[types.UID]report
}

type report struct {
	status v1alpha1.RolloutPolicyStatus
	at     time.Time
}

func newReporter(client client.Client) *reporter {
	return &reporter{client: client, now: time.Now, reported: map[types.UID]report{}}
}

// report brings the status of each policy up to date. It returns after what time another call is due:
// zero for none.
func (r *reporter) report(ctx context.Context, judgements []judgement, governed map[string]int32) (again time.Duration, err error) {
	kept := map[types.UID]report{}
	var errs []error
	for _, judged := range judgements {
		waits, err := r.reportOne(ctx, judged, governed[judged.document.Name])
		if err != nil {
			errs = append(errs, fmt.Errorf("writing the status of RolloutPolicy %s: %w", judged.document.Name, err))
		}
		again = max(again, waits)
		if last, ok := r.reported[judged.document.UID]; ok {
			kept[judged.document.UID] = last
		}
	}
	r.reported = kept
	return again, errors.Join(errs...)
}

func (r *reporter) reportOne(ctx context.Context, judged judgement, governed int32) (again time.Duration, err error) {
	document, now := judged.document, r.now()
	status, err := statusOf(judged, governed, now)
	if err != nil || same(status, document.Status) {
		return 0, err
	}
	last, known := r.reported[document.UID]
	if since := now.Sub(last.at); known && since < repeatPeriod && same(last.status, timeless(status)) {
		return repeatPeriod - since, nil
	}
	err = r.apply(ctx, document, status)
	if apierrors.IsConflict(err) || apierrors.IsNotFound(err) {
		// The policy has changed or is gone: the watch will tell, and there will be another pass.
		return 0, nil
	}
	if err == nil {
		r.reported[document.UID] = report{timeless(status), now}
	}
	return 0, err
}

// apply writes Greenlight's part of the status. The resource version keeps a replica that lags behind
// from overwriting what is newer.
func (r *reporter) apply(ctx context.Context, document *v1alpha1.RolloutPolicy, status v1alpha1.RolloutPolicyStatus) error {
	condition := meta.FindStatusCondition(status.Conditions, v1alpha1.Accepted)
	status.Conditions = []metav1.Condition{*condition}
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&status)
	if err != nil {
		return err
	}
	object := &unstructured.Unstructured{Object: map[string]any{"status": fields}}
	object.SetGroupVersionKind(v1alpha1.RolloutPolicyKind)
	object.SetName(document.Name)
	object.SetUID(document.UID)
	object.SetResourceVersion(document.ResourceVersion)
	log.FromContext(ctx).Info("RolloutPolicy judged", "name", document.Name, "generation", document.Generation,
		"accepted", condition.Status, "message", condition.Message, "governedNamespaces", status.GovernedNamespaces)
	return r.client.Status().Apply(ctx, client.ApplyConfigurationFromUnstructured(object), fieldOwner, client.ForceOwnership)
}
