package certificates

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/util/cert"
)

const (
	selfSigned       = "overlays/self-signed"
	selfSignedSecret = "greenlight-self-signed"
)

// From an empty Secret to what the API server trusts, by three replicas with the permissions of the overlay.
func TestSelfSigned(t *testing.T) {
	i := install(t, selfSigned)
	empty := i.secret(selfSignedSecret)
	replicas := []replica{i.start("--self-signed"), i.start("--self-signed"), i.start("--self-signed")}
	for _, r := range replicas {
		i.isEndpoint(r)
	}
	t.Run("replicas that start at once issue one pair, which the API server trusts", func(t *testing.T) {
		i := i.in(t)
		i.serve(replicas, empty)
		if trusted := i.trusted(); trusted != 1 {
			t.Errorf("%d CAs are trusted", trusted)
		}
		i.asksTheWebhook()
	})
	t.Run("what is installed again leaves it as it is", func(t *testing.T) {
		i := i.in(t)
		before := i.secret(selfSignedSecret)
		i.apply(selfSigned)
		if diff := cmp.Diff(before.Data, i.secret(selfSignedSecret).Data); diff != "" {
			t.Errorf("what is in the Secret (-before +after):\n%s", diff)
		}
		i.asksTheWebhook()
	})

	ways := []func(context.Context) error{i.isDenied}
	for _, r := range replicas {
		ways = append(ways, i.handshake(r))
	}
	stop := i.keepCalling(ways...)
	t.Run("half a certificate is replaced by a whole one of the same CA", func(t *testing.T) {
		i := i.in(t)
		before := i.secret(selfSignedSecret)
		i.edit(func(data map[string][]byte) {
			data[corev1.TLSCertKey] = data[corev1.TLSCertKey][:len(data[corev1.TLSCertKey])/2]
		})
		i.serve(replicas, before)
		if after := i.secret(selfSignedSecret); !bytes.Equal(after.Data["ca.crt"], before.Data["ca.crt"]) {
			t.Error("the CA is another")
		}
	})
	t.Run("rubbish is replaced by a new CA, and the one before is trusted on", func(t *testing.T) {
		i := i.in(t)
		before := i.secret(selfSignedSecret)
		i.edit(func(data map[string][]byte) {
			for field := range data {
				data[field] = []byte("rubbish")
			}
		})
		i.serve(replicas, before)
		if trusted := i.trusted(); trusted != 2 {
			t.Errorf("%d CAs are trusted", trusted)
		}
	})
	t.Run("without the Secret replicas serve on, and a new one is not ready until it is installed again", func(t *testing.T) {
		i := i.in(t)
		before := i.secret(selfSignedSecret)
		if err := i.Delete(t.Context(), before.DeepCopy()); err != nil {
			t.Fatal(err)
		}
		late := i.start("--self-signed")
		i.waitUnready(late, "certificates")
		i.asksTheWebhook()
		i.apply(selfSigned)
		i.waitUnready(late)
		i.serve(append(slices.Clone(replicas), late), before)
	})
	well, failures := stop()
	t.Logf("%d calls, of which %d failed", well+len(failures), len(failures))
	if err := errors.Join(failures...); err != nil || well < 100 {
		t.Errorf("calls while certificates were replaced: %v", err)
	}
	t.Run("what the overlay grants is what is used", func(t *testing.T) { i.in(t).usesWhatIsGranted(selfSignedSecret) })
}

// serve waits until every replica serves the leaf that is in the Secret, which is another than before.
func (i *installation) serve(replicas []replica, before corev1.Secret) {
	i.Helper()
	for _, r := range replicas {
		i.serves(r, before)
	}
}

// waitUnready waits until a replica is not ready for these checks alone: until it is ready, without any.
func (i *installation) waitUnready(r replica, want ...string) {
	i.Helper()
	i.eventually("readiness", func(ctx context.Context) error {
		failed, err := r.unready(ctx)
		if err == nil && !slices.Equal(failed, want) {
			err = fmt.Errorf("%v fail: want %v", failed, want)
		}
		return err
	})
}

// edit changes the Secret as somebody does by hand.
func (i *installation) edit(change func(data map[string][]byte)) {
	i.Helper()
	secret := i.secret(selfSignedSecret)
	change(secret.Data)
	if err := i.Update(i.Context(), &secret); err != nil {
		i.Fatal(err)
	}
}

// trusted is how many CAs the webhook configurations trust.
func (i *installation) trusted() int {
	i.Helper()
	bundle, err := i.bundle(i.Context())
	if err != nil {
		i.Fatal(err)
	}
	certificates, err := cert.ParseCertsPEM(bundle)
	if err != nil {
		i.Fatal(err)
	}
	return len(certificates)
}
