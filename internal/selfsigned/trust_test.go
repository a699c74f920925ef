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

// A cluster moves from cert-manager, with a Secret that was filled long ago.
func TestACAOfOthersIsTrustedForAnHourAfterItWasSeen(t *testing.T) {
	i := install(t)
	i.look(i.replica())
	own := i.trusted()[0]
	other := install(t)
	other.look(other.replica())
	i.now = i.now.Add(30 * 24 * time.Hour)
	moved := i.replica()
	trusts := func(what string, want ...*x509.Certificate) {
		t.Helper()
		i.look(moved)
		if trusted := i.trusted(); !slices.EqualFunc(trusted, want, (*x509.Certificate).Equal) {
			t.Errorf("%s: %d CAs are trusted, want %d", what, len(trusted), len(want))
		}
	}
	i.trustOnly(other.trusted()[0])
	trusts("when it is seen", own, other.trusted()[0])
	i.now = i.now.Add(overlaps - time.Second)
	trusts("just before the end", own, other.trusted()[0])
	i.now = i.now.Add(time.Second)
	trusts("in the end", own)
	trusts("without it", own)
	i.trustOnly(other.trusted()[0])
	trusts("when it is back", own, other.trusted()[0])
}
