package main

import (
	"crypto/tls"
	"fmt"
	"path/filepath"

	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/certwatcher"
	"sigs.k8s.io/controller-runtime/pkg/manager"

	"greenlight.dev/greenlight/internal/selfsigned"
)

// The files of a folder of a certificate, by their names in a Secret of type kubernetes.io/tls.
const (
	certificateFile = "tls.crt"
	keyFile         = "tls.key"
)

// certificates are where the certificate comes from that reviews are served with. Once started, they return the
// newest.
type certificates interface {
	manager.Runnable
	GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error)
}

// newCertificates returns those that the flags ask for.
func (o serveOptions) newCertificates(mgr manager.Manager) (certificates, error) {
	if o.selfSigned {
		return selfsigned.New(mgr.GetAPIReader(), mgr.GetClient(), o.namespace), nil
	}
	return watchFolder(o.certDir)
}

// watchFolder returns the pair of a folder, and once it is started the newest that is whole and matches.
func watchFolder(folder string) (*certwatcher.CertWatcher, error) {
	watcher, err := certwatcher.New(filepath.Join(folder, certificateFile), filepath.Join(folder, keyFile))
	if err != nil {
		return nil, fmt.Errorf("reading the certificate to serve with: %w", err)
	}
	return watcher, nil
}

// newCertificateExpiry returns the metric of when the certificate ends that served returns: 0 where it returns none,
// which is as bad as one that ended long ago. It tells of what is served, since a renewal that cannot be read leaves
// that as it was, whatever the files say.
func newCertificateExpiry(served func(*tls.ClientHelloInfo) (*tls.Certificate, error)) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "greenlight_certificate_expiry_timestamp_seconds",
		Help: "When the certificate that reviews are served with ends: 0 where there is none.",
	}, func() float64 {
		certificate, err := served(nil)
		if err != nil || certificate == nil || certificate.Leaf == nil {
			return 0
		}
		return float64(certificate.Leaf.NotAfter.Unix())
	})
}
