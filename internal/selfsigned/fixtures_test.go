package selfsigned

import (
	"context"
	"crypto/x509"
	"testing"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/cert"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

const (
	namespace = "greenlight-system"
	dnsName   = "greenlight-webhook.greenlight-system.svc"
)

// installed is what one test has installed, and the time there.
type installed struct {
	*testing.T
	client.WithWatch
	now time.Time
}

// install has an empty Secret, as it is shipped, and both webhook configurations.
func install(t *testing.T) *installed {
	meta := metav1.ObjectMeta{Name: configurationName}
	config := admissionregistrationv1.WebhookClientConfig{Service: &admissionregistrationv1.ServiceReference{Namespace: namespace, Name: serviceName}}
	return &installed{t, fake.NewClientBuilder().WithObjects(
		&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: secretName}},
		&admissionregistrationv1.MutatingWebhookConfiguration{ObjectMeta: meta, Webhooks: []admissionregistrationv1.MutatingWebhook{
			{Name: "deployments.mutate.greenlight.dev", ClientConfig: config, TimeoutSeconds: new(int32(2))},
		}},
		&admissionregistrationv1.ValidatingWebhookConfiguration{ObjectMeta: meta, Webhooks: []admissionregistrationv1.ValidatingWebhook{
			{Name: "deployments.validate.greenlight.dev", ClientConfig: config, TimeoutSeconds: new(int32(3))},
			{Name: "services.validate.greenlight.dev", ClientConfig: config, TimeoutSeconds: new(int32(10))},
		}},
	).Build(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
}

// replica is one that has served nothing yet.
func (i *installed) replica() *Certificates {
	c := New(i, i, namespace)
	c.now = func() time.Time { return i.now }
	return c
}

// intercepted does some requests in another way.
func (i *installed) intercepted(funcs interceptor.Funcs) *installed {
	return &installed{i.T, interceptor.NewClient(i.WithWatch, funcs), i.now}
}

// look has replicas look, and checks that the API server trusts what each serves, before and after.
func (i *installed) look(replicas ...*Certificates) {
	i.Helper()
	for _, replica := range replicas {
		if err := replica.look(i.Context()); err != nil {
			i.Fatal(err)
		}
		for _, replica := range replicas {
			i.isTrusted(replica)
		}
	}
}

// isTrusted checks that each webhook trusts what a replica serves, which may be nothing.
func (i *installed) isTrusted(replica *Certificates) {
	i.Helper()
	served := replica.served.Load()
	if served == nil {
		return
	}
	for _, config := range i.configs() {
		trusted := x509.NewCertPool()
		trusted.AppendCertsFromPEM(config.CABundle)
		if _, err := served.Leaf.Verify(x509.VerifyOptions{DNSName: dnsName, Roots: trusted, CurrentTime: i.now}); err != nil {
			i.Errorf("the API server does not trust what is served: %v", err)
		}
	}
}

// served is what a replica serves.
func (i *installed) served(replica *Certificates) *x509.Certificate {
	i.Helper()
	certificate, err := replica.GetCertificate(nil)
	if err != nil {
		i.Fatal(err)
	}
	return certificate.Leaf
}

// trusted are the CAs that all webhooks trust.
func (i *installed) trusted() []*x509.Certificate {
	i.Helper()
	configs := i.configs()
	for _, config := range configs[1:] {
		if string(config.CABundle) != string(configs[0].CABundle) {
			i.Error("webhooks trust different CAs")
		}
	}
	certificates, err := cert.ParseCertsPEM(configs[0].CABundle)
	if err != nil {
		i.Fatal(err)
	}
	return certificates
}

// trustOnly has all webhooks trust one CA, as the cainjector of cert-manager does.
func (i *installed) trustOnly(authority *x509.Certificate) {
	i.Helper()
	bundle, err := cert.EncodeCertificates(authority)
	if err != nil {
		i.Fatal(err)
	}
	for _, configuration := range i.configurations() {
		for _, config := range clientConfigs(configuration) {
			config.CABundle = bundle
		}
		if err := i.Update(i.Context(), configuration); err != nil {
			i.Fatal(err)
		}
	}
}

// moved is the CA of cert-manager in a cluster that moves from it, with a Secret that was filled long ago.
func (i *installed) moved() *x509.Certificate {
	i.Helper()
	i.look(i.replica())
	other := install(i.T)
	other.look(other.replica())
	i.now = i.now.Add(30 * 24 * time.Hour)
	return other.trusted()[0]
}

func (i *installed) configs() []*admissionregistrationv1.WebhookClientConfig {
	i.Helper()
	var configs []*admissionregistrationv1.WebhookClientConfig
	for _, configuration := range i.configurations() {
		configs = append(configs, clientConfigs(configuration)...)
	}
	return configs
}

func (i *installed) configurations() []client.Object {
	i.Helper()
	configurations := []client.Object{&admissionregistrationv1.MutatingWebhookConfiguration{}, &admissionregistrationv1.ValidatingWebhookConfiguration{}}
	for _, configuration := range configurations {
		if err := i.Get(i.Context(), client.ObjectKey{Name: configurationName}, configuration); err != nil {
			i.Fatal(err)
		}
	}
	return configurations
}

func (i *installed) secret() *corev1.Secret {
	i.Helper()
	secret := &corev1.Secret{}
	if err := i.Get(i.Context(), client.ObjectKey{Namespace: namespace, Name: secretName}, secret); err != nil {
		i.Fatal(err)
	}
	return secret
}

// edit changes the Secret as somebody does by hand.
func (i *installed) edit(change func(data map[string][]byte)) {
	i.Helper()
	secret := i.secret()
	change(secret.Data)
	if err := i.Update(context.Background(), secret); err != nil {
		i.Fatal(err)
	}
}
