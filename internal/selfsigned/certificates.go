package selfsigned

import (
	"context"
	"crypto/tls"
	"errors"
	"sync/atomic"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/util/retry"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

const (
	// lookEvery is the time between two looks at the Secret and the webhook configurations.
	lookEvery = 5 * time.Second
	// settles is for every API server to learn which CAs a configuration trusts.
	settles = 15 * time.Second
)

// Certificates keeps the certificate of the webhook, and serves it. It is a manager.Runnable, and safe for concurrent
// use.
type Certificates struct {
	reader    client.Reader
	writer    client.Writer
	namespace string
	issuer    issuer
	now       func() time.Time
	served    atomic.Pointer[pair]
	// others are the CAs that are trusted beside the own one.
	others sightings
}

// New returns Certificates for the webhook in Greenlight's own namespace. The reader must ask the API server itself:
// no Secret is worth a cache, and a cache that lags behind would have a good pair replaced.
func New(reader client.Reader, writer client.Writer, namespace string) *Certificates {
	return &Certificates{reader: reader, writer: writer, namespace: namespace, issuer: newIssuer(namespace), now: time.Now}
}

// GetCertificate is that of tls.Config. It fails until a pair is there that the webhook configurations trust.
func (c *Certificates) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	served := c.served.Load()
	if served == nil {
		return nil, errors.New("there is no certificate to serve yet")
	}
	return &served.Certificate, nil
}

// NeedLeaderElection says that every replica serves.
func (c *Certificates) NeedLeaderElection() bool { return false }

// Start implements manager.Runnable. What fails is logged and tried again, and what is served goes on being served.
func (c *Certificates) Start(ctx context.Context) error {
	wait.UntilWithContext(ctx, func(ctx context.Context) {
		if err := c.look(ctx); err != nil && ctx.Err() == nil {
			log.Log.Error(err, "keeping the certificate of the webhook")
		}
	}, lookEvery)
	return nil
}

// look makes good what is not, unless another replica just does: then it looks again.
func (c *Certificates) look(ctx context.Context) error {
	return retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		next, err := c.issued(ctx)
		if err != nil {
			return err
		}
		if err := c.trust(ctx, next.authority); err != nil {
			return err
		}
		c.serve(next)
		return nil
	})
}

// serve serves a pair from now on, or leaves it to a later look where its CA is too new.
func (c *Certificates) serve(next *pair) {
	before := c.served.Load()
	if before != nil && (before.Leaf.Equal(next.Leaf) || !before.authority.Equal(next.authority) && c.age(next.authority) < settles) {
		return
	}
	c.served.Store(next)
	log.Log.Info("serving a certificate", "ends", next.Leaf.NotAfter)
}
