package selfsigned

import (
	"context"
	"crypto/tls"
	"crypto/x509"
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
	// patience is how long a CA is waited for that something else takes out of the configurations again and again.
	patience = time.Minute
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
	// trusted has the own CA from the look on since when every webhook has trusted it, and wanted from the first look on
	// that succeeded.
	trusted, wanted sightings
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

// serve serves a pair from now on, or leaves it to a later look where its CA may not be known everywhere. Until then a
// replica goes on with the pair that it has. One that has none is not ready, so that calls go to those that serve a leaf
// of another CA.
func (c *Certificates) serve(next *pair) {
	before := c.served.Load()
	if before != nil && before.Leaf.Equal(next.Leaf) {
		return
	}
	renewed := before != nil && before.authority.Equal(next.authority)
	if !renewed && c.others.any() && !c.settled(next.authority) {
		log.Log.Info("waiting until every API server knows the CA of the new certificate")
		return
	}
	c.served.Store(next)
	log.Log.Info("serving a certificate", "ends", next.Leaf.NotAfter)
}

// settled reports whether every API server may be expected to know that a CA is trusted, whoever wrote so. Where something
// else writes otherwise all the time that never comes: a CA that is trusted at times is better than no ready replica.
func (c *Certificates) settled(authority *x509.Certificate) bool {
	if c.trusted.seenFor(authority) >= settles {
		return true
	}
	if c.wanted.seenFor(authority) < patience {
		return false
	}
	log.Log.Info("waiting no longer until every API server knows the CA: something else takes it out of the webhook configurations", "waited", patience.String())
	return true
}
