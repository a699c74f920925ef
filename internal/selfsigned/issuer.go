package selfsigned

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"time"

	"github.com/open-policy-agent/cert-controller/pkg/rotator"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/keyutil"
)

// The fields of the Secret beside those of a Secret of type kubernetes.io/tls.
const (
	authorityField    = "ca.crt"
	authorityKeyField = "ca.key"
)

// How long certificates are good for, and how much of that is left when they are issued anew: as config/certmanager
// has it.
const (
	authorityLife    = 10 * 365 * 24 * time.Hour
	authorityRenewal = 365 * 24 * time.Hour
	leafLife         = 90 * 24 * time.Hour
	leafRenewal      = 30 * 24 * time.Hour
)

// clockSkew is how far the clocks of a cluster may differ: certificates are good from that much before they are issued.
const clockSkew = time.Hour

// serviceName is that of config/manager.
const serviceName = "greenlight-webhook"

// pair is a certificate to serve, and the CA that signed it.
type pair struct {
	tls.Certificate
	authority *x509.Certificate
}

// issuer makes and verifies certificates by cert-controller. Where that keeps them is left out: it reads every Secret
// of the namespace, and ends the trust in a CA while its leaves are still served.
type issuer struct{ rotator *rotator.CertRotator }

func newIssuer(namespace string) issuer {
	return issuer{&rotator.CertRotator{
		CAName: "greenlight-ca", CAOrganization: "greenlight",
		DNSName:      serviceName + "." + namespace + ".svc",
		ExtKeyUsages: &[]x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}}
}

// renew returns what a Secret should hold: a new leaf, and a new CA where the one in data is not good for its renewal
// any more, or is none.
func (i issuer) renew(data map[string][]byte, now time.Time) (map[string][]byte, error) {
	authority, err := i.authority(data, now)
	if err != nil {
		authority, err = i.rotator.CreateCACert(now.Add(-clockSkew), now.Add(authorityLife))
	}
	if err != nil {
		return nil, fmt.Errorf("issuing a CA: %w", err)
	}
	leaf, key, err := i.rotator.CreateCertPEM(authority, now.Add(-clockSkew), now.Add(leafLife))
	if err != nil {
		return nil, fmt.Errorf("issuing a certificate: %w", err)
	}
	return map[string][]byte{
		authorityField: authority.CertPEM, authorityKeyField: authority.KeyPEM,
		corev1.TLSCertKey: leaf, corev1.TLSPrivateKeyKey: key,
	}, nil
}

// check says why what a Secret holds has to be issued anew: nil where it need not be.
func (i issuer) check(data map[string][]byte, now time.Time) error {
	if _, err := i.authority(data, now); err != nil {
		return err
	}
	_, err := rotator.ValidCert(data[authorityField], data[corev1.TLSCertKey], data[corev1.TLSPrivateKeyKey], i.rotator.DNSName, i.rotator.ExtKeyUsages, now.Add(leafRenewal))
	if err != nil {
		return fmt.Errorf("its certificate: %w", err)
	}
	return nil
}

// authority returns the CA of a Secret, and an error where it is no longer good enough to sign with.
func (i issuer) authority(data map[string][]byte, now time.Time) (*rotator.KeyPairArtifacts, error) {
	text, keyText := data[authorityField], data[authorityKeyField]
	if _, err := rotator.ValidCert(text, text, keyText, i.rotator.CAName, nil, now.Add(authorityRenewal)); err != nil {
		return nil, fmt.Errorf("its CA: %w", err)
	}
	certificates, err := cert.ParseCertsPEM(text)
	if err != nil {
		return nil, fmt.Errorf("its CA: %w", err)
	}
	parsed, err := keyutil.ParsePrivateKeyPEM(keyText)
	if err != nil {
		return nil, fmt.Errorf("the key of its CA: %w", err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("the key of its CA is a %T: want one of RSA", parsed)
	}
	return &rotator.KeyPairArtifacts{Cert: certificates[0], Key: key, CertPEM: text, KeyPEM: keyText}, nil
}

// readPair returns the pair of a Secret whose data were checked.
func readPair(data map[string][]byte) (*pair, error) {
	certificate, err := tls.X509KeyPair(data[corev1.TLSCertKey], data[corev1.TLSPrivateKeyKey])
	if err != nil {
		return nil, err
	}
	authorities, err := cert.ParseCertsPEM(data[authorityField])
	if err != nil {
		return nil, err
	}
	return &pair{certificate, authorities[0]}, nil
}
