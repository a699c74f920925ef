package selfsigned

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

func TestNothingIsServedBeforeThereIsACertificate(t *testing.T) {
	certificate, err := install(t).replica().GetCertificate(nil)
	if err == nil || err.Error() != "there is no certificate to serve yet" {
		t.Errorf("%v is served, and the error is %v", certificate, err)
	}
}

func TestReplicasThatStartAtOnceServeOnePair(t *testing.T) {
	i := install(t)
	const replicas = 3
	var emptyRead sync.WaitGroup
	emptyRead.Add(replicas)
	var lock sync.Mutex
	written := 0
	i = i.intercepted(interceptor.Funcs{
		Get: func(ctx context.Context, api client.WithWatch, key client.ObjectKey, object client.Object, options ...client.GetOption) error {
			err := api.Get(ctx, key, object, options...)
			if secret, ok := object.(*corev1.Secret); ok && len(secret.Data) == 0 {
				emptyRead.Done()
				emptyRead.Wait()
			}
			return err
		},
		Update: func(ctx context.Context, api client.WithWatch, object client.Object, options ...client.UpdateOption) error {
			lock.Lock()
			defer lock.Unlock()
			err := api.Update(ctx, object, options...)
			if err == nil {
				written++
			}
			return err
		},
	})
	var all []*Certificates
	var looked sync.WaitGroup
	for range replicas {
		replica := i.replica()
		all = append(all, replica)
		looked.Go(func() {
			if err := replica.look(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	looked.Wait()
	if written != 1 {
		t.Errorf("the Secret is written %d times", written)
	}
	for _, replica := range all {
		i.isTrusted(replica)
		if !i.served(replica).Equal(i.served(all[0])) {
			t.Error("replicas serve different certificates")
		}
	}
	if trusted := i.trusted(); len(trusted) != 1 {
		t.Errorf("%d CAs are trusted", len(trusted))
	}
}

func TestALeafIsRenewedAheadByTheSameCA(t *testing.T) {
	i := install(t)
	first, second := i.replica(), i.replica()
	i.look(first, second)
	before, trusted := i.served(first), i.trusted()
	if life := before.NotAfter.Sub(i.now); life != 90*24*time.Hour {
		t.Errorf("it is good for %s", life)
	}
	i.now = i.now.Add(60*24*time.Hour - time.Second)
	i.look(first, second)
	if !i.served(first).Equal(before) {
		t.Error("it is renewed with more than 30 days left")
	}
	i.now = i.now.Add(2 * time.Second)
	i.look(first, second)
	if after := i.served(first); after.Equal(before) || !after.Equal(i.served(second)) {
		t.Error("it is not renewed at once, for both replicas")
	}
	if diff := cmp.Diff(trusted, i.trusted()); diff != "" {
		t.Errorf("another CA is trusted (-before +after):\n%s", diff)
	}
}

func TestANewCAIsTrustedBeforeItIsUsedAndTheOldOneUntilNobodyUsesIt(t *testing.T) {
	i := install(t)
	first, second := i.replica(), i.replica()
	i.look(first, second)
	old := i.trusted()[0]
	i.now = i.now.Add(9*365*24*time.Hour - 24*time.Hour)
	// The leaf of the beginning has long ended, so trust is looked at from here on.
	if err := errors.Join(first.look(t.Context()), second.look(t.Context())); err != nil {
		t.Fatal(err)
	}
	i.look(first, second)
	before := i.served(first)
	i.now = i.now.Add(24*time.Hour + time.Second)
	i.look(first, second)
	for range 3 {
		i.now = i.now.Add(settles / 4)
		i.look(first, second)
		if !i.served(first).Equal(before) || !i.served(second).Equal(before) {
			t.Fatal("another leaf is served before its CA is known everywhere")
		}
	}
	if trusted := i.trusted(); len(trusted) != 2 || trusted[0].Equal(old) || !trusted[1].Equal(old) {
		t.Fatalf("%d CAs are trusted: want the new one and the old one", len(trusted))
	}
	i.now = i.now.Add(settles / 4)
	i.look(first)
	if i.served(first).Equal(before) || !i.served(second).Equal(before) {
		t.Error("want the new leaf by the replica that looks")
	}
	i.isTrusted(second)
	i.look(first, second)
	i.now = i.now.Add(overlaps)
	i.look(first, second)
	if trusted := i.trusted(); len(trusted) != 1 || trusted[0].Equal(old) {
		t.Errorf("%d CAs are trusted: want the new one", len(trusted))
	}
}

func TestAReplicaThatStartsServesANewCAOnceItIsKnown(t *testing.T) {
	i := install(t)
	first := i.replica()
	i.look(first)
	before := i.served(first)
	i.edit(func(data map[string][]byte) { clear(data) })
	i.look(first)
	second := i.replica()
	i.now = i.now.Add(settles - time.Second)
	i.look(first, second)
	if _, err := second.GetCertificate(nil); err == nil || !i.served(first).Equal(before) {
		t.Error("the new CA is used before it is known everywhere")
	}
	i.now = i.now.Add(settles)
	i.look(second)
	i.served(second)
}

func TestACAThatWasNotTrustedIsServedOnceItIsKnown(t *testing.T) {
	i := install(t)
	i.trustOnly(i.moved())
	writes, reads := i.replica(), i.replica()
	i.look(writes, reads)
	i.now = i.now.Add(settles - time.Second)
	i.look(writes, reads)
	for _, replica := range []*Certificates{writes, reads} {
		if _, err := replica.GetCertificate(nil); err == nil {
			t.Error("it is served before it is known everywhere")
		}
	}
	i.now = i.now.Add(time.Second)
	i.look(writes, reads)
	i.served(writes)
	i.served(reads)
}

func TestACAThatWasTakenOutIsServedOnceItIsKnownAgain(t *testing.T) {
	i := install(t)
	other := i.moved()
	replica := i.replica()
	i.trustOnly(other)
	i.look(replica)
	i.now = i.now.Add(settles - time.Second)
	i.trustOnly(other)
	i.look(replica)
	i.now = i.now.Add(settles - time.Second)
	i.look(replica)
	if _, err := replica.GetCertificate(nil); err == nil {
		t.Error("it is served before it is known everywhere")
	}
	i.now = i.now.Add(time.Second)
	i.look(replica)
	i.served(replica)
}

// A GitOps controller, or an older cert-manager, puts another bundle back before every look.
func TestWhatTakesTheCAOutAgainAndAgainKeepsNoReplicaFromServing(t *testing.T) {
	i := install(t)
	other := i.moved()
	replica := i.replica()
	for range patience / lookEvery {
		i.trustOnly(other)
		i.look(replica)
		if _, err := replica.GetCertificate(nil); err == nil {
			t.Fatal("it is served before it is known everywhere")
		}
		i.now = i.now.Add(lookEvery)
	}
	i.trustOnly(other)
	i.look(replica)
	i.served(replica)
}

func TestWithoutItsSecretAReplicaServesOn(t *testing.T) {
	i := install(t)
	replica := i.replica()
	i.look(replica)
	before := i.served(replica)
	if err := i.Delete(t.Context(), i.secret()); err != nil {
		t.Fatal(err)
	}
	err := replica.look(t.Context())
	want := "there is no Secret greenlight-system/greenlight-self-signed to keep it in: apply the installation again, which has an empty one"
	if err == nil || err.Error() != want {
		t.Errorf("%v: want %s", err, want)
	}
	if !i.served(replica).Equal(before) {
		t.Error("another certificate is served")
	}
}
