package selfsigned

import (
	"context"
	"crypto/x509"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

func TestWithoutWebhookConfigurationsAReplicaServes(t *testing.T) {
	i := install(t)
	for _, configuration := range []client.Object{&admissionregistrationv1.MutatingWebhookConfiguration{}, &admissionregistrationv1.ValidatingWebhookConfiguration{}} {
		configuration.SetName(configurationName)
		if err := i.Delete(t.Context(), configuration); err != nil {
			t.Fatal(err)
		}
	}
	replica := i.replica()
	if err := replica.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	i.served(replica)
}

func TestWhatTheAPIServerDoesNotTrustIsNotServed(t *testing.T) {
	i := install(t).intercepted(interceptor.Funcs{
		Patch: func(_ context.Context, _ client.WithWatch, object client.Object, _ client.Patch, _ ...client.PatchOption) error {
			return apierrors.NewForbidden(schema.GroupResource{Resource: "configurations"}, object.GetName(), nil)
		},
	})
	replica := i.replica()
	err := replica.look(t.Context())
	want := `writing the CA in *v1.MutatingWebhookConfiguration greenlight: configurations "greenlight" is forbidden: <nil>
writing the CA in *v1.ValidatingWebhookConfiguration greenlight: configurations "greenlight" is forbidden: <nil>`
	if err == nil || err.Error() != want {
		t.Errorf("the error is %v\nwant %s", err, want)
	}
	if _, err := replica.GetCertificate(nil); err == nil {
		t.Error("it is served all the same")
	}
}

func TestNothingButTheCAIsWritten(t *testing.T) {
	i := install(t)
	before := &admissionregistrationv1.ValidatingWebhookConfiguration{}
	if err := i.Get(t.Context(), client.ObjectKey{Name: configurationName}, before); err != nil {
		t.Fatal(err)
	}
	i.look(i.replica())
	after := &admissionregistrationv1.ValidatingWebhookConfiguration{}
	if err := i.Get(t.Context(), client.ObjectKey{Name: configurationName}, after); err != nil {
		t.Fatal(err)
	}
	version := after.ResourceVersion
	i.look(i.replica())
	if err := i.Get(t.Context(), client.ObjectKey{Name: configurationName}, after); err != nil || after.ResourceVersion != version {
		t.Errorf("it is written again, as it is: %v", err)
	}
	for _, config := range clientConfigs(after) {
		config.CABundle = nil
	}
	after.ResourceVersion = before.ResourceVersion
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

func TestACAOfOthersIsTrustedForAnHourAfterItWasSeen(t *testing.T) {
	i := install(t)
	other := i.moved()
	own := i.trusted()[0]
	moved := i.replica()
	trusts := func(what string, want ...*x509.Certificate) {
		t.Helper()
		i.look(moved)
		if trusted := i.trusted(); !slices.EqualFunc(trusted, want, (*x509.Certificate).Equal) {
			t.Errorf("%s: %d CAs are trusted, want %d", what, len(trusted), len(want))
		}
	}
	i.trustOnly(other)
	trusts("when it is seen", own, other)
	i.now = i.now.Add(overlaps - time.Second)
	trusts("just before the end", own, other)
	i.now = i.now.Add(time.Second)
	trusts("in the end", own)
	trusts("without it", own)
	i.trustOnly(other)
	trusts("when it is back", own, other)
}

func TestALookThatFailsKeepsWhatWasSeen(t *testing.T) {
	fails := false
	i := install(t).intercepted(interceptor.Funcs{
		Get: func(ctx context.Context, api client.WithWatch, key client.ObjectKey, object client.Object, options ...client.GetOption) error {
			if fails && key.Name == configurationName {
				return apierrors.NewServiceUnavailable("it starts")
			}
			return api.Get(ctx, key, object, options...)
		},
	})
	other := i.moved()
	own := i.trusted()[0]
	replica := i.replica()
	i.trustOnly(other)
	i.look(replica)
	i.now = i.now.Add(lookEvery)
	fails = true
	if err := replica.look(t.Context()); err == nil {
		t.Error("a look without the configurations succeeds")
	}
	fails = false
	i.now = i.now.Add(settles - lookEvery)
	i.look(replica)
	i.served(replica)
	i.now = i.now.Add(overlaps - settles)
	i.look(replica)
	if trusted := i.trusted(); len(trusted) != 1 || !trusted[0].Equal(own) {
		t.Errorf("%d CAs are trusted: want the own one", len(trusted))
	}
}

// As docs/runbook.md has it where the key of a CA has leaked.
func TestACAThatIsTakenOutIsNotPutBack(t *testing.T) {
	i := install(t)
	first, second := i.replica(), i.replica()
	i.look(first, second)
	i.edit(func(data map[string][]byte) { clear(data) })
	i.look(first, second)
	i.now = i.now.Add(settles)
	i.look(first, second)
	own := i.trusted()[0]
	i.trustOnly(own)
	i.look(first, second, i.replica())
	if trusted := i.trusted(); len(trusted) != 1 || !trusted[0].Equal(own) {
		t.Errorf("%d CAs are trusted: want the new one", len(trusted))
	}
}
