package certificates

import (
	"os"
	"os/exec"
	"path/filepath"
)

// trust is that of docs/install.md: it has both configurations trust the CAs of some Secrets, and no other.
const trust = `
trust() {
  cas=
  for secret; do
    ca=$(kubectl -n greenlight-system get secret "$secret" -o go-template='{{index .data "ca.crt" | base64decode}}') && [ -n "$ca" ] ||
      { echo "Secret $secret has no CA: nothing is changed" >&2; return 1; }
    cas+=$ca$'\n'
  done
  bundle=$(printf %s "$cas" | base64 | tr -d '\n')
  for kind in mutating validating; do
    patch=$(kubectl get ${kind}webhookconfiguration greenlight -o go-template='[{{range $i, $webhook := .webhooks}}{{if $i}},{{end}}
      {"op": "add", "path": "/webhooks/{{$i}}/clientConfig/caBundle", "value": "'$bundle'"}{{end}}]')
    kubectl patch ${kind}webhookconfiguration greenlight --type=json -p "$patch"
  done
}
`

// shell is that of somebody who may do everything in the cluster.
type shell struct {
	*installation
	kubeconfig string
}

// run runs commands, which may use trust, in the folder config/.
func (s shell) run(commands string) {
	s.Helper()
	command := exec.CommandContext(s.Context(), "bash", "-euo", "pipefail", "-c", trust+commands)
	command.Dir = filepath.Join(repository, "config")
	command.Env = append(os.Environ(), "KUBECONFIG="+s.kubeconfig, "PATH="+os.Getenv("KUBEBUILDER_ASSETS")+":"+os.Getenv("PATH"))
	if output, err := command.CombinedOutput(); err != nil {
		s.Fatalf("%s: %v\n%s", commands, err, output)
	}
}
