package reliability

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/util/wait"

	"greenlight.dev/greenlight/test/install"
)

const (
	// probePeriod is how often a replica is asked whether it is ready, and how long it has to answer: until then new
	// connections still come to it, as they do to a pod while the end of it becomes known.
	probePeriod = 500 * time.Millisecond
	// probeFailures is how many answers in a row may be missing, as with a kubelet: one that is late is no sign.
	probeFailures = 3
)

// balancer passes connections on to replicas that were ready when they were last asked, each to one picked at random,
// and leaves them where they are, as a Service does.
type balancer struct {
	listener net.Listener
	replicas []*install.Installation

	mutex sync.Mutex
	ready map[string]bool
	// missing counts the answers in a row that did not come, by replica.
	missing map[string]int
	// held are the open connections by replica, and ended those that are no more.
	held, ended map[string]int
	// refused counts connections that a replica did not take, which another then got.
	refused int
}

// balance starts replicas of these names with a balancer before them.
func balance(ctx context.Context, names ...string) *balancer {
	b := &balancer{ready: map[string]bool{}, missing: map[string]int{}, held: map[string]int{}, ended: map[string]int{}}
	flag := "--drain=" + drain().String()
	for _, name := range names {
		replica, err := guarded.Replica(ctx, name, "", flag)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { Expect(guarded.End(name)).To(Succeed()) })
		b.replicas = append(b.replicas, replica)
		b.ready[name] = true
	}
	var err error
	b.listener, err = net.Listen("tcp", "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	serving, stop := context.WithCancel(context.Background())
	DeferCleanup(func() error { stop(); return b.listener.Close() })
	go b.accept()
	for _, replica := range b.replicas {
		go wait.UntilWithContext(serving, func(ctx context.Context) { b.probe(ctx, replica) }, probePeriod)
	}
	return b
}

// drain is for how long a replica answers after SIGTERM: in the long run for as long as what is shipped.
func drain() time.Duration {
	if !*long {
		return 6 * time.Second
	}
	shipped, err := install.ShippedDrain()
	Expect(err).NotTo(HaveOccurred())
	return shipped
}

func (b *balancer) url(path string) string { return "https://" + b.listener.Addr().String() + path }

// trusted are the certificates of all replicas.
func (b *balancer) trusted() *x509.CertPool {
	pool := x509.NewCertPool()
	for _, replica := range b.replicas {
		replica.AddTrusted(pool)
	}
	return pool
}

func (b *balancer) probe(ctx context.Context, replica *install.Installation) {
	ctx, cancel := context.WithTimeout(ctx, probePeriod)
	defer cancel()
	err := replica.Ready(ctx)
	b.mutex.Lock()
	defer b.mutex.Unlock()
	name := replica.Name()
	if !errors.Is(err, context.DeadlineExceeded) {
		b.ready[name], b.missing[name] = err == nil, 0
		return
	}
	if b.missing[name]++; b.missing[name] == probeFailures {
		b.ready[name] = false
	}
}

func (b *balancer) isReady(name string) bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.ready[name]
}

// open returns how many connections there are.
func (b *balancer) open() int {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	sum := 0
	for _, held := range b.held {
		sum += held
	}
	return sum
}

// busiest returns the replica that has the most connections.
func (b *balancer) busiest() *install.Installation {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return slices.MaxFunc(b.replicas, func(x, y *install.Installation) int {
		return cmp.Compare(b.held[x.Name()], b.held[y.Name()])
	})
}

// endedFor returns how many connections to a replica have ended.
func (b *balancer) endedFor(name string) int {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.ended[name]
}

func (b *balancer) refusals() int {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.refused
}

func (b *balancer) accept() {
	for {
		client, err := b.listener.Accept()
		if err != nil {
			return // closed
		}
		go b.carry(client)
	}
}

// carry passes a connection on until either side ends it.
func (b *balancer) carry(client net.Conn) {
	defer client.Close()
	for _, i := range rand.Perm(len(b.replicas)) {
		replica := b.replicas[i]
		if !b.isReady(replica.Name()) {
			continue
		}
		server, err := net.Dial("tcp", replica.Address())
		if err != nil {
			b.count(func() { b.refused++ })
			continue
		}
		defer server.Close()
		b.count(func() { b.held[replica.Name()]++ })
		defer b.count(func() { b.held[replica.Name()]--; b.ended[replica.Name()]++ })
		join(client, server)
		return
	}
}

func (b *balancer) count(change func()) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	change()
}

// join copies both ways until one of the two has ended.
func join(a, b net.Conn) {
	ended := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{a, b}, {b, a}} {
		go func() {
			_, _ = io.Copy(way[0], way[1]) // the end of a connection is what is waited for, whatever ends it
			ended <- struct{}{}
		}()
	}
	<-ended
}
