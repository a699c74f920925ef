package main

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"k8s.io/client-go/util/cert"
)

func TestTheExpiryIsThatOfTheServedCertificate(t *testing.T) {
	folder, certificate := certificateFolder(t)
	watcher, err := watchFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	expiry := newCertificateExpiry(watcher.GetCertificate)
	served := value(t, expiry)
	// It is good for a year.
	if left := time.Until(time.Unix(int64(served), 0)); left < 364*24*time.Hour || left > 366*24*time.Hour {
		t.Errorf("it ends in %s, want a year", left)
	}
	if err := os.WriteFile(filepath.Join(folder, certificateFile), certificate[:len(certificate)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := watcher.ReadCertificate(); err == nil {
		t.Error("half a certificate is read")
	}
	if got := value(t, expiry); got != served {
		t.Errorf("after half a certificate was written: %v, want %v as before", got, served)
	}
}

func TestNoCertificateHasEndedLongAgo(t *testing.T) {
	none := func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, nil }
	if got := value(t, newCertificateExpiry(none)); got != 0 {
		t.Errorf("got %v, want 0", got)
	}
}

func TestOnlyOnePlaceIsWhereTheCertificateComesFrom(t *testing.T) {
	command := newCommand(func(logr.Logger) {})
	command.SetArgs([]string{"serve", "--self-signed", "--cert-dir", t.TempDir()})
	want := "if any flags in the group [cert-dir self-signed] are set none of the others can be; [cert-dir self-signed] were all set"
	if err := command.Execute(); err == nil || err.Error() != want {
		t.Errorf("%v: want %s", err, want)
	}
}

// certificateFolder returns a folder of a certificate for a year, and the certificate.
func certificateFolder(t *testing.T) (folder string, certificate []byte) {
	t.Helper()
	certificate, key, err := cert.GenerateSelfSignedCertKey("localhost", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	for name, content := range map[string][]byte{certificateFile: certificate, keyFile: key} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder, certificate
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
