package policies

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestAStatusIsWrittenOnceAMinute(t *testing.T) {
	document := policy(1, 1, "single")
	judged := []judgement{judge(&document, nil, entries)}
	api := &statusAPI{}
	now := noon
	reporter := newReporter(api)
	reporter.now = func() time.Time { return now }
	for _, step := range []struct {
		after  time.Duration
		again  time.Duration
		writes int
	}{
		{0, 0, 1},
		{40 * time.Second, 20 * time.Second, 1},
		{20 * time.Second, 0, 2},
	} {
		now = now.Add(step.after)
		again, err := reporter.report(t.Context(), judged, nil)
		if err != nil || again != step.again || api.writes != step.writes {
			t.Fatalf("at %s: again after %s, %d writes, %v; want again after %s, %d writes", now, again, api.writes, err, step.again, step.writes)
		}
	}
}

func TestAChangedStatusIsWrittenAtOnce(t *testing.T) {
	document := policy(1, 1, "single")
	judged := []judgement{judge(&document, nil, entries)}
	api := &statusAPI{}
	reporter := newReporter(api)
	for _, governed := range []int32{1, 2} {
		if again, err := reporter.report(t.Context(), judged, map[string]int32{"shop": governed}); again != 0 || err != nil {
			t.Fatalf("again after %s, %v", again, err)
		}
	}
	if api.writes != 2 {
		t.Errorf("%d writes", api.writes)
	}
}

func TestAnUnchangedStatusIsNotWritten(t *testing.T) {
	document := policy(1, 1, "single")
	judged := judge(&document, nil, entries)
	var err error
	if document.Status, err = statusOf(judged, 3, noon); err != nil {
		t.Fatal(err)
	}
	api := &statusAPI{}
	if again, err := newReporter(api).report(t.Context(), []judgement{judged}, map[string]int32{"shop": 3}); again != 0 || err != nil || api.writes != 0 {
		t.Errorf("again after %s, %d writes, %v", again, api.writes, err)
	}
}

func TestWhatTheAPIServerSaysOfAStatus(t *testing.T) {
	policies := schema.GroupResource{Group: "greenlight.dev", Resource: "rolloutpolicies"}
	tests := map[string]struct {
		err  error
		want string
	}{
		"a conflict leaves it to the next pass":     {apierrors.NewConflict(policies, "shop", errors.New("newer")), ""},
		"a policy that is gone needs no status":     {apierrors.NewNotFound(policies, "shop"), ""},
		"anything else is an error with its policy": {errors.New("no route to host"), "writing the status of RolloutPolicy shop: no route to host"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			document := policy(1, 1, "single")
			_, err := newReporter(&statusAPI{err: test.err}).report(t.Context(), []judgement{judge(&document, nil, entries)}, nil)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheWatcherIsReadyOnceItKnowsThePolicies(t *testing.T) {
	watcher := &Watcher{Store: NewStore(entries)}
	if err := watcher.Ready(&http.Request{}); err == nil || err.Error() != "the RolloutPolicies are not read yet" {
		t.Errorf("got %v", err)
	}
	watcher.withoutCRD(t.Context())
	if err := watcher.Ready(&http.Request{}); err != nil {
		t.Errorf("without a CRD it is not ready: %v", err)
	}
}

// statusAPI counts what is written.
type statusAPI struct {
	client.Client
	writes int
	err    error
}

func (s *statusAPI) Status() client.SubResourceWriter { return applier{api: s} }

type applier struct {
	client.SubResourceWriter
	api *statusAPI
}

func (a applier) Apply(context.Context, runtime.ApplyConfiguration, ...client.SubResourceApplyOption) error {
	a.api.writes++
	return a.api.err
}
