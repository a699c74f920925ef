package install

import "crypto/x509"

// Name is that of the process in the cluster.
func (i *Installation) Name() string { return i.process.name }

// Address is where the webhook listens for reviews.
func (i *Installation) Address() string { return local(i.process.port) }

// Folder holds the certificate that the webhook serves with, tls.crt and tls.key.
func (i *Installation) Folder() string { return i.process.folder }

// Trusted is what whoever asks the webhook trusts.
func (i *Installation) Trusted() *x509.CertPool {
	trusted := x509.NewCertPool()
	i.AddTrusted(trusted)
	return trusted
}

// AddTrusted adds to a pool what whoever asks the webhook trusts.
func (i *Installation) AddTrusted(pool *x509.CertPool) { pool.AppendCertsFromPEM(i.process.authority) }
