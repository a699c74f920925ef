package reliability

import (
	"context"
	"net"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// proxy passes connections on to an address until it is cut.
type proxy struct {
	listener net.Listener
	target   string

	mutex sync.Mutex
	cut   bool
	open  map[net.Conn]bool
}

func startProxy(target string) *proxy {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	p := &proxy{listener: listener, target: target, open: map[net.Conn]bool{}}
	DeferCleanup(listener.Close)
	go p.accept()
	return p
}

func (p *proxy) url() string { return "https://" + p.listener.Addr().String() }

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return // closed
		}
		go p.carry(client)
	}
}

func (p *proxy) carry(client net.Conn) {
	defer client.Close()
	if !p.add(client) {
		return
	}
	defer p.remove(client)
	server, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", p.target)
	if err != nil {
		return
	}
	defer server.Close()
	join(client, server)
}

func (p *proxy) add(client net.Conn) bool {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.open[client] = true
	return !p.cut
}

func (p *proxy) remove(client net.Conn) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	delete(p.open, client)
}

// setCut ends the connections and takes no more of them, or takes them again.
func (p *proxy) setCut(cut bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.cut = cut
	if cut {
		for client := range p.open {
			client.Close()
		}
	}
}
