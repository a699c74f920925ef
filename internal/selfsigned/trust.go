package selfsigned

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/client-go/util/cert"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const (
	// configurationName is that of both webhook configurations of config/webhook.
	configurationName = "greenlight"
	// overlaps is how long a CA beside the own one is trusted: much longer than replicas take to move to the own one.
	overlaps = time.Hour

	fieldOwner = "greenlight-webhook"
)

// trust has both webhook configurations trust a CA. One that is not there is no error: it was deleted in an emergency.
func (c *Certificates) trust(ctx context.Context, authority *x509.Certificate) error {
	now := c.now()
	c.others, c.trusted = c.others.next(now), c.trusted.next(now)
	mutating, validating := &admissionregistrationv1.MutatingWebhookConfiguration{}, &admissionregistrationv1.ValidatingWebhookConfiguration{}
	if err := errors.Join(c.trustIn(ctx, mutating, authority), c.trustIn(ctx, validating, authority)); err != nil {
		c.others.keep()
		c.trusted.keep()
		return err
	}
	c.wanted = c.wanted.next(now)
	c.wanted.seenFor(authority)
	c.trusted.seenFor(authority)
	return nil
}

// trustIn patches nothing but the CAs, so that fields unknown to this build stay as they are.
func (c *Certificates) trustIn(ctx context.Context, configuration client.Object, authority *x509.Certificate) error {
	err := c.reader.Get(ctx, client.ObjectKey{Name: configurationName}, configuration)
	if err != nil {
		return named(client.IgnoreNotFound(err), "reading", configuration)
	}
	before := configuration.DeepCopyObject().(client.Object)
	for _, config := range clientConfigs(configuration) {
		if config.CABundle, err = c.bundle(authority, config.CABundle); err != nil {
			return named(err, "writing", configuration)
		}
	}
	if equality.Semantic.DeepEqual(before, configuration) {
		return nil
	}
	patch := client.StrategicMergeFrom(before, client.MergeFromWithOptimisticLock{})
	err = c.writer.Patch(ctx, configuration, patch, client.FieldOwner(fieldOwner))
	return named(client.IgnoreNotFound(err), "writing", configuration)
}

func named(err error, doing string, configuration client.Object) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s the CA in %T %s: %w", doing, configuration, configurationName, err)
}

// clientConfigs are those of the webhooks of a configuration of either kind.
func clientConfigs(configuration client.Object) []*admissionregistrationv1.WebhookClientConfig {
	var configs []*admissionregistrationv1.WebhookClientConfig
	switch configuration := configuration.(type) {
	case *admissionregistrationv1.MutatingWebhookConfiguration:
		for i := range configuration.Webhooks {
			configs = append(configs, &configuration.Webhooks[i].ClientConfig)
		}
	case *admissionregistrationv1.ValidatingWebhookConfiguration:
		for i := range configuration.Webhooks {
			configs = append(configs, &configuration.Webhooks[i].ClientConfig)
		}
	}
	return configs
}

// bundle returns what is trusted from now on: the CA and, for a while, what was trusted before. That may be the CA before
// it, or that of cert-manager, of which other replicas serve a leaf.
func (c *Certificates) bundle(authority *x509.Certificate, before []byte) ([]byte, error) {
	bundle := []*x509.Certificate{authority}
	// What cannot be read was not trusted either.
	trusted, _ := cert.ParseCertsPEM(before)
	if !slices.ContainsFunc(trusted, authority.Equal) {
		c.trusted.forget(authority)
	}
	for _, other := range trusted {
		if !other.Equal(authority) && c.now().Before(other.NotAfter) && c.others.seenFor(other) < overlaps {
			bundle = append(bundle, other)
		}
	}
	return cert.EncodeCertificates(bundle...)
}
