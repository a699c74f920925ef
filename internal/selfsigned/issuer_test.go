package selfsigned

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/keyutil"
)

// Whatever somebody makes of the Secret, the pair that is served goes on being served until a good one is trusted.
func TestABrokenSecretIsMended(t *testing.T) {
	for name, test := range map[string]struct {
		edit func(t *testing.T, data map[string][]byte)
		// keepsCA says that its CA is still there to sign with.
		keepsCA bool
	}{
		"emptied": {edit: func(_ *testing.T, data map[string][]byte) { clear(data) }},
		"rubbish": {edit: func(_ *testing.T, data map[string][]byte) {
			for field := range data {
				data[field] = []byte("rubbish")
			}
		}},
		"half a certificate": {keepsCA: true, edit: func(_ *testing.T, data map[string][]byte) {
			data[corev1.TLSCertKey] = data[corev1.TLSCertKey][:len(data[corev1.TLSCertKey])/2]
		}},
		"the key of another certificate": {keepsCA: true, edit: func(_ *testing.T, data map[string][]byte) {
			data[corev1.TLSPrivateKeyKey] = data[authorityKeyField]
		}},
		"a certificate of another CA": {edit: func(t *testing.T, data map[string][]byte) {
			other := install(t)
			other.look(other.replica())
			data[authorityField], data[authorityKeyField] = other.secret().Data[authorityField], other.secret().Data[authorityKeyField]
		}},
		"no key of its CA": {edit: func(_ *testing.T, data map[string][]byte) { delete(data, authorityKeyField) }},
		"a CA with a key that is none of RSA": {edit: func(t *testing.T, data map[string][]byte) {
			data[authorityField], data[authorityKeyField] = ellipticCA(t)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			i := install(t)
			replica := i.replica()
			i.look(replica)
			before, trusted := i.served(replica), i.trusted()[0]
			i.edit(func(data map[string][]byte) { test.edit(t, data) })
			i.look(replica)
			if err := replica.issuer.check(i.secret().Data, i.now); err != nil {
				t.Errorf("the Secret is still broken: %v", err)
			}
			if kept := i.trusted()[0].Equal(trusted); kept != test.keepsCA {
				t.Errorf("the CA is kept: %t, want %t", kept, test.keepsCA)
			}
			i.now = i.now.Add(settles)
			i.look(replica)
			if i.served(replica).Equal(before) {
				t.Error("what is in the Secret now is not served")
			}
		})
	}
}

func TestWhyACertificateIsIssuedAnew(t *testing.T) {
	i := install(t)
	i.look(i.replica())
	good := i.secret().Data
	issuer := newIssuer(namespace)
	for name, test := range map[string]struct {
		edit func(data map[string][]byte)
		want string
	}{
		"there is none yet": {func(data map[string][]byte) { clear(data) }, "its CA: empty cert"},
		"no certificate":    {func(data map[string][]byte) { delete(data, corev1.TLSCertKey) }, "its certificate: empty cert"},
		"an elliptic CA": {
			func(data map[string][]byte) { data[authorityField], data[authorityKeyField] = ellipticCA(t) },
			"the key of its CA is a *ecdsa.PrivateKey: want one of RSA",
		},
	} {
		t.Run(name, func(t *testing.T) {
			data := map[string][]byte{}
			for field, value := range good {
				data[field] = value
			}
			test.edit(data)
			if err := issuer.check(data, i.now); err == nil || err.Error() != test.want {
				t.Errorf("%v: want %s", err, test.want)
			}
		})
	}
	if err := issuer.check(good, i.now); err != nil {
		t.Errorf("a good one is refused: %v", err)
	}
}

func ellipticCA(t *testing.T) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	authority, err := cert.NewSelfSignedCACert(cert.Config{CommonName: "greenlight-ca"}, private)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err = cert.EncodeCertificates(authority)
	if err != nil {
		t.Fatal(err)
	}
	key, err = keyutil.MarshalPrivateKeyToPEM(private)
	if err != nil {
		t.Fatal(err)
	}
	return certificate, key
}
