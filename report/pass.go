package report

import (
	"sync"
	"time"
)

// pass is the full pass that is under way: which namespaces were not scanned yet.
type pass struct {
	mu      sync.Mutex
	started time.Time
	left    map[string]bool
}

// begin begins a pass, in place of one that has not ended.
func (p *pass) begin(namespaces []string, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.started, p.left = now, map[string]bool{}
	for _, namespace := range namespaces {
		p.left[namespace] = true
	}
}

// done takes a namespace off. The pass ends with its last one.
func (p *pass) done(namespace string) (started time.Time, ends bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.left[namespace] {
		return p.started, false
	}
	delete(p.left, namespace)
	return p.started, len(p.left) == 0
}
