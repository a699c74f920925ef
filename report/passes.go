package report

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/state"
)

const (
	// jitter keeps the scanners of many clusters from working at the same time.
	jitter = 0.1
	// readyPeriod is how often a scanner that begins to lead looks whether its caches are filled.
	readyPeriod = 100 * time.Millisecond
)

// passes begins a full pass at each interval, the first at once.
func (s *Scanner) passes(ctx context.Context) {
	ready := func(context.Context) (bool, error) { return s.judging(), nil }
	if err := wait.PollUntilContextCancel(ctx, readyPeriod, true, ready); err != nil {
		return // The process ends.
	}
	wait.JitterUntilWithContext(ctx, s.beginPass, s.Interval, jitter, true)
}

// judging reports whether what is judged by was read, and with it the reports, unless there is nowhere for them.
func (s *Scanner) judging() bool {
	return s.Ready(nil) == nil && (s.writer == nil || !s.writer.pending())
}

func (s *Scanner) beginPass(ctx context.Context) {
	namespaces, err := s.namespaces(ctx)
	if err != nil {
		log.FromContext(ctx).Error(err, "Beginning a full pass: it will be tried again at the next interval")
		return
	}
	// After a debounce, like a change: the first pass would else meet the same namespaces twice, because all
	// that there is comes as a change to who begins to watch.
	s.pass.begin(namespaces, time.Now())
	s.addAll(namespaces, s.Debounce)
}

// Rescan has everything judged again, because other policies are in force or reports can be written now.
func (s *Scanner) Rescan() {
	namespaces, err := s.namespaces(context.Background())
	if err != nil {
		return // Nothing was judged before the namespaces are known.
	}
	s.addAll(namespaces, s.Debounce)
}

func (s *Scanner) namespaces(ctx context.Context) ([]string, error) {
	namespaces, _, err := state.List[*corev1.Namespace](ctx, s.Reader, state.Query{Kind: state.Namespace})
	var names []string
	for _, namespace := range namespaces {
		names = append(names, namespace.Name)
	}
	return names, err
}

// addAll lets the changes of single namespaces pass first.
func (s *Scanner) addAll(namespaces []string, after time.Duration) {
	if queue := s.queue.Load(); queue != nil {
		(*queue).AddWithOpts(priorityqueue.AddOpts{After: after, Priority: new(handler.LowPriority)}, namespaces...)
	}
}

// passed takes a namespace off the full pass that is under way.
func (s *Scanner) passed(ctx context.Context, namespace string) {
	started, ends := s.pass.done(namespace)
	if !ends {
		return
	}
	took := time.Since(started)
	s.metrics.duration.Observe(took.Seconds())
	s.metrics.lastSuccess.SetToCurrentTime()
	log.FromContext(ctx).Info("Full pass done", "took", took.Round(time.Millisecond).String())
}
