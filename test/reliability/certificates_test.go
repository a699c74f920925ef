package reliability

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"greenlight.dev/greenlight/test/install"
	"greenlight.dev/greenlight/test/reviews"
)

// The metrics of what is served, and of what could not be read.
const (
	expiryMetric     = "greenlight_certificate_expiry_timestamp_seconds"
	readErrorsMetric = "certwatcher_read_certificate_errors_total"
)

var _ = Describe("certificates under load", Ordered, func() {
	var (
		replica *install.Installation
		trusted *x509.CertPool
		// trusting is held for reading by each call, so that none trusts what was trusted before.
		trusting sync.RWMutex
		calls    *load
	)
	trust := func(authorities *x509.CertPool) {
		trusting.Lock()
		defer trusting.Unlock()
		trusted = authorities
	}

	BeforeAll(func(ctx context.Context) {
		var err error
		replica, err = guarded.Replica(ctx, "rotated", "")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { Expect(guarded.End("rotated")).To(Succeed()) })
		trust(replica.Trusted())
		// Each call shakes hands anew, as it trusts at that moment.
		calls = startLoad(func() func(context.Context) error {
			return func(ctx context.Context) error {
				trusting.RLock()
				defer trusting.RUnlock()
				client := reviews.NewClient(trusted, 1)
				defer client.CloseIdleConnections()
				return askAllowed(ctx, client, "https://"+replica.Address()+"/validate/deployments")
			}
		})
		DeferCleanup(func() { calls.stop() })
	})

	// serves waits until a pair is what is served, and the metric says so.
	serves := func(ctx context.Context, p pair) {
		Eventually(servedExpiry).WithContext(ctx).WithArguments(replica).Should(Equal(p.expiry().Unix()))
		Expect(replica.Count(ctx, expiryMetric, nil)).To(BeEquivalentTo(p.expiry().Unix()))
	}

	It("rotate with their authority, and lose no handshake", func(ctx context.Context) {
		first, second := newAuthority(), newAuthority()
		both := replica.Trusted()
		both.AddCert(first.certificate)
		both.AddCert(second.certificate)
		trust(both)
		for days, issuer := range []authority{first, first, second} {
			leaf := issuer.issue(10 + days)
			leaf.publish(replica.Folder())
			serves(ctx, leaf)
		}
		only := x509.NewCertPool()
		only.AddCert(second.certificate)
		trust(only)
		whole := second.issue(20)
		whole.publish(replica.Folder())
		serves(ctx, whole)

		for number, broken := range []pair{
			{second.issue(30).certificate, whole.key},
			{whole.certificate[:len(whole.certificate)/2], whole.key},
			{second.issue(31).certificate, nil},
		} {
			By(fmt.Sprintf("keeping the old pair where the new one is broken (%d)", number))
			before, err := replica.Count(ctx, readErrorsMetric, nil)
			Expect(err).NotTo(HaveOccurred())
			broken.publish(replica.Folder())
			Eventually(replica.Count).WithContext(ctx).WithArguments(readErrorsMetric, map[string]string(nil)).Should(BeNumerically(">", before))
			serves(ctx, whole)
		}
		mended := second.issue(40)
		mended.publish(replica.Folder())
		serves(ctx, mended)

		answered, failures := calls.stop()
		AddReportEntry("handshakes", fmt.Sprintf("%d, of which %d failed", answered, len(failures)))
		Expect(failures).To(BeEmpty())
		Expect(answered).To(BeNumerically(">", callers))
	})
})

// servedExpiry shakes hands and returns when the certificate ends.
func servedExpiry(ctx context.Context, replica *install.Installation) (int64, error) {
	dialer := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} // what is served is looked at, not trusted
	connection, err := dialer.DialContext(ctx, "tcp", replica.Address())
	if err != nil {
		return 0, err
	}
	defer connection.Close()
	return connection.(*tls.Conn).ConnectionState().PeerCertificates[0].NotAfter.Unix(), nil
}
