package certificates

import (
	"testing"

	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
)

// From cert-manager to the overlay and back, by the commands of docs/install.md, while calls go on. No controller
// runs that would replace pods, so that one replica stands for all of them, and is replaced by hand.
func TestMovingBetweenCertManagerAndSelfSigned(t *testing.T) {
	ctrl.SetLogger(klog.Background())
	i := install(t, "default", certManagerCRDs(t))
	i.runCertManager()
	m := &move{shell: shell{i, i.kubeconfig("admin", "system:masters")}}
	// From here on kubectl knows what it has applied, and takes away what is not in it any more.
	m.run(`kubectl apply -k default`)
	m.serveBy(i.start("--cert-dir", i.mount(leafSecret), "--drain", drain))
	i.asksTheWebhook()
	stop := i.keepCalling(i.isDenied)

	m.run(`kubectl apply -k overlays/self-signed`)
	m.serveBy(i.start("--self-signed", "--drain", drain))
	m.run(`
kubectl delete -k certmanager
kubectl -n greenlight-system delete secret/greenlight-webhook-tls secret/greenlight-ca`)
	// No garbage collector runs here.
	m.run(`kubectl -n greenlight-system delete certificaterequests --all`)
	m.run(`if trust greenlight-self-signed greenlight-webhook-tls; then exit 1; fi`)
	i.asksTheWebhook()

	m.run(`
kubectl apply -k certmanager
kubectl -n greenlight-system wait --for=condition=Ready certificate/greenlight-webhook
trust greenlight-self-signed greenlight-webhook-tls
kubectl apply -k default -l 'greenlight.dev/apply!=last'`)
	m.serveBy(i.start("--cert-dir", i.mount(leafSecret), "--drain", drain))
	m.run(`
kubectl apply -k default
trust greenlight-webhook-tls
kubectl -n greenlight-system delete secret/greenlight-self-signed role/greenlight-self-signed rolebinding/greenlight-self-signed
kubectl delete clusterrole/greenlight-self-signed clusterrolebinding/greenlight-self-signed`)
	i.trustsAlone(leafSecret)
	i.asksTheWebhook()
	i.endsWell(stop)
	m.end()
}

// drain is more than enough for the API server to see that a replica is no endpoint any more.
const drain = "5s"

// move is a cluster that moves.
type move struct {
	shell
	// end ends the replica that serves: nil where none does.
	end func()
}

// serveBy replaces the replica that serves as a rollout does: the next one serves once it is ready, and the one before
// ends then. Each is trusted for as long as it serves.
func (m *move) serveBy(next replica) {
	m.Helper()
	m.waitUnready(next)
	endpoint := m.isEndpoint(next)
	stop := m.keepCalling(m.handshake(next))
	m.asksTheWebhook()
	if m.end != nil {
		m.end()
	}
	m.end = func() {
		m.Helper()
		if err := m.Delete(m.Context(), endpoint); err != nil {
			m.Fatal(err)
		}
		m.endsWell(stop)
		next.stop()
	}
}
