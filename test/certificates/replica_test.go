package certificates

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// replica is one process of the webhook, and an endpoint of its Service.
type replica struct {
	address      string
	port, health int
	// stop ends it, once what it is asked meanwhile is answered.
	stop func()
}

// start runs a replica with the permissions that are shipped, until the test ends. Flags say where its certificate
// comes from.
func (i *installation) start(flags ...string) replica {
	i.Helper()
	ctx, stop := context.WithCancel(i.Context())
	ports := i.freePorts(2)
	r := replica{address: i.hostAddress(), port: ports[0], health: ports[1]}
	args := append([]string{
		"serve", "--port", strconv.Itoa(r.port), "--metrics-address", "0", "--health-address", "127.0.0.1:" + strconv.Itoa(r.health), "--drain", "0s",
		"--kubeconfig", i.kubeconfig("system:serviceaccount:"+namespace+":"+name, "system:serviceaccounts", "system:serviceaccounts:"+namespace),
	}, flags...)
	command := exec.CommandContext(ctx, filepath.Join(repository, "bin", name), args...)
	command.Stdout, command.Stderr = i.Output(), i.Output()
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 30 * time.Second
	if err := command.Start(); err != nil {
		i.Fatalf("%v: run make build first", err)
	}
	ended := make(chan struct{})
	go func() {
		_ = command.Wait() // it ends by the signal
		close(ended)
	}()
	r.stop = func() {
		stop()
		<-ended
	}
	i.Cleanup(r.stop)
	return r
}

// isEndpoint makes the replica one that the Service leads to, which nothing else does without controllers. It has a
// slice to itself, because it has a port of its own.
func (i *installation) isEndpoint(r replica) *discoveryv1.EndpointSlice {
	i.Helper()
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta:  metav1.ObjectMeta{Namespace: namespace, GenerateName: name + "-", Labels: map[string]string{discoveryv1.LabelServiceName: name}},
		AddressType: discoveryv1.AddressTypeIPv4,
		Endpoints:   []discoveryv1.Endpoint{{Addresses: []string{r.address}, Conditions: discoveryv1.EndpointConditions{Ready: new(true)}}},
		Ports:       []discoveryv1.EndpointPort{{Name: new("https"), Port: new(int32(r.port)), Protocol: new(corev1.ProtocolTCP)}},
	}
	if err := i.Create(i.Context(), slice); err != nil {
		i.Fatal(err)
	}
	return slice
}

// served returns the certificate that a replica serves to one who trusts a bundle, as the API server does.
func (r replica) served(bundle []byte) (*x509.Certificate, error) {
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(bundle)
	dialer := &net.Dialer{Timeout: limit}
	connection, err := tls.DialWithDialer(dialer, "tcp", net.JoinHostPort(r.address, strconv.Itoa(r.port)), &tls.Config{RootCAs: trusted, ServerName: dnsName})
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	return connection.ConnectionState().PeerCertificates[0], nil
}

// unready returns the checks that a replica is not ready for: none once it is.
func (r replica) unready(ctx context.Context) ([]string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:"+strconv.Itoa(r.health)+"/readyz", nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	var failed []string
	for line := range strings.Lines(string(text)) {
		if check, ok := strings.CutPrefix(line, "[-]"); ok {
			failed = append(failed, strings.Fields(check)[0])
		}
	}
	return failed, err
}

// hostAddress is one that an EndpointSlice may hold: no loopback.
func (i *installation) hostAddress() string {
	i.Helper()
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		i.Fatal(err)
	}
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok && network.IP.To4() != nil && network.IP.IsGlobalUnicast() {
			return network.IP.String()
		}
	}
	i.Fatalf("none of the addresses %v of this machine can be an endpoint: it needs one of IPv4 that is no loopback", addresses)
	return ""
}

// freePorts returns ports that differ, since each is taken until all are found.
func (i *installation) freePorts(count int) []int {
	i.Helper()
	var ports []int
	for range count {
		listener, err := net.Listen("tcp", ":0")
		if err != nil {
			i.Fatal(err)
		}
		defer listener.Close()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports
}
