package certificates

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	apiutil "github.com/cert-manager/cert-manager/pkg/api/util"
	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	cmmeta "github.com/cert-manager/cert-manager/pkg/apis/meta/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const (
	leafSecret      = "greenlight-webhook-tls"
	authoritySecret = "greenlight-ca"
)

// From what is installed to what the API server trusts, by the controllers of cert-manager itself.
func TestCertManager(t *testing.T) {
	ctrl.SetLogger(klog.Background())
	i := install(t, "default", certManagerCRDs(t))
	i.runCertManager()
	replica := i.start("--cert-dir", i.mount(leafSecret))
	i.isEndpoint(replica)

	t.Run("issues a leaf for 90 days, signed by a CA in a Secret of its own", func(t *testing.T) { i.in(t).issued() })
	t.Run("injects that CA, so that the API server asks the webhook", func(t *testing.T) {
		i := i.in(t)
		i.eventually("the injection", func(ctx context.Context) error {
			bundle, err := i.bundle(ctx)
			if err == nil && !bytes.Equal(bundle, i.secret(leafSecret).Data[cmmeta.TLSCAKey]) {
				err = errors.New("another CA is injected")
			}
			return err
		})
		i.asksTheWebhook()
	})
	t.Run("issues the leaf anew, which the webhook serves without a restart", func(t *testing.T) {
		i := i.in(t)
		before := i.secret(leafSecret)
		if err := i.Delete(t.Context(), &before); err != nil {
			t.Fatal(err)
		}
		i.serves(replica, before)
		i.asksTheWebhook()
	})
	t.Run("renews the CA with the key that it has, so that what is trusted stays trusted", func(t *testing.T) {
		i := i.in(t)
		before, leaf := i.secret(authoritySecret), i.secret(leafSecret)
		i.renew("greenlight-ca")
		i.eventually("the renewal", func(context.Context) error {
			if bytes.Equal(i.secret(authoritySecret).Data[corev1.TLSCertKey], before.Data[corev1.TLSCertKey]) {
				return errors.New("the CA is the one before")
			}
			return nil
		})
		if !bytes.Equal(i.secret(authoritySecret).Data[corev1.TLSPrivateKeyKey], before.Data[corev1.TLSPrivateKeyKey]) {
			t.Error("the CA has another key")
		}
		i.renew("greenlight-webhook")
		i.serves(replica, leaf)
		i.asksTheWebhook()
	})
	t.Run("replaces a CA whose key has leaked, by the commands of docs/runbook.md, without a failed call", func(t *testing.T) {
		i := i.in(t)
		i.replaceAuthority(replica)
	})
}

// replaceAuthority has another CA issued, with another key, and leaves of that one served and trusted alone.
func (i *installation) replaceAuthority(r replica) {
	i.Helper()
	shell := shell{i, i.kubeconfig("admin", "system:masters")}
	authority, leaf := i.secret(authoritySecret), i.secret(leafSecret)
	stop := i.keepCalling(i.isDenied, i.handshake(r))
	shell.run(`
kubectl -n greenlight-system delete secret greenlight-ca
kubectl -n greenlight-system wait --for=create secret/greenlight-ca
kubectl annotate mutatingwebhookconfiguration,validatingwebhookconfiguration greenlight cert-manager.io/inject-ca-from-
trust greenlight-webhook-tls greenlight-ca`)
	if trusted := i.trusted(); trusted != 2 {
		i.Errorf("%d CAs are trusted", trusted)
	}
	shell.run(`
kubectl -n greenlight-system delete secret greenlight-webhook-tls
kubectl -n greenlight-system wait --for=create secret/greenlight-webhook-tls`)
	i.serves(r, leaf)
	shell.run(`
kubectl apply -k default
trust greenlight-webhook-tls`)
	i.trustsAlone(authoritySecret)
	if bytes.Equal(i.secret(authoritySecret).Data[corev1.TLSPrivateKeyKey], authority.Data[corev1.TLSPrivateKeyKey]) {
		i.Error("the CA has the key that has leaked")
	}
	i.asksTheWebhook()
	i.endsWell(stop)
}

// issued checks the leaf and its CA.
func (i *installation) issued() {
	i.Helper()
	leaf, authority := i.certificate(leafSecret), i.certificate(authoritySecret)
	if life := leaf.NotAfter.Sub(leaf.NotBefore); life != 90*24*time.Hour {
		i.Errorf("the leaf is good for %s", life)
	}
	if !authority.IsCA || authority.NotAfter.Sub(authority.NotBefore) != 3650*24*time.Hour {
		i.Errorf("the CA is one: %t, from %s to %s", authority.IsCA, authority.NotBefore, authority.NotAfter)
	}
	if err := errors.Join(leaf.CheckSignatureFrom(authority), leaf.VerifyHostname(dnsName)); err != nil {
		i.Error(err)
	}
}

// renew asks for a Certificate anew, as cmctl renew does.
func (i *installation) renew(name string) {
	i.Helper()
	i.eventually("asking for "+name, func(ctx context.Context) error {
		var certificate certmanagerv1.Certificate
		if err := i.Get(ctx, client.ObjectKey{Namespace: namespace, Name: name}, &certificate); err != nil {
			return err
		}
		apiutil.SetCertificateCondition(&certificate, certificate.Generation, certmanagerv1.CertificateConditionIssuing,
			cmmeta.ConditionTrue, "ManuallyTriggered", "Asked for by a test")
		return i.Status().Update(ctx, &certificate)
	})
}

// certManagerCRDs is the folder of the CRDs that the module of cert-manager comes with.
func certManagerCRDs(t *testing.T) string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/cert-manager/cert-manager").Output()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(strings.TrimSpace(string(output)), "deploy", "crds")
}
