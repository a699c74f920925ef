package traffic

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// turn is one operation of a worker on one application.
type turn struct {
	application
	client  client.Client
	history *history
	worker  int
	colour  string
	// number decides what the operation leaves open. It is from 0 to 999.
	number int
}

// values are the fields of a JSON merge patch.
type values map[string]any

// patch writes some fields of an object.
func (t turn) patch(ctx context.Context, does string, object client.Object, change values) error {
	return t.write(ctx, does, object, func(ctx context.Context) error {
		return t.client.Patch(ctx, object, mergePatch(change))
	})
}

func mergePatch(change values) client.Patch {
	data, err := json.Marshal(change)
	if err != nil {
		panic(err) // it is made of strings and numbers
	}
	return client.RawPatch(types.MergePatchType, data)
}

// write sends a request and puts down what became of it. What it returns is an error of the harness or of
// the cluster: that a write is denied is none.
func (t turn) write(ctx context.Context, does string, object client.Object, send func(context.Context) error) error {
	w := write{worker: t.worker, namespace: t.namespace, name: object.GetName(), does: does}
	w.requested = time.Now()
	err := send(ctx)
	w.answered = time.Now()
	switch {
	case err == nil:
		w.outcome = admitted
	case apierrors.IsForbidden(err):
		w.outcome = denied
	case apierrors.IsNotFound(err), apierrors.IsAlreadyExists(err), apierrors.IsConflict(err),
		apierrors.IsTimeout(err), isUnanswered(err):
		w.outcome = missed
	default:
		return fmt.Errorf("worker %d: %s in %s: %w", t.worker, does, t.namespace, err)
	}
	if version := object.GetResourceVersion(); err == nil && version != "" {
		if w.version, err = strconv.ParseUint(version, 10, 64); err != nil {
			return err
		}
	}
	t.history.wrote(w)
	return nil
}

// isUnanswered reports whether a webhook that fails closed did not answer in time, as on a machine that does
// too much at once.
func isUnanswered(err error) bool {
	return apierrors.IsInternalError(err) && strings.Contains(err.Error(), "failed calling webhook")
}

// atOnce does two things at the same time.
func atOnce(one, two func() error) error {
	start := make(chan struct{})
	errs := make([]error, 2)
	var both sync.WaitGroup
	for i, do := range []func() error{one, two} {
		both.Go(func() {
			<-start
			errs[i] = do()
		})
	}
	close(start)
	both.Wait()
	if errs[0] != nil {
		return errs[0]
	}
	return errs[1]
}
