package selfsigned

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// secretName is that of the Secret of config/overlays/self-signed. It is another than that of cert-manager, which
// would write into its own.
const secretName = "greenlight-self-signed"

// issued returns the pair of the Secret, which is issued anew where it is not good.
func (c *Certificates) issued(ctx context.Context) (*pair, error) {
	secret := &corev1.Secret{}
	switch err := c.reader.Get(ctx, client.ObjectKey{Namespace: c.namespace, Name: secretName}, secret); {
	case apierrors.IsNotFound(err):
		return nil, fmt.Errorf("there is no Secret %s/%s to keep it in: apply the installation again, which has an empty one", c.namespace, secretName)
	case err != nil:
		return nil, fmt.Errorf("reading Secret %s/%s: %w", c.namespace, secretName, err)
	}
	if why := c.issuer.check(secret.Data, c.now()); why != nil {
		if err := c.issue(ctx, secret, why); err != nil {
			return nil, err
		}
	}
	return readPair(secret.Data)
}

func (c *Certificates) issue(ctx context.Context, secret *corev1.Secret, why error) error {
	data, err := c.issuer.renew(secret.Data, c.now())
	if err != nil {
		return err
	}
	secret.Data = data
	if err := c.writer.Update(ctx, secret); err != nil {
		return fmt.Errorf("writing Secret %s/%s: %w", c.namespace, secretName, err)
	}
	log.Log.Info("issued a certificate", "secret", secret.Name, "because", why.Error())
	return nil
}
