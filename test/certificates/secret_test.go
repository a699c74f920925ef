package certificates

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/cert"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func (i *installation) secret(name string) corev1.Secret {
	i.Helper()
	secret := corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	if err := i.Get(i.Context(), client.ObjectKeyFromObject(&secret), &secret); err != nil {
		i.Fatal(err)
	}
	return secret
}

// certificate is the one in a Secret.
func (i *installation) certificate(name string) *x509.Certificate {
	i.Helper()
	certificates, err := cert.ParseCertsPEM(i.secret(name).Data[corev1.TLSCertKey])
	if err != nil {
		i.Fatal(err)
	}
	return certificates[0]
}

// serves waits until a replica serves the leaf that is in the Secret, which is another than before.
func (i *installation) serves(r replica, before corev1.Secret) {
	i.Helper()
	i.eventually("the new leaf", func(ctx context.Context) error {
		var issued corev1.Secret
		if err := i.Get(ctx, client.ObjectKeyFromObject(&before), &issued); err != nil {
			return err
		}
		if bytes.Equal(issued.Data[corev1.TLSCertKey], before.Data[corev1.TLSCertKey]) {
			return errors.New("the leaf is the one before")
		}
		wanted, err := cert.ParseCertsPEM(issued.Data[corev1.TLSCertKey])
		if err != nil {
			return err
		}
		bundle, err := i.bundle(ctx)
		if err != nil {
			return err
		}
		served, err := r.served(bundle)
		if err != nil {
			return err
		}
		if !served.Equal(wanted[0]) {
			return fmt.Errorf("the leaf that is served began %s, and the one that was issued %s", served.NotBefore, wanted[0].NotBefore)
		}
		return nil
	})
}
