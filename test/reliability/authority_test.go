package reliability

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	. "github.com/onsi/gomega"
	"k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/keyutil"
)

// authority issues certificates.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// pair is what a Secret of type kubernetes.io/tls holds, as PEM.
type pair struct{ certificate, key []byte }

func newAuthority() authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	Expect(err).NotTo(HaveOccurred())
	certificate, err := cert.NewSelfSignedCACert(cert.Config{CommonName: "authority"}, key)
	Expect(err).NotTo(HaveOccurred())
	return authority{certificate, key}
}

// issue returns a certificate for 127.0.0.1 that is good for so many days.
func (a authority) issue(days int) pair {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	Expect(err).NotTo(HaveOccurred())
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	Expect(err).NotTo(HaveOccurred())
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "greenlight-webhook"},
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().AddDate(0, 0, days),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}, a.certificate, key.Public(), a.key)
	Expect(err).NotTo(HaveOccurred())
	certificate, err := x509.ParseCertificate(der)
	Expect(err).NotTo(HaveOccurred())
	encoded, err := cert.EncodeCertificates(certificate)
	Expect(err).NotTo(HaveOccurred())
	secret, err := keyutil.MarshalPrivateKeyToPEM(key)
	Expect(err).NotTo(HaveOccurred())
	return pair{encoded, secret}
}

// expiry is that of the certificate.
func (p pair) expiry() time.Time {
	certificates, err := cert.ParseCertsPEM(p.certificate)
	Expect(err).NotTo(HaveOccurred())
	return certificates[0].NotAfter
}

// publish changes the files of a folder as a kubelet changes those of a Secret: both at once, by a link that leads to
// another folder from then on.
func (p pair) publish(folder string) {
	link, next := filepath.Join(folder, "..data"), filepath.Join(folder, "..data_next")
	before, _ := filepath.EvalSymlinks(link) // there is none before the first time
	version, err := os.MkdirTemp(folder, "..version-")
	Expect(err).NotTo(HaveOccurred())
	for name, content := range map[string][]byte{"tls.crt": p.certificate, "tls.key": p.key} {
		Expect(os.WriteFile(filepath.Join(version, name), content, 0o600)).To(Succeed())
	}
	Expect(os.Symlink(filepath.Base(version), next)).To(Succeed())
	Expect(os.Rename(next, link)).To(Succeed())
	if before != "" {
		Expect(os.RemoveAll(before)).To(Succeed())
		return
	}
	for _, name := range []string{"tls.crt", "tls.key"} {
		Expect(os.Remove(filepath.Join(folder, name))).To(Succeed())
		Expect(os.Symlink(filepath.Join("..data", name), filepath.Join(folder, name))).To(Succeed())
	}
}
