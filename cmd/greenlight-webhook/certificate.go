package main

import (
	"path/filepath"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/client-go/util/cert"
)

// newCertificateExpiry returns the metric of when the certificate in a folder ends: 0 where it cannot be
// read, which is as bad as one that ended long ago.
func newCertificateExpiry(folder string) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "greenlight_certificate_expiry_timestamp_seconds",
		Help: "When the certificate that reviews are served with ends: 0 where it cannot be read.",
	}, func() float64 {
		certificates, err := cert.CertsFromFile(filepath.Join(folder, "tls.crt"))
		if err != nil {
			return 0
		}
		return float64(certificates[0].NotAfter.Unix())
	})
}
