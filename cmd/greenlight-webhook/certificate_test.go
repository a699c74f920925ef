package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"k8s.io/client-go/util/cert"
)

func TestTheExpiryIsThatOfTheCertificateInTheFolder(t *testing.T) {
	folder := t.TempDir()
	expiry := newCertificateExpiry(folder)
	if got := value(t, expiry); got != 0 {
		t.Errorf("without a certificate: %v, want 0", got)
	}
	certificate, _, err := cert.GenerateSelfSignedCertKey("localhost", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "tls.crt"), certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	// It is good for a year.
	if left := time.Until(time.Unix(int64(value(t, expiry)), 0)); left < 364*24*time.Hour || left > 366*24*time.Hour {
		t.Errorf("it ends in %s, want a year", left)
	}
}

func value(t *testing.T, collector prometheus.Collector) float64 {
	t.Helper()
	metrics := make(chan prometheus.Metric, 1)
	collector.Collect(metrics)
	var written dto.Metric
	if err := (<-metrics).Write(&written); err != nil {
		t.Fatal(err)
	}
	return written.GetGauge().GetValue()
}
