package traffic

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"
)

const (
	// quiet is how long nothing must have changed for the controllers to have come to their end.
	quiet = 3 * time.Second
	// quietLimit is for that to happen.
	quietLimit = 2 * time.Minute
)

// monitor notes in a history what the API server tells of Services, pods, their controllers and
// EndpointSlices. It misses nothing: a watch goes on where the last one ended, or the run fails.
type monitor struct {
	history *history
	watches sync.WaitGroup
	mutex   sync.Mutex
	err     error
}

// watchAll begins to note changes that are made from now on, until the context ends.
func watchAll(ctx context.Context, config *rest.Config, h *history) (*monitor, error) {
	clientset, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	m := &monitor{history: h}
	for resource, client := range map[string]cache.Getter{
		"services":       clientset.CoreV1().RESTClient(),
		"pods":           clientset.CoreV1().RESTClient(),
		"deployments":    clientset.AppsV1().RESTClient(),
		"replicasets":    clientset.AppsV1().RESTClient(),
		"statefulsets":   clientset.AppsV1().RESTClient(),
		"endpointslices": clientset.DiscoveryV1().RESTClient(),
	} {
		if err := m.watch(ctx, resource, client); err != nil {
			return nil, fmt.Errorf("watching %s: %w", resource, err)
		}
	}
	return m, nil
}

func (m *monitor) watch(ctx context.Context, resource string, client cache.Getter) error {
	source := cache.NewListWatchFromClient(client, resource, metav1.NamespaceAll, fields.Everything())
	list, err := source.ListWithContext(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	listed, err := meta.ListAccessor(list)
	if err != nil {
		return err
	}
	watcher, err := watchtools.NewRetryWatcherWithContext(ctx, listed.GetResourceVersion(), source)
	if err != nil {
		return err
	}
	m.watches.Go(func() {
		for event := range watcher.ResultChan() {
			if err := m.note(event); err != nil {
				m.fail(fmt.Errorf("watching %s: %w", resource, err))
			}
		}
		if ctx.Err() == nil {
			m.fail(fmt.Errorf("the watch of %s ended", resource))
		}
	})
	return nil
}

func (m *monitor) note(event watch.Event) error {
	if event.Type == watch.Error {
		return fmt.Errorf("%v", event.Object)
	}
	object, err := meta.Accessor(event.Object)
	if err != nil {
		return err
	}
	version, err := strconv.ParseUint(object.GetResourceVersion(), 10, 64)
	if err != nil {
		return err
	}
	m.history.changed(change{version, time.Now(), event.Type == watch.Deleted, reduce(event.Object)})
	return nil
}

func (m *monitor) fail(err error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.err == nil {
		m.err = err
	}
}

// failure is why the history is not whole.
func (m *monitor) failure() error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.err
}

// waitQuiet waits until the controllers have done what the writes asked of them.
func (m *monitor) waitQuiet(ctx context.Context) error {
	err := wait.PollUntilContextTimeout(ctx, quiet/10, quietLimit, true, func(context.Context) (bool, error) {
		return time.Since(m.history.lastHeard()) > quiet, m.failure()
	})
	if wait.Interrupted(err) {
		return fmt.Errorf("something still changes after the last write: %w", err)
	}
	return err
}
